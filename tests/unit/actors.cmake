demarche_test(actors_test SOURCES unit/actors/directory_test.cc unit/actors/name_index_test.cc LINKS demarche_actors)
