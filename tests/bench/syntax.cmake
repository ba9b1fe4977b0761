add_executable(syntax_bench bench/syntax_bench.cc)
target_link_libraries(syntax_bench PRIVATE demarche_options demarche_treebank demarche_normalize demarche_segment benchmark::benchmark)
target_compile_definitions(syntax_bench PRIVATE DEMARCHE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
set_target_properties(syntax_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
