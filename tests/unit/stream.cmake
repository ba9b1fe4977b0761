demarche_test(error_test SOURCES unit/error_test.cc LINKS demarche_error demarche_rpc_status)
demarche_test(record_test SOURCES unit/record_test.cc LINKS demarche_record)
demarche_test(validate_test SOURCES unit/validate_test.cc LINKS demarche_ingest)
demarche_test(watch_events_test SOURCES unit/watch_events_test.cc LINKS demarche_rpc_streams demarche_run)
