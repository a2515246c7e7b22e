// Which day files go. Works on the files alone; belongs to one thread at a time.
#pragma once

#include <filesystem>

#include "collector/transcript/writer.h"

namespace lastgasp {

// Removes day files that are too old, then the oldest until the folder is within `keep_bytes`;
// never the file of today. By age at most one goes at a call: a clock that is wrong for a moment
// must not cost every day. Returns how many went.
std::size_t apply_retention(const std::filesystem::path& folder, Micros keep,
                            std::uint64_t keep_bytes, WallTime now);
// Makes room on a full disk: removes the oldest day file, never that of today nor the last one.
// False when there is none to remove.
bool remove_oldest_day(const std::filesystem::path& folder, WallTime now);

std::uint64_t bytes_of_days(const std::filesystem::path& folder);
// Time of the oldest record of the folder; epoch when there is none.
WallTime oldest_record(const std::filesystem::path& folder);

}  // namespace lastgasp
