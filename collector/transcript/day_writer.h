// Adds blocks to day files. Belongs to the sealing thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "collector/transcript/line_split.h"
#include "collector/transcript/record_codec.h"

namespace lastgasp {

using ConsoleNames = std::map<ConsoleId, std::string>;

// Writes `pieces`, all of `day`, as blocks, and that the journal up to row `seq` is sealed as far
// as this day goes: one transaction, on disk when it returns. Does nothing when the file says that
// it was done before. Throws SqliteError.
void write_day(const std::filesystem::path& folder, Day day, const std::vector<Piece>& pieces,
               std::int64_t seq, const ConsoleNames& names, Packer& packer);

// The highest row of the journal that is sealed into any day file; 0 when there is none.
std::int64_t highest_sealed_seq(const std::filesystem::path& folder);
// The consoles the day files know of.
ConsoleNames names_in_days(const std::filesystem::path& folder);

}  // namespace lastgasp
