demarche_test(log_test SOURCES unit/log_copy_test.cc unit/log_keys_test.cc unit/log_open_test.cc unit/log_tool_test.cc LINKS demarche_log)
