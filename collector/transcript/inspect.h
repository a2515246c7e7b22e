// What a transcript folder holds, in numbers. Only reads, also while a daemon writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

struct DayFacts {
  std::string day;  // "20261122"
  std::uint64_t disk_bytes = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t records = 0, blocks = 0, consoles = 0;
  WallTime t0{}, t1{};
  std::int64_t sealed_seq = 0;
  std::string damage;  // why the rest is not known; empty when it is
};

struct FolderNumbers {
  std::int64_t format = 0;
  std::uint64_t disk_bytes = 0;       // of all files together
  std::optional<std::string> holder;  // the daemon's "process 123"
  std::vector<DayFacts> days;
  std::uint64_t journal_rows = 0, journal_raw_bytes = 0, journal_disk_bytes = 0;
  WallTime journal_oldest{};  // epoch when it is empty
  std::int64_t journal_sealed_seq = 0, journal_last_seq = 0;
  std::uint64_t consoles = 0, incidents = 0, open_incidents = 0;
  std::string journal_damage;
};

// Throws Error when there is no such folder, or it is of a newer format.
FolderNumbers inspect(const std::filesystem::path& folder);

}  // namespace lastgasp
