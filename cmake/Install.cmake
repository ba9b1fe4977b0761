# What `cmake --install` puts where: programs, manual page and completion, the C++ client library, protos for client authors, the systemd unit, the example configuration, the licence.
include(GNUInstallDirs)

foreach(program demarched demarche)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
if(TARGET demarche)
  install(FILES ${CMAKE_BINARY_DIR}/demarche.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_BINARY_DIR}/demarche.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME demarche)
endif()
# What is on disk (demarche/stored) is never served: no client needs it.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/proto/demarche/v1 DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche/proto/demarche
  FILES_MATCHING PATTERN "*.proto")
install(FILES ${PROJECT_SOURCE_DIR}/deploy/config/demarched.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/demarched.service DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The client library: `find_package(demarche)` and `pkg-config demarche-client`. Its headers have a root of their own, so that those of
# google/rpc do not meet another copy. Not under a sanitizer, where it would ask for libraries of the tests.
if(NOT DEMARCHE_SANITIZE)
  set(demarche_client_include ${CMAKE_INSTALL_INCLUDEDIR}/demarche-client)
  set(demarche_client_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/demarche)
  foreach(part client grpc proto google_rpc)
    set_target_properties(demarche_${part} PROPERTIES EXPORT_NAME ${part})
    install(TARGETS demarche_${part} EXPORT demarche ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
      INCLUDES DESTINATION ${demarche_client_include})
  endforeach()
  install(EXPORT demarche NAMESPACE demarche:: FILE demarcheTargets.cmake DESTINATION ${demarche_client_cmake})
  install(DIRECTORY ${CMAKE_BINARY_DIR}/client_include/ DESTINATION ${demarche_client_include})
  install(DIRECTORY ${CMAKE_BINARY_DIR}/generated/ DESTINATION ${demarche_client_include}
    FILES_MATCHING PATTERN "*.h" PATTERN "stored" EXCLUDE PATTERN "otlp" EXCLUDE PATTERN "grpc" EXCLUDE)
  include(CMakePackageConfigHelpers)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/demarcheConfig.cmake ${CMAKE_BINARY_DIR}/demarcheConfig.cmake COPYONLY)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/demarcheConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_BINARY_DIR}/demarcheConfig.cmake ${CMAKE_BINARY_DIR}/demarcheConfigVersion.cmake
    DESTINATION ${demarche_client_cmake})
  file(RELATIVE_PATH demarche_pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/demarche-client.pc.in ${CMAKE_BINARY_DIR}/demarche-client.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/demarche-client.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

# The Python client beside its generated stubs, to be put on PYTHONPATH.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/client/python/demarche_client DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche/python
  PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY ${CMAKE_BINARY_DIR}/python_stubs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche/python
  FILES_MATCHING PATTERN "*.py")
