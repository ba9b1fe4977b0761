demarche_test(parser_test SOURCES unit/syntax/kernels_test.cc unit/syntax/model_test.cc unit/syntax/parser_test.cc
  unit/syntax/transition_test.cc LINKS demarche_parser)
demarche_test(train_test SOURCES unit/syntax/oracle_test.cc unit/syntax/treebank_test.cc LINKS demarche_train)
demarche_test(hostile_text_test SOURCES unit/syntax/hostile_test.cc LINKS demarche_normalize demarche_segment demarche_syntax)

add_test(NAME newswire_treebank_test COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/tests/treebank/make_conllu.py --check)
set_tests_properties(newswire_treebank_test PROPERTIES ENVIRONMENT PYTHONDONTWRITEBYTECODE=1 TIMEOUT 60)
