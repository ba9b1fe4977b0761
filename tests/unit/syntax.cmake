demarche_test(parser_test SOURCES unit/syntax/kernels_test.cc unit/syntax/model_test.cc unit/syntax/parser_test.cc
  unit/syntax/transition_test.cc LINKS demarche_parser)
demarche_test(train_test SOURCES unit/syntax/oracle_test.cc unit/syntax/treebank_test.cc LINKS demarche_train)
