demarche_test(document_test SOURCES unit/clean_text_test.cc unit/plan_test.cc unit/quotes_test.cc unit/table_test.cc
  LINKS demarche_document demarche_run demarche_resources)
