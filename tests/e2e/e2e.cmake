# End-to-end tests: Python and Node programs that drive the real binaries through real sockets. Debian's Python sees grpcio.
set(e2e_python /usr/bin/python3)
set(e2e_stubs ${CMAKE_BINARY_DIR}/python_stubs)
file(GLOB e2e_protos RELATIVE ${PROJECT_SOURCE_DIR}/proto CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/proto/demarche/v1/*.proto)
find_program(DEMARCHE_PYTHON_PLUGIN grpc_python_plugin REQUIRED)
add_custom_command(
  OUTPUT ${e2e_stubs}/stamp
  COMMAND ${CMAKE_COMMAND} -E make_directory ${e2e_stubs}
  COMMAND ${DEMARCHE_PROTOC} -I${PROJECT_SOURCE_DIR}/proto -I${DEMARCHE_GOOGLE_PROTOS} --python_out=${e2e_stubs}
    --grpc_out=${e2e_stubs} --plugin=protoc-gen-grpc=${DEMARCHE_PYTHON_PLUGIN}
    ${e2e_protos} google/rpc/status.proto google/rpc/error_details.proto
  COMMAND ${DEMARCHE_PROTOC} -I${PROJECT_SOURCE_DIR}/proto -I${DEMARCHE_GOOGLE_PROTOS} -I${DEMARCHE_GRPC_PROTOS} --include_imports
    --descriptor_set_out=${e2e_stubs}/descriptors.binpb
    ${e2e_protos} google/rpc/error_details.proto grpc/health/v1/health.proto
  COMMAND ${CMAKE_COMMAND} -E touch ${e2e_stubs}/stamp
  DEPENDS demarche_proto
  COMMENT "Python stubs and descriptors of the tests" VERBATIM)
add_custom_target(e2e_stubs ALL DEPENDS ${e2e_stubs}/stamp)

# demarche_e2e_test(NAME SCRIPT [TIMEOUT seconds] [LABELS ...])
function(demarche_e2e_test name script)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT" "LABELS")
  if(script MATCHES "\\.mjs$")
    add_test(NAME ${name} COMMAND node --test ${PROJECT_SOURCE_DIR}/tests/e2e/${script})
  else()
    add_test(NAME ${name} COMMAND ${e2e_python} -m unittest -v ${PROJECT_SOURCE_DIR}/tests/e2e/${script})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "e2e;${arg_LABELS}"
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests/e2e
    ENVIRONMENT "DEMARCHE_BIN_DIR=${CMAKE_BINARY_DIR}/bin;DEMARCHE_SOURCE_DIR=${PROJECT_SOURCE_DIR};DEMARCHE_STUBS=${e2e_stubs};PYTHONPATH=${PROJECT_SOURCE_DIR}/tests/support;PYTHONDONTWRITEBYTECODE=1")
endfunction()

foreach(name serve errors drain move_over clients completion man demo log http auth connections deploy overlays stories subscriptions tracing)
  demarche_e2e_test(e2e_${name} ${name}_test.py)
endforeach()
foreach(name back_pressure churn clock rolling_restart soak tls trial)
  demarche_e2e_test(e2e_${name} ${name}_test.py TIMEOUT 1800)
endforeach()
demarche_e2e_test(e2e_hostile_wire hostile_wire_test.py TIMEOUT 1800)
demarche_e2e_test(e2e_kill kill_test.py TIMEOUT 1800)
demarche_e2e_test(e2e_stories_kill stories_kill_test.py TIMEOUT 3600)
demarche_e2e_test(e2e_purge purge_test.py TIMEOUT 900)
demarche_e2e_test(e2e_leak leak_test.py TIMEOUT 900)
demarche_e2e_test(e2e_consumers consumers_test.py TIMEOUT 900)
demarche_e2e_test(e2e_compositions compositions_test.py)
demarche_e2e_test(e2e_readme readme_test.py)
demarche_e2e_test(e2e_python_package python_package_test.py)
demarche_e2e_test(e2e_node_package node_package_test.py)
demarche_e2e_test(e2e_cpp_package cpp_package_test.py TIMEOUT 1800 LABELS long)
foreach(name bench mistakes)
  demarche_e2e_test(e2e_${name} ${name}_test.py)
endforeach()
add_executable(histogram_dump e2e/histogram_dump.cc)
target_link_libraries(histogram_dump PRIVATE demarche_options demarche_bench)
set_target_properties(histogram_dump PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
demarche_e2e_test(e2e_hgrm hgrm_test.mjs)
demarche_e2e_test(e2e_connect connect_test.mjs TIMEOUT 900)
demarche_e2e_test(e2e_connect_wire connect_wire_test.mjs)
demarche_e2e_test(e2e_exactly_once exactly_once_test.py TIMEOUT 3600)
