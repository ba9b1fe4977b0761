demarche_test(classify_test SOURCES unit/classify_test.cc LINKS demarche_tools)
