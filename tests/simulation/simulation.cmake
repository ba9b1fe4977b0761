set(simulation_sources simulation/disk.cc simulation/explore.cc simulation/model.cc simulation/world.cc
  simulation/world_readers.cc)
demarche_test(simulation_rocksdb_test SOURCES simulation/simulation_rocksdb_test.cc simulation/rocksdb_disk.cc ${simulation_sources}
  LINKS demarche_record demarche_subscriptions log_fault_support
  LONG Chunks/*)
demarche_test(simulation_test SOURCES simulation/simulation_test.cc ${simulation_sources} LINKS demarche_record demarche_subscriptions
  LONG LongChunks/*)

# The same with bugs planted in copies of the sources.
set(planted_dir ${CMAKE_BINARY_DIR}/planted)
set(planted_sources "")
set(planted_inputs "")
foreach(source subscription/cursor subscription/feed subscription/lane subscription/router subscriptions/group subscriptions/ledger
    subscriptions/subscriptions)
  list(APPEND planted_sources ${planted_dir}/server/${source}.cc)
  list(APPEND planted_inputs ${PROJECT_SOURCE_DIR}/server/${source}.cc)
endforeach()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_command(
  OUTPUT ${planted_sources} ${planted_dir}/tests/simulation/planted_bugs.h
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/simulation/plant.py ${PROJECT_SOURCE_DIR} ${planted_dir}
  DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/simulation/plant.py ${planted_inputs}
  COMMENT "planting bugs" VERBATIM)
set(sound_sources "")
foreach(source subscription/batch subscription/chunk subscription/filters subscription/hub subscription/position subscription/start
    subscriptions/event subscriptions/rows subscriptions/settings)
  list(APPEND sound_sources ${PROJECT_SOURCE_DIR}/server/${source}.cc)
endforeach()
demarche_test(simulation_planted_test
  SOURCES simulation/planted_test.cc ${simulation_sources} ${planted_sources} ${sound_sources}
  LINKS demarche_error demarche_limits demarche_log demarche_proto demarche_query demarche_record
    absl::flat_hash_map absl::flat_hash_set absl::synchronization)
target_include_directories(simulation_planted_test BEFORE PRIVATE ${planted_dir})
