#include "collector/transcript/schema.h"

#include <algorithm>
#include <cctype>

namespace lastgasp {
namespace {

constexpr const char* kMetaTable =
    "CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES('format', 1);";

constexpr const char* kHotTables =
    "CREATE TABLE IF NOT EXISTS journal(seq INTEGER PRIMARY KEY, t0 INT, t1 INT, raw_len INT,"
    " crc INT, data BLOB);"
    "CREATE TABLE IF NOT EXISTS open_lines(id INTEGER PRIMARY KEY CHECK(id=1), seq INT, t0 INT,"
    " t1 INT, raw_len INT, crc INT, data BLOB);"
    "CREATE TABLE IF NOT EXISTS console(id INTEGER PRIMARY KEY, name TEXT UNIQUE, endpoint TEXT,"
    " platform TEXT DEFAULT '', state TEXT DEFAULT '', reason TEXT DEFAULT '',"
    " state_since INT DEFAULT 0, last_received INT DEFAULT 0, stored_bytes INT DEFAULT 0);"
    "CREATE TABLE IF NOT EXISTS console_label(console INT, name TEXT, value TEXT,"
    " PRIMARY KEY(console, name)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS incident(id INTEGER PRIMARY KEY, console INT, kind TEXT,"
    " severity TEXT, fingerprint TEXT, title TEXT, opened INT, updated INT, resolved INT,"
    " body TEXT);"
    "CREATE INDEX IF NOT EXISTS incident_opened ON incident(opened);"
    "CREATE INDEX IF NOT EXISTS incident_fingerprint ON incident(fingerprint);"
    "CREATE TABLE IF NOT EXISTS boot(console INT, began INT, done INT, reason TEXT, evidence TEXT,"
    " PRIMARY KEY(console, began)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS boot_began ON boot(began);"
    "CREATE TABLE IF NOT EXISTS alert_spool(receiver TEXT, incident INT, body TEXT,"
    " PRIMARY KEY(receiver, incident)) WITHOUT ROWID;";

constexpr const char* kDayTables =
    "CREATE TABLE IF NOT EXISTS blk(id INTEGER PRIMARY KEY, t0 INT, t1 INT, raw_len INT,"
    " n_records INT, crc INT, data BLOB);"
    "CREATE TABLE IF NOT EXISTS span(con INT, t0 INT, t1 INT, blk INT, off INT, len INT,"
    " PRIMARY KEY(con, t0, blk)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS console(id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE INDEX IF NOT EXISTS blk_time ON blk(t0, t1);"
    "CREATE TABLE IF NOT EXISTS gram_open(blk INTEGER PRIMARY KEY, t0 INT, t1 INT, bits INT,"
    " data BLOB);"
    "CREATE TABLE IF NOT EXISTS gram_segment(id INTEGER PRIMARY KEY, bits INT, blks BLOB);"
    "CREATE TABLE IF NOT EXISTS gram_part(id INTEGER PRIMARY KEY, crc INT, data BLOB);";

std::optional<Day> day_of_name(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  if (file.extension() != ".db" || stem.size() != 8 ||
      !std::all_of(stem.begin(), stem.end(), [](unsigned char c) { return std::isdigit(c); })) {
    return std::nullopt;
  }
  const int number = std::stoi(stem);
  const std::chrono::year_month_day date{
      std::chrono::year(number / 10000),
      std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
      std::chrono::day(static_cast<unsigned>(number % 100))};
  if (!date.ok()) return std::nullopt;
  return static_cast<Day>(std::chrono::sys_days(date).time_since_epoch().count());
}

void prepare(Database& db, const char* tables) {
  if (db.has_table("meta")) check_format(db);
  Transaction transaction(db);
  db.run(kMetaTable);
  db.run(tables);
  transaction.commit();
}

}  // namespace

Day day_of(WallTime at) {
  return static_cast<Day>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

WallTime start_of(Day day) { return WallTime(std::chrono::days(day)); }

std::filesystem::path hot_path(const std::filesystem::path& folder) { return folder / "hot.db"; }

std::filesystem::path day_path(const std::filesystem::path& folder, Day day) {
  return folder / "days" / (format_utc_day(start_of(day)) + ".db");
}

std::vector<Day> stored_days(const std::filesystem::path& folder) {
  std::vector<Day> days;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder / "days", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (const auto day = day_of_name(entry->path().filename())) days.push_back(*day);
  }
  std::sort(days.begin(), days.end());
  return days;
}

std::uint64_t bytes_on_disk(const std::filesystem::path& database) {
  std::uint64_t total = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(database.string() + suffix, error);
    if (!error) total += size;
  }
  return total;
}

void prepare_hot(Database& db) { prepare(db, kHotTables); }
void prepare_day(Database& db) { prepare(db, kDayTables); }

void check_format(Database& db) {
  const std::int64_t format = db.has_table("meta") ? meta_integer(db, "format", 0) : 0;
  if (format == 0) throw Error(db.path().string() + " is not a lastgasp database");
  if (format > kFormat) {
    throw Error(db.path().string() + " was written by a newer lastgasp (format " +
                std::to_string(format) + ", this one knows " + std::to_string(kFormat) +
                "): upgrade this lastgasp, or give it another folder");
  }
}

std::int64_t meta_integer(Database& db, std::string_view key, std::int64_t otherwise) {
  Statement find(db, "SELECT v FROM meta WHERE k=?");
  return find.bind(1, key).step() ? find.integer(0) : otherwise;
}

}  // namespace lastgasp
