demarche_test(coding_golden_test SOURCES golden/coding_golden_test.cc
  LINKS demarche_golden demarche_stage_list
  LABELS golden)
