add_executable(log_bench bench/log_bench.cc)
target_link_libraries(log_bench PRIVATE demarche_options demarche_log)
set_target_properties(log_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
