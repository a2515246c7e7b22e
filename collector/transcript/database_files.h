// The databases of a transcript folder as files: which there are, how they are copied, and under
// what name a damaged one is kept. Nobody may be writing them.
#pragma once

#include <filesystem>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

// Days first, oldest first, then hot.db.
std::vector<std::filesystem::path> database_files(const std::filesystem::path& folder);

// With its WAL. The file itself last when copying, so that half a copy is none.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

// Where a copy of `file` that was damaged at `now` goes: hot.db.damaged-20261122T120000.
std::filesystem::path kept_name(const std::filesystem::path& file, WallTime now);
bool is_kept(const std::filesystem::path& file);
// Of such a copy or of a database: "hot.db", "20261122.db".
std::filesystem::path database_name(const std::filesystem::path& file);

}  // namespace lastgasp
