demarche_test(event_log_contract_test SOURCES contract/event_log_contract_test.cc contract/log_engines.cc
  LINKS demarche_log LABELS contract)
