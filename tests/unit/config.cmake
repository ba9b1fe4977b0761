demarche_test(config_test SOURCES unit/config_test.cc LINKS demarche_config)
