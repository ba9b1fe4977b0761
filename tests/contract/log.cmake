# A further engine adds a row to log_engines.cc.
demarche_test(event_log_contract_test
  SOURCES contract/event_log_contract_test.cc contract/event_log_erase_contract_test.cc contract/event_log_stage_rows_contract_test.cc contract/event_log_state_contract_test.cc
    contract/event_log_trim_contract_test.cc contract/log_engines.cc
  LINKS demarche_log LABELS contract)
