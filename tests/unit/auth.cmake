demarche_test(auth_test
  SOURCES unit/audit_limit_test.cc unit/quota_test.cc
  LINKS demarche_auth)
