demarche_test(clusters_test SOURCES stories/clusters_test.cc LINKS demarche_memory)
