#include "collector/transcript/schema.h"

#include <algorithm>
#include <cctype>

namespace lastgasp {
namespace {

constexpr const char* kMetaTable =
    "CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('format', 3) ON CONFLICT(k) DO UPDATE SET v=3 WHERE v<3;";

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
    "CREATE TABLE IF NOT EXISTS incident_note(id INTEGER PRIMARY KEY, incident INT, at INT,"
    " acknowledges INT, author TEXT, text TEXT);"
    "CREATE INDEX IF NOT EXISTS incident_note_incident ON incident_note(incident);"
    "CREATE TABLE IF NOT EXISTS alert_spool(receiver TEXT, incident INT, body TEXT,"
    " PRIMARY KEY(receiver, incident)) WITHOUT ROWID;";

constexpr const char* kDayTables =
    "CREATE TABLE IF NOT EXISTS blk(id INTEGER PRIMARY KEY, t0 INT, t1 INT, raw_len INT,"
    " n_records INT, crc INT, data BLOB);"
    "CREATE TABLE IF NOT EXISTS span(con INT, t0 INT, t1 INT, blk INT, off INT, len INT,"
    " PRIMARY KEY(con, t0, blk)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS span_open(id INTEGER PRIMARY KEY, con INT, t0 INT, blk INT, t1 INT,"
    " off INT, len INT);"
    "CREATE INDEX IF NOT EXISTS span_open_con ON span_open(con);"
    "CREATE VIEW IF NOT EXISTS spans AS SELECT con,t0,blk,t1,off,len FROM span"
    " UNION ALL SELECT con,t0,blk,t1,off,len FROM span_open;"
    "CREATE TABLE IF NOT EXISTS console(id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE INDEX IF NOT EXISTS blk_time ON blk(t0, t1);"
    "CREATE TABLE IF NOT EXISTS dictionary(id INTEGER PRIMARY KEY, crc INT, data BLOB);"
    "CREATE TABLE IF NOT EXISTS gram_set(blk INTEGER PRIMARY KEY, t0 INT, t1 INT, crc INT,"
    " data BLOB);"
    "CREATE TABLE IF NOT EXISTS gram_columns(id INTEGER PRIMARY KEY, n INT, crc INT, blks BLOB);"
    "CREATE TABLE IF NOT EXISTS gram_rows(id INTEGER PRIMARY KEY, crc INT, data BLOB);"
    "INSERT INTO meta SELECT 'number_grams_seq', 0 WHERE NOT EXISTS"
    " (SELECT 1 FROM meta WHERE k IN ('sealed_seq', 'number_grams_seq'));";

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
  if (const Meta meta = read_meta(db); meta.present) check_format(meta, db.path());
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

bool holds_tables(Database& db) {
  Statement count(db, "SELECT count(*) FROM sqlite_schema");
  return count.step() && count.integer(0) > 0;
}

void prepare_hot(Database& db) { prepare(db, kHotTables); }
void prepare_day(Database& db) { prepare(db, kDayTables); }

std::string span_source(Database& db) { return db.has_table("span_open") ? "spans" : "span"; }

Meta read_meta(Database& db) {
  Meta meta;
  try {
    Statement select(db, "SELECT k,v FROM meta");
    while (select.step()) {
      const std::string_view key = select.bytes(0);
      if (key == "format") meta.format = select.integer(1);
      if (key == "sealed_seq") meta.sealed_seq = select.integer(1);
      if (key == "packed_seq") meta.packed_seq = select.integer(1);
      if (key == "number_grams_seq") meta.number_grams_seq = select.integer(1);
      if (key == "counted_seq") meta.counted_seq = select.integer(1);
    }
    meta.present = true;
  } catch (const SqliteError& error) {
    if (!error.no_such_table()) throw;
  }
  return meta;
}

void write_meta(Database& db, std::string_view key, std::int64_t value) {
  Statement(db, "INSERT OR REPLACE INTO meta VALUES(?,?)").bind(1, key).bind(2, value).run();
}

void check_format(const Meta& meta, const std::filesystem::path& database) {
  if (meta.format == 0) throw Error(database.string() + " is not a lastgasp database");
  if (meta.format > kFormat) {
    throw Error(database.string() + " was written by a newer lastgasp (format " +
                std::to_string(meta.format) + ", this one knows " + std::to_string(kFormat) +
                "): upgrade this lastgasp, or give it another folder");
  }
}

void check_format(Database& db) { check_format(read_meta(db), db.path()); }

}  // namespace lastgasp
