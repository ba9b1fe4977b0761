demarche_test(bench_test SOURCES unit/bench_test.cc LINKS demarche_bench)
