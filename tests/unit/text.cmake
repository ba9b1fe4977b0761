demarche_test(normalize_test SOURCES unit/text/normalize_test.cc LINKS demarche_normalize)
demarche_test(segment_test SOURCES unit/text/segment_test.cc LINKS demarche_normalize demarche_segment)
demarche_test(gate_test SOURCES unit/text/gate_test.cc LINKS demarche_normalize demarche_segment demarche_gate)
demarche_test(syntax_test SOURCES unit/text/syntax_test.cc LINKS demarche_syntax)
