demarche_test(executor_test SOURCES unit/executor_test.cc LINKS demarche_threads)
