demarche_e2e_test(e2e_systemd_unit systemd_unit_test.py TIMEOUT 60)
demarche_e2e_test(e2e_install install_test.py TIMEOUT 60)
