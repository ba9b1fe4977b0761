add_test(NAME check_tree_test COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/tests/lint/check_tree_test.py)
set_tests_properties(check_tree_test PROPERTIES ENVIRONMENT PYTHONDONTWRITEBYTECODE=1 TIMEOUT 60)
