# Writes to OUTPUT a C++ source with the text of each of FILES (a list), as FUNCTION() returning a
# span of TYPE {name, text}, both declared in HEADER.
set(entries "")
foreach(path IN LISTS FILES)
  get_filename_component(name ${path} NAME)
  if(name MATCHES "\\.md$")
    continue()
  endif()
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(APPEND entries "      {\"${name}\", std::string_view{\"${escaped}\", ${bytes}}},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace lastgasp {

std::span<const ${TYPE}> ${FUNCTION}() {
  static constexpr ${TYPE} files[] = {
${entries}  };
  return files;
}

}  // namespace lastgasp
")
