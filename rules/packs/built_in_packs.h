// The rule packs that are part of the program: the YAML text of every pack in this folder.
#pragma once

#include <span>
#include <string_view>

namespace lastgasp {

struct BuiltInPack {
  std::string_view file;  // "linux.yaml"
  std::string_view yaml;
};

std::span<const BuiltInPack> built_in_packs();

}  // namespace lastgasp
