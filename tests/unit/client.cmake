add_library(client_test_support STATIC unit/client/fake_service.cc)
target_link_libraries(client_test_support PUBLIC demarche_options demarche_cli demarche_health_grpc)
demarche_test(client_test
  SOURCES unit/client/channel_test.cc unit/client/consumer_test.cc unit/client/error_test.cc unit/client/mocks_test.cc unit/client/position_store_test.cc
    unit/client/publish_stream_test.cc unit/client/publisher_test.cc unit/client/utf8_test.cc unit/client/watcher_test.cc
  LINKS demarche_client client_test_support)
demarche_test(client_cli_test
  SOURCES unit/client/arguments_test.cc unit/client/commands_test.cc unit/client/input_test.cc unit/client/print_test.cc
    unit/client/saved_contexts_test.cc unit/client/top_test.cc unit/client/trigger_test.cc
  LINKS demarche_cli client_test_support)
demarche_test(client_signals_test SOURCES unit/client/signals_test.cc LINKS demarche_cli)
demarche_test(client_server_test SOURCES unit/client/consumer_server_test.cc LINKS demarche_client demarche_rpc_streams demarche_run)
