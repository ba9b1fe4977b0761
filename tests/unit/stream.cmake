demarche_test(error_test SOURCES unit/error_test.cc LINKS demarche_error demarche_rpc_status)
demarche_test(record_test SOURCES unit/record_test.cc LINKS demarche_record)
