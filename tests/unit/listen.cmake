demarche_test(listen_test
  SOURCES unit/accept_loop_test.cc unit/connection_table_test.cc unit/listener_test.cc unit/peer_test.cc
  LINKS demarche_listen)
