// Where the files of a transcript folder are, and what tables are in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {

inline constexpr std::int64_t kFormat = 3;  // of hot.db and of day files, in their meta tables

using Day = std::int32_t;  // days since 1970-01-01, UTC

Day day_of(WallTime at);
WallTime start_of(Day day);

std::filesystem::path hot_path(const std::filesystem::path& folder);
std::filesystem::path day_path(const std::filesystem::path& folder, Day day);
// The days that have a file, oldest first.
std::vector<Day> stored_days(const std::filesystem::path& folder);
// Bytes on disk of a database, its WAL included.
std::uint64_t bytes_on_disk(const std::filesystem::path& database);

// Whether anything has been made in the file. Its maker creates it first and its tables, all at
// once, after that. A transaction that begins with this look reads whatever follows as of the same
// moment.
bool holds_tables(Database& db);
// Make the tables when there are none. Throw Error when the file is of a newer format.
void prepare_hot(Database& db);
void prepare_day(Database& db);
// Where a day file, also of format 1, has its spans: con,t0,blk,t1,off,len.
std::string span_source(Database& db);

// What a database says of itself.
struct Meta {
  bool present = false;  // false: there is no such table
  std::int64_t format = 0;
  std::int64_t sealed_seq = 0;   // of a day file: rows of the journal up to it are here
  std::int64_t packed_seq = -1;  // sealed_seq as of the packing
  // sealed_seq as of the last step whose sets, and all before them, were made with number grams.
  std::int64_t number_grams_seq = -1;
  // Of hot.db: consoles have counted what rows of the journal up to it hold.
  std::optional<std::int64_t> counted_seq;

  bool packed() const { return packed_seq == sealed_seq; }
  bool has_number_grams() const { return number_grams_seq == sealed_seq; }
};
Meta read_meta(Database& db);
void write_meta(Database& db, std::string_view key, std::int64_t value);

// Throw Error when the database is of a newer format, or none of ours.
void check_format(const Meta& meta, const std::filesystem::path& database);
void check_format(Database& db);

}  // namespace lastgasp
