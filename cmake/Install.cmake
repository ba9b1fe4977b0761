# What `cmake --install` puts where: programs, protos for client authors, the systemd unit, the example configuration, the licence.
include(GNUInstallDirs)

foreach(program demarched demarche)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
# What is on disk (demarche/stored) is never served: no client needs it.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/proto/demarche/v1 DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche/proto/demarche
  FILES_MATCHING PATTERN "*.proto")
install(FILES ${PROJECT_SOURCE_DIR}/deploy/config/demarched.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/demarche)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/demarched.service DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
