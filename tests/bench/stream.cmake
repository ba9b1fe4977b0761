# Against bare gRPC and NATS core: build/bench/stream.json. Needs nats-server and libnats (./dev bench installs them).
pkg_check_modules(libnats IMPORTED_TARGET libnats)
if(libnats_FOUND)
  add_executable(stream_bench bench/stream_articles.cc bench/stream_bench.cc bench/stream_child.cc bench/stream_fan_out.cc bench/stream_latency.cc
    bench/stream_measures.cc bench/stream_nats.cc bench/stream_observation.cc bench/stream_payload.cc bench/stream_report.cc bench/stream_routing.cc
    bench/stream_servers.cc bench/stream_subscriptions.cc bench/stream_watchers.cc
    bench/texts.cc ${PROJECT_SOURCE_DIR}/server/app/audit.cc)
  target_compile_definitions(stream_bench PRIVATE DEMARCHE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    DEMARCHE_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  target_link_libraries(stream_bench PRIVATE demarche_options demarche_config demarche_log demarche_metrics demarche_record demarche_rpc_calls
    demarche_rpc_streams PkgConfig::httplib PkgConfig::libnats spdlog::spdlog)
  set_target_properties(stream_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endif()
