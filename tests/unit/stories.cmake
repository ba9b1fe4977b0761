demarche_test(stories_test SOURCES unit/dedup_test.cc unit/stories_index_test.cc unit/stories_test.cc LINKS demarche_memory)
