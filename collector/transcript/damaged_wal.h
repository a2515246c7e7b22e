// What SQLite is about to drop, without a word, from a damaged write-ahead log is kept for repair.
#pragma once

#include <cstddef>
#include <filesystem>

#include "collector/core/clock.h"

namespace lastgasp {

// Copies every database of `folder` whose WAL holds something committed that SQLite will not see,
// and logs what happened and the way to save it. To be called by the one writer before anything
// opens the files. A copy that cannot be made is logged too: collecting goes on. Returns how many
// databases are damaged so.
std::size_t keep_damaged_wals(const std::filesystem::path& folder, WallTime now);

}  // namespace lastgasp
