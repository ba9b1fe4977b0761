# The reader of golden cases, for every stage's golden test.
add_library(demarche_golden STATIC golden/case_file.cc)
target_link_libraries(demarche_golden PUBLIC GTest::gtest ICU::uc PRIVATE demarche_options)
target_include_directories(demarche_golden PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(demarche_golden PRIVATE DEMARCHE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

demarche_test(normalize_golden_test SOURCES golden/normalize_golden_test.cc LINKS demarche_golden demarche_normalize LABELS golden)
demarche_test(segment_golden_test SOURCES golden/segment_golden_test.cc
  LINKS demarche_golden demarche_normalize demarche_segment LABELS golden)
demarche_test(syntax_golden_test SOURCES golden/syntax_golden_test.cc
  LINKS demarche_golden demarche_normalize demarche_segment demarche_syntax LABELS golden)
