#include "collector/transcript/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "collector/line/control_byte.h"
#include "collector/transcript/block_spans.h"
#include "collector/transcript/gram_verify.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/text_dictionary.h"
#include "collector/transcript/wal_file.h"

namespace lastgasp {
namespace {

class FileVerifier {
 public:
  FileVerifier(const std::filesystem::path& file, const VerifyProgress& progress, Verified& out)
      : file_(file), progress_(progress), out_(out) {}

  void run() {
    ++out_.files;
    verify_wal();
    try {
      Database db = Database::open_read_only(file_);
      const ReadTransaction transaction(db);
      if (!holds_tables(db)) return;  // the daemon has only begun to make it
      if (read_meta(db).format > kFormat) check_format(db);
      verify_structure(db);
      part("console", [&] { read_names(db); });
      if (db.has_table("blk")) {
        verify_day(db);
      } else if (db.has_table("journal")) {
        verify_hot(db);
      } else {
        problem("", 0, "it is no lastgasp database");
      }
    } catch (const SqliteError& error) {
      problem("", 0, error.what());
    }
  }

 private:
  void problem(std::string table, std::int64_t row, std::string what) {
    out_.problems.push_back({file_, std::move(table), row, std::move(what)});
  }

  // What SQLite cannot read of one table must not hide the others.
  template <typename Verify>
  void part(const std::string& table, Verify verify) {
    try {
      verify();
    } catch (const SqliteError& error) {
      problem(table, 0, error.what());
    }
  }

  void verify_wal() {
    const WalFile wal = read_wal(file_);
    if (!wal.header_sound) problem("", 0, "the header of its WAL is damaged");
    if (const std::size_t bad = wal.damaged()) {
      problem("", 0,
              std::to_string(bad) + " of " + std::to_string(wal.frames.size()) +
                  " pages in its WAL are damaged: what was committed after them is not seen");
    }
  }

  void verify_structure(Database& db) {
    part("", [&] {
      Statement check(db, "PRAGMA quick_check(10)");
      while (check.step()) {
        if (check.text(0) != "ok") problem("", 0, check.text(0));
      }
    });
    part("meta", [&] {
      meta_ = read_meta(db);
      if (meta_.format == 0) problem("meta", 0, "no format");
      if (meta_.sealed_seq < 0) problem("meta", 0, "sealed_seq is negative");
    });
  }

  void read_names(Database& db) {
    Statement select(db, "SELECT id FROM console");
    while (select.step()) known_.insert(static_cast<ConsoleId>(select.integer(0)));
  }

  void verify_day(Database& db) {
    std::map<std::int64_t, std::vector<Span>> spans;
    part("span", [&] {
      Statement select(db, "SELECT blk,con,t0,t1,off,len FROM " + span_source(db));
      while (select.step()) {
        spans[select.integer(0)].push_back(
            {static_cast<ConsoleId>(select.integer(1)), from_unix_micros(select.integer(2)),
             from_unix_micros(select.integer(3)), static_cast<std::size_t>(select.integer(4)),
             static_cast<std::size_t>(select.integer(5))});
      }
    });
    part("dictionary", [&] { read_dictionary(db); });
    std::set<std::int64_t> ids;
    part("blk", [&] {
      Statement select(db, "SELECT id FROM blk");
      while (select.step()) ids.insert(select.integer(0));
    });
    std::optional<GramVerifier> grams;
    part("gram_rows", [&] {
      grams.emplace(db, [this](const char* table, std::int64_t row, const std::string& what) {
        problem(table, row, what);
      });
    });
    for (const std::int64_t id : ids) {
      part("blk", [&] { verify_block(db, id, spans[id]); });
      if (grams && !records_.empty()) part("gram_rows", [&] { grams->verify_block(id, records_); });
    }
    for (const auto& [id, of_block] : spans) {
      if (ids.count(id) == 0) problem("span", id, "the block it belongs to is not there");
    }
    if (!ids.empty() && meta_.sealed_seq == 0) problem("meta", 0, "blocks, but no sealed_seq");
  }

  void read_dictionary(Database& db) {
    dictionary_ = TextDictionary::read(db);
    if (!db.has_table("dictionary")) return;
    Statement select(db, "SELECT id,crc,data FROM dictionary");
    while (select.step()) {
      const auto crc = static_cast<std::uint32_t>(select.integer(1));
      if (!TextDictionary::of_row(crc, select.bytes(2)))
        problem("dictionary", select.integer(0), "its checksum is wrong");
    }
  }

  // Leaves its records in records_, none when it is damaged.
  void verify_block(Database& db, std::int64_t id, std::vector<Span>& spans) {
    records_.clear();
    Statement select(db, "SELECT raw_len,crc,data,t0,t1,n_records FROM blk WHERE id=?");
    if (!select.bind(1, id).step()) return problem("blk", id, "it cannot be found by its id");
    ++out_.blocks;
    if (!unpacks("blk", id, select)) return;
    if (!decode_block(raw_, records_)) return problem("blk", id, "it does not decode to records");
    if (static_cast<std::int64_t>(records_.size()) != select.integer(5))
      problem("blk", id, "it holds " + std::to_string(records_.size()) + " records, not n_records");
    if (is_marked_plain(select.bytes(2)) && !is_plain(text_of(records_)))
      problem("blk", id, "it says that its text is plain, which it is not");
    verify_records("blk", id, select, records_);
    const std::vector<Span> real = spans_of(records_);
    std::sort(spans.begin(), spans.end(),
              [](const Span& x, const Span& y) { return x.console < y.console; });
    const auto same = [](const Span& x, const Span& y) {
      return x.console == y.console && x.t0 == y.t0 && x.t1 == y.t1 && x.offset == y.offset &&
             x.length == y.length;
    };
    if (!std::equal(real.begin(), real.end(), spans.begin(), spans.end(), same))
      problem("span", id, "the spans of this block do not cover exactly its records");
  }

  // Of columns raw_len, crc, data, into raw_.
  bool unpacks(const std::string& table, std::int64_t id, const Statement& select) {
    const auto raw_len = static_cast<std::uint64_t>(select.integer(0));
    const auto crc = static_cast<std::uint32_t>(select.integer(1));
    progress_(out_.raw_bytes += raw_len);
    if (checksum(select.bytes(2)) != crc) {
      problem(table, id, "its checksum is wrong");
      return false;
    }
    const bool sound = unpack(select.bytes(2), crc, raw_len, raw_, dictionary_.get());
    if (!sound) problem(table, id, "it does not unpack to raw_len bytes");
    return sound;
  }

  // Times in columns 3 and 4, and whose they are.
  void verify_records(const std::string& table, std::int64_t id, const Statement& select,
                      const std::vector<Record>& records) {
    WallTime t0 = WallTime::max(), t1 = WallTime::min();
    for (const Record& record : records) {
      t0 = std::min(t0, record.at);
      t1 = std::max(t1, record.at);
      if (known_.count(record.console) == 0 && unknown_.insert(record.console).second)
        problem(table, id, "console " + std::to_string(record.console) + " has no name");
    }
    if (!records.empty() &&
        (unix_micros(t0) != select.integer(3) || unix_micros(t1) != select.integer(4)))
      problem(table, id, "its times are not those of its records");
  }

  void verify_hot(Database& db) {
    std::int64_t sealed = 0;
    part("open_lines", [&] {
      Statement select(db, "SELECT raw_len,crc,data,t0,t1,seq FROM open_lines");
      if (!select.step()) return;
      sealed = select.integer(5);
      verify_frame("open_lines", 1, select);
    });
    std::vector<std::int64_t> seqs;
    part("journal", [&] {
      Statement select(db, "SELECT seq FROM journal");
      while (select.step()) seqs.push_back(select.integer(0));
    });
    for (const std::int64_t seq : seqs) {
      part("journal", [&] {
        Statement select(db, "SELECT raw_len,crc,data,t0,t1 FROM journal WHERE seq=?");
        if (!select.bind(1, seq).step())
          return problem("journal", seq, "it cannot be found by its seq");
        ++out_.journal_rows;
        verify_frame("journal", seq, select);
        if (seq <= sealed) problem("journal", seq, "it was sealed and is still here");
      });
    }
    part("incident", [&] {
      Statement select(db, "SELECT id FROM incident WHERE NOT json_valid(body)");
      while (select.step()) problem("incident", select.integer(0), "its body is not JSON");
    });
  }

  void verify_frame(const std::string& table, std::int64_t id, const Statement& select) {
    std::vector<Record> records;
    if (!unpacks(table, id, select)) return;
    if (!decode_frame(raw_, records)) return problem(table, id, "it does not decode to records");
    verify_records(table, id, select, records);
  }

  const std::filesystem::path file_;
  const VerifyProgress& progress_;
  Verified& out_;
  Meta meta_;
  std::set<ConsoleId> known_, unknown_;
  std::unique_ptr<const TextDictionary> dictionary_;  // of a day file
  std::string raw_;
  std::vector<Record> records_;
};

// The last row of the journal that ever was, as far as hot.db knows.
std::int64_t last_seq(Database& hot) {
  if (!hot.has_table("journal")) return 0;  // only begun, or all of it was in a WAL that is gone
  Statement last(hot,
                 "SELECT max((SELECT ifnull(max(seq),0) FROM journal),"
                 " (SELECT ifnull(max(seq),0) FROM open_lines))");
  last.step();
  return last.integer(0);
}

// Days are read before the journal, which only goes on meanwhile.
void verify_agreement(const std::filesystem::path& folder, Verified& out) {
  try {
    std::map<Day, std::int64_t> sealed;
    for (const Day day : stored_days(folder)) {
      Database db = Database::open_read_only(day_path(folder, day));
      if (const Meta meta = read_meta(db); meta.present) sealed[day] = meta.sealed_seq;
    }
    Database hot = Database::open_read_only(hot_path(folder));
    const std::int64_t last = last_seq(hot);
    for (const auto& [day, seq] : sealed) {
      if (seq <= last) continue;
      out.problems.push_back({day_path(folder, day), "meta", 0,
                              "sealed up to row " + std::to_string(seq) +
                                  ", but hot.db knows rows only up to " + std::to_string(last) +
                                  ": it has lost its end, or was replaced"});
    }
  } catch (const SqliteError&) {  // said already
  }
}

}  // namespace

Verified verify_file(const std::filesystem::path& file, const VerifyProgress& progress) {
  Verified out;
  FileVerifier(file, progress, out).run();
  return out;
}

Verified verify(const std::filesystem::path& folder_or_file, const VerifyProgress& progress) {
  if (std::filesystem::is_regular_file(folder_or_file))
    return verify_file(folder_or_file, progress);
  const std::vector<Day> days = stored_days(folder_or_file);
  const bool has_hot = std::filesystem::exists(hot_path(folder_or_file));
  if (!has_hot && days.empty()) throw Error("no transcripts in " + folder_or_file.string());
  Verified out;
  for (const Day day : days) FileVerifier(day_path(folder_or_file, day), progress, out).run();
  if (!has_hot) {
    out.problems.push_back({hot_path(folder_or_file), "", 0, "it is not there"});
    return out;
  }
  FileVerifier(hot_path(folder_or_file), progress, out).run();
  verify_agreement(folder_or_file, out);
  return out;
}

}  // namespace lastgasp
