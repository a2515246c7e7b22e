// Repairs a transcript folder, or one file of one, by salvaging what is damaged. Files without
// damage are left as they are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "collector/transcript/salvage.h"
#include "collector/transcript/verify.h"

namespace lastgasp {

struct RepairedFile {
  std::filesystem::path file;      // as it is called now
  std::filesystem::path original;  // where the damaged one is kept
  Salvaged salvaged;
  std::string failure;  // why nothing was done; empty when it was
};

// The salvaged file takes the place of the damaged one, which is renamed to *.damaged, or with
// `into` goes there, and the folder is left alone; sound files are then copied. Throws Error when a
// daemon holds the folder, or a file is of a newer format.
std::vector<RepairedFile> repair(const std::filesystem::path& folder_or_file,
                                 const std::optional<std::filesystem::path>& into,
                                 const VerifyProgress& progress);

}  // namespace lastgasp
