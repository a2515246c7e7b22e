// Verifies what is stored: SQLite's own structure, every checksum, that blocks and journal rows
// decode to what their rows promise, and that files agree with each other. Only reads, also while a
// daemon writes; sees each file as of its opening. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

struct Problem {
  std::filesystem::path file;
  std::string table;     // empty: of the file as a whole
  std::int64_t row = 0;  // 0: of the table as a whole
  std::string what;
};

struct Verified {
  std::size_t files = 0, blocks = 0, journal_rows = 0;
  std::uint64_t raw_bytes = 0;
  std::vector<Problem> problems;
};

// Called with the bytes verified so far, unpacked.
using VerifyProgress = std::function<void(std::uint64_t)>;

// A whole folder, or one database file of one. Throws Error when there is none, or it is of a newer
// format.
Verified verify(const std::filesystem::path& folder_or_file, const VerifyProgress& progress);

// What is wrong with one database alone.
Verified verify_file(const std::filesystem::path& file, const VerifyProgress& progress);

}  // namespace lastgasp
