# demarche_proto_library(NAME IMPORT_DIR dir PROTOS a.proto ... [GRPC] [LINKS ...]): generated code as a library. With GRPC only the
# service stubs are generated; the messages are a library of their own.
find_program(DEMARCHE_PROTOC protoc REQUIRED)
find_program(DEMARCHE_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)

function(demarche_proto_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC" "IMPORT_DIR" "PROTOS;LINKS")
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(sources "")
  foreach(proto IN LISTS arg_PROTOS)
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    if(arg_GRPC)
      set(files ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h ${out}/${stem}_mock.grpc.pb.h)
      set(flags --grpc_out=generate_mock_code=true:${out} --plugin=protoc-gen-grpc=${DEMARCHE_GRPC_PLUGIN})
    else()
      set(files ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
      set(flags --cpp_out=${out})
    endif()
    add_custom_command(
      OUTPUT ${files}
      COMMAND ${DEMARCHE_PROTOC} -I${arg_IMPORT_DIR} -I${PROJECT_SOURCE_DIR}/proto -I${DEMARCHE_GOOGLE_PROTOS} ${flags} ${proto}
      DEPENDS ${arg_IMPORT_DIR}/${proto}
      COMMENT "protoc ${proto}" VERBATIM)
    list(APPEND sources ${files})
  endforeach()
  add_library(${name} STATIC ${sources})
  if(NOT arg_GRPC)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)  # messages define the same names in each file
  endif()
  target_include_directories(${name} SYSTEM PUBLIC $<BUILD_INTERFACE:${out}>)
  target_link_libraries(${name} PUBLIC ${arg_LINKS} protobuf::libprotobuf)
  if(DEMARCHE_SANITIZE)
    # Generated code is protoc's: looked at by a sanitizer it takes minutes to compile and tells nothing of ours.
    target_compile_options(${name} PRIVATE -fno-sanitize=all)
  endif()
endfunction()
