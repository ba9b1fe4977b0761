demarche_test(filter_test SOURCES unit/filter_test.cc LINKS demarche_query)
