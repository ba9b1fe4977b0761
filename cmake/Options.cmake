set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(DEMARCHE_TESTS "Build the tests" ON)
option(DEMARCHE_FUZZ "Build the fuzz targets (Clang)" OFF)
set(DEMARCHE_SANITIZE "" CACHE STRING "Sanitizers, as after -fsanitize=: 'address,undefined' or 'thread'")

# Our targets link this: warnings are errors, for our code only.
add_library(demarche_options INTERFACE)
target_include_directories(demarche_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(demarche_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_options(demarche_options INTERFACE -Wthread-safety)
else()
  # GCC 12 sees overlapping copies in std::string where there are none (GCC bug 105651).
  target_compile_options(demarche_options INTERFACE -Wno-restrict)
endif()

if(DEMARCHE_SANITIZE)
  add_compile_options(-fsanitize=${DEMARCHE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DEMARCHE_SANITIZE})
endif()

find_program(DEMARCHE_MOLD mold)
if(DEMARCHE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(DEMARCHE_CCACHE ccache)
if(DEMARCHE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${DEMARCHE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DEMARCHE_CCACHE})
endif()

# demarche_library(NAME SOURCES... LINKS...): a static library of ours.
function(demarche_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC ${arg_LINKS} PRIVATE $<BUILD_INTERFACE:demarche_options>)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
endfunction()
