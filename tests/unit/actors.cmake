demarche_test(actors_test SOURCES unit/actors/directory_test.cc unit/actors/name_index_test.cc LINKS demarche_actors)
demarche_test(ontology_service_test SOURCES unit/ontology_service_test.cc LINKS demarche_rpc demarche_stage_list)
