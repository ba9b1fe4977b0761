demarche_test(error_test SOURCES unit/error_test.cc LINKS demarche_error demarche_rpc_status)
demarche_test(record_test SOURCES unit/record_test.cc LINKS demarche_record)
demarche_test(ingest_test SOURCES unit/committer_purge_test.cc unit/committer_stories_test.cc unit/committer_test.cc unit/ingestor_test.cc unit/validate_test.cc LINKS demarche_ingest)
demarche_test(subscription_test SOURCES unit/cursor_test.cc unit/forget_test.cc unit/position_test.cc LINKS demarche_record demarche_subscription)
demarche_test(streams_test
  SOURCES unit/lookups_test.cc unit/publish_test.cc unit/watch_events_test.cc unit/watch_filters_test.cc unit/write_budget_test.cc
  LINKS demarche_rpc_streams demarche_run)
demarche_test(subscriptions_test SOURCES unit/gap_test.cc unit/ledger_test.cc unit/finish_purges_test.cc LINKS demarche_record demarche_subscriptions)
demarche_test(consume_test SOURCES unit/consume_test.cc unit/subscribe_test.cc LINKS demarche_rpc_streams demarche_run)
