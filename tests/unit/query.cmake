demarche_test(filter_test SOURCES unit/filter_index_test.cc unit/filter_test.cc LINKS demarche_query)
