# demarche_embed(TARGET FILE...): a static library that holds the files, byte for byte, behind
# `demarche::resources::Find("path/below/pipeline/resources")`.
function(demarche_embed target)
  set(root ${CMAKE_CURRENT_SOURCE_DIR})
  set(assembly ".section .rodata\n")
  set(declarations "")
  set(rows "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    string(APPEND assembly
      ".global demarche_resource_${index}_begin\n.global demarche_resource_${index}_end\n.balign 64\n"
      "demarche_resource_${index}_begin:\n.incbin \"${root}/${file}\"\n"
      "demarche_resource_${index}_end:\n.byte 0\n")
    string(APPEND declarations
      "extern const char demarche_resource_${index}_begin[], demarche_resource_${index}_end[];\n")
    string(APPEND rows
      "    {\"${file}\", demarche_resource_${index}_begin, demarche_resource_${index}_end},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target})
  file(CONFIGURE OUTPUT ${generated}.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${generated}.cc CONTENT
"#include \"pipeline/resources/resource.h\"\n
extern \"C\" {\n${declarations}}\n
namespace demarche::resources {\nnamespace {\n
struct Row {\n  std::string_view path;\n  const char* begin;\n  const char* end;\n};\nconst Row kRows[] = {\n${rows}};\n
}  // namespace\n
std::optional<std::string_view> Find(std::string_view path) {
  for (const Row& row : kRows) {
    if (row.path == path) return std::string_view(row.begin, row.end - row.begin);
  }
  return std::nullopt;
}\n
}  // namespace demarche::resources\n" @ONLY)
  list(TRANSFORM ARGN PREPEND ${root}/ OUTPUT_VARIABLE paths)
  set_source_files_properties(${generated}.S PROPERTIES OBJECT_DEPENDS "${paths}")
  add_library(${target} STATIC ${generated}.S ${generated}.cc)
endfunction()
