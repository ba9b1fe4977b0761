demarche_test(executor_test SOURCES unit/executor_test.cc LINKS demarche_threads)
demarche_test(pause_test SOURCES unit/pause_test.cc LINKS demarche_threads)
