#include "collector/transcript/inspect.h"

#include "collector/transcript/folder_lock.h"
#include "collector/transcript/hot_content.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {
namespace {

std::uint64_t count(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

void read_day(const std::filesystem::path& file, DayFacts& day) {
  Database db = Database::open_read_only(file);
  const ReadTransaction transaction(db);
  if (!holds_tables(db)) return;  // the daemon has only begun to make it
  const Meta meta = read_meta(db);
  check_format(meta, file);
  day.sealed_seq = meta.sealed_seq;
  Statement blocks(db,
                   "SELECT count(*),ifnull(sum(raw_len),0),ifnull(sum(n_records),0),"
                   "ifnull(min(t0),0),ifnull(max(t1),0) FROM blk");
  blocks.step();
  day.blocks = count(blocks, 0);
  day.raw_bytes = count(blocks, 1);
  day.records = count(blocks, 2);
  day.t0 = from_unix_micros(blocks.integer(3));
  day.t1 = from_unix_micros(blocks.integer(4));
  Statement consoles(db, "SELECT count(*) FROM console");
  consoles.step();
  day.consoles = count(consoles, 0);
}

void read_journal(Database& hot, FolderNumbers& out) {
  const ReadTransaction transaction(hot);
  if (!holds_tables(hot)) return;
  const Meta meta = read_meta(hot);
  check_format(meta, hot.path());
  out.format = meta.format;
  Statement journal(
      hot,
      "SELECT count(*),ifnull(sum(raw_len),0),ifnull(min(t0),0),ifnull(max(seq),0) FROM journal");
  journal.step();
  out.journal_rows = count(journal, 0);
  out.journal_raw_bytes = count(journal, 1);
  out.journal_oldest = from_unix_micros(journal.integer(2));
  out.journal_last_seq = journal.integer(3);
  out.journal_sealed_seq = sealed_seq_of(hot);
  Statement rows(hot,
                 "SELECT (SELECT count(*) FROM console),(SELECT count(*) FROM incident),"
                 "(SELECT count(*) FROM incident WHERE resolved=0)");
  rows.step();
  out.consoles = count(rows, 0);
  out.incidents = count(rows, 1);
  out.open_incidents = count(rows, 2);
}

}  // namespace

FolderNumbers inspect(const std::filesystem::path& folder) {
  FolderNumbers out;
  const std::filesystem::path hot = hot_path(folder);
  const std::vector<Day> days = stored_days(folder);
  if (days.empty() && !std::filesystem::exists(hot))
    throw Error("no transcripts in " + folder.string());
  out.holder = folder_holder(folder);
  out.journal_disk_bytes = bytes_on_disk(hot);
  out.disk_bytes = out.journal_disk_bytes;
  try {
    Database db = Database::open_read_only(hot);
    read_journal(db, out);
  } catch (const SqliteError& error) {
    out.journal_damage = error.what();
  }
  for (const Day day : days) {
    const std::filesystem::path file = day_path(folder, day);
    DayFacts& facts = out.days.emplace_back();
    facts.day = format_utc_day(start_of(day));
    facts.disk_bytes = bytes_on_disk(file);
    out.disk_bytes += facts.disk_bytes;
    try {
      read_day(file, facts);
    } catch (const SqliteError& error) {
      facts.damage = error.what();
    }
  }
  return out;
}

}  // namespace lastgasp
