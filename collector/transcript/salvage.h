// Saves what is readable of a damaged database of ours into a new one. Blocks and journal rows are
// taken only with the right checksum, spans are made anew from the blocks, a gram index is left
// out. Nobody may be writing the file. The damaged file is only read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"
#include "collector/transcript/day_writer.h"

namespace lastgasp {

struct Loss {
  std::string what;                // "block 7", "journal row 12"
  std::set<std::string> consoles;  // those known to be in it
  WallTime t0 = WallTime::max(), t1 = WallTime::min();
  std::uint64_t raw_bytes = 0;  // 0 when nobody knows

  bool has_times() const { return t0 <= t1; }
};

struct Salvaged {
  std::size_t blocks = 0, journal_rows = 0, consoles = 0, incidents = 0;
  std::uint64_t raw_bytes = 0;
  std::vector<Loss> losses;
  std::vector<std::string> notes;  // what was wrong with the file itself
};

// What the salvaging of one file needs to know of the others of its folder.
struct FolderFacts {
  ConsoleNames names;
  std::int64_t sealed_seq = 0;  // up to here everything is in day files
};
FolderFacts facts_of(const std::filesystem::path& folder);

// Nothing that could be saved was left in a file.
class NothingSaved : public Error {
 public:
  using Error::Error;
};

// Write `target`, which must not exist. Throw Error when the format is newer,
// NothingSaved when that is so.
Salvaged salvage_day(const std::filesystem::path& damaged, const std::filesystem::path& target,
                     const FolderFacts& facts);
Salvaged salvage_hot(const std::filesystem::path& damaged, const std::filesystem::path& target,
                     const FolderFacts& facts);

}  // namespace lastgasp
