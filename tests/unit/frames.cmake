demarche_test(ontology_test SOURCES unit/ontology_test.cc LINKS demarche_ontology)
