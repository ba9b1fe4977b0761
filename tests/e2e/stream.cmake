demarche_test(stream_resume_test SOURCES e2e/stream_resume_test.cc LINKS demarche_record demarche_rpc_streams demarche_run)
foreach(test stream_slow_test stream_slow_subscribe_test)
  demarche_test(${test} SOURCES e2e/${test}.cc LINKS demarche_record demarche_rpc_streams demarche_run)
endforeach()
