demarche_test(coding_golden_test SOURCES golden/coding_golden_test.cc
  LINKS demarche_golden demarche_normalize demarche_segment demarche_gate demarche_syntax demarche_actors demarche_frames
    demarche_assembly demarche_ontology
  LABELS golden)
