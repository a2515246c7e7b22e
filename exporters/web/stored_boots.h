// Consoles and their boots as a person names them, by name and by number counted back: for the API
// and the command line.
#pragma once

#include <cstddef>
#include <string>

#include "collector/transcript/reader.h"

namespace lastgasp {

// Throws Error, with the names there are, when no console is called so.
void require_console(TranscriptReader& reader, const std::string& name);

struct StoredBoot {
  FoundBoot found;
  WallTime next = WallTime::max();  // when the next boot began
};
// Boot `number` of this console, 1 being the last. Throws Error, with what there is, when it is not
// recorded.
StoredBoot stored_boot(TranscriptReader& reader, const std::string& console, std::size_t number);

// From this boot to the next, of the one console that `consoles` (globs) match. Throws Error, also
// when it has no such boot.
TimeRange boot_range(TranscriptReader& reader, const std::vector<std::string>& consoles,
                     std::size_t number);

// {"console", "number", "began", "done", "seconds", "reason", "evidence"}
std::string boot_json(const FoundBoot& found);

// "2026-11-22T12:00:00.000Z (crash)"
std::string when_and_why(const BootRow& boot);

}  // namespace lastgasp
