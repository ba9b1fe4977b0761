demarche_test(ontology_test SOURCES unit/ontology_test.cc LINKS demarche_ontology)
demarche_test(clauses_test SOURCES unit/clauses_test.cc LINKS demarche_clause demarche_normalize demarche_segment demarche_syntax)
demarche_test(frames_test SOURCES unit/frames_test.cc LINKS demarche_frames)
demarche_test(assembly_test SOURCES unit/assembly_test.cc LINKS demarche_assembly)
