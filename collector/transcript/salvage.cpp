#include "collector/transcript/salvage.h"

#include <algorithm>
#include <optional>

#include "collector/core/bytes.h"
#include "collector/transcript/block_grams.h"
#include "collector/transcript/block_spans.h"
#include "collector/transcript/gram_segment.h"
#include "collector/transcript/hot_content.h"
#include "collector/transcript/page_file.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {
namespace {

// The types of a table's columns, as its rows are told from those of others. A row id is null, and
// a row whose end is lost lacks its blob.
constexpr const char* kBlock = "niiiiib";
constexpr const char* kOpenLines = "niiiiib";  // of hot.db, which has no blocks
constexpr const char* kJournal = "niiiib";
constexpr const char* kSpan = "iiiiii";  // con, t0, blk, t1, off, len: its key comes first
constexpr const char* kOpenSpan = "niiiiii";
constexpr const char* kDictionary = "nib";  // and other rows, which are no dictionaries
constexpr const char* kName = "nt";
constexpr const char* kMeta = "ti";
// Of hot.db, copied as they are.
const std::map<std::string, const char*> kPlainTables{{"nttttt"
                                                       "iii",
                                                       "console"},
                                                      {"nittttiiit", "incident"},
                                                      {"iiitt", "boot"},
                                                      {"niiitt", "incident_note"},
                                                      {"tit", "alert_spool"}};

struct Packed {
  std::int64_t id = 0, t0 = 0, t1 = 0, raw_len = 0, records = 0, crc = 0;
  std::string data;
};

std::string format_text(std::int64_t format, const std::filesystem::path& file) {
  return file.string() + " was written by a newer lastgasp (format " + std::to_string(format) +
         ", this one knows " + std::to_string(kFormat) + "): upgrade this lastgasp";
}

// meta of the damaged file.
class SalvagedMeta {
 public:
  explicit SalvagedMeta(const std::filesystem::path& file) : file_(file) {}

  void take(const FoundRow& row) {
    const std::string& key = row.values[0].bytes;
    const std::int64_t value = row.values[1].integer;
    if (key == "format" && value > kFormat) throw Error(format_text(value, file_));
    if (key == "sealed_seq") sealed_seq_ = value;
  }
  std::optional<std::int64_t> sealed_seq() const { return sealed_seq_; }

 private:
  const std::filesystem::path& file_;
  std::optional<std::int64_t> sealed_seq_;
};

std::vector<std::string> notes_of(const PageFile& file) {
  std::vector<std::string> notes;
  if (!file.header_sound()) notes.push_back("its header is destroyed");
  if (file.missing_bytes() > 0)
    notes.push_back(format_bytes(file.missing_bytes()) + " are cut off its end");
  if (const std::size_t empty = file.empty_pages())
    notes.push_back(std::to_string(empty) + " of its pages are empty");
  if (!file.wal().header_sound) notes.push_back("the header of its WAL is damaged");
  if (const std::size_t bad = file.wal().damaged())
    notes.push_back(std::to_string(bad) + " of " + std::to_string(file.wal().frames.size()) +
                    " pages in its WAL are damaged");
  return notes;
}

Database new_database(const std::filesystem::path& target) {
  if (std::filesystem::exists(target)) throw Error(target.string() + " exists already");
  std::filesystem::create_directories(target.parent_path());
  return Database::create(target);
}

// Rows without holes between them; in a hole was once a row.
std::vector<std::int64_t> holes(const std::set<std::int64_t>& ids, std::int64_t first) {
  std::vector<std::int64_t> missing;
  constexpr std::int64_t kMostTold = 100'000;
  for (const std::int64_t id : ids) {
    for (; first < id && missing.size() < kMostTold; ++first) missing.push_back(first);
    first = id + 1;
  }
  return missing;
}

class DaySalvage {
 public:
  DaySalvage(const std::filesystem::path& damaged, const FolderFacts& facts)
      : file_(damaged), meta_(damaged), names_(facts.names), otherwise_sealed_(facts.sealed_seq) {
    file_.each_row([&](const FoundRow& row) { note(row); });
    out_.notes = notes_of(file_);
  }

  Salvaged write(const std::filesystem::path& target) {
    Database db = new_database(target);
    prepare_day(db);
    Transaction transaction(db);
    if (dictionary_) dictionary_->write(db);
    write_blocks(db);
    if (out_.blocks == 0) throw NothingSaved("nothing in it could be saved");
    write_names(db);
    // Rows of the journal up to here must not come again.
    const std::int64_t seq = meta_.sealed_seq().value_or(otherwise_sealed_);
    for (const char* key : {"sealed_seq", "number_grams_seq"}) write_meta(db, key, seq);
    transaction.commit();
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    tell_losses();
    return std::move(out_);
  }

 private:
  // First everything but the blocks' bytes, of which a day may have more than fits in memory.
  void note(const FoundRow& row) {
    const std::string shape = row.shape();
    const auto value = [&](std::size_t i) { return row.values[i].integer; };
    if (shape == kMeta) meta_.take(row);
    if (shape == kDictionary && row.whole && !dictionary_)
      dictionary_ =
          TextDictionary::of_row(static_cast<std::uint32_t>(value(1)), row.values[2].bytes);
    if (shape == kName) names_[static_cast<ConsoleId>(row.rowid)] = row.values[1].bytes;
    if (shape == kSpan || shape == kOpenSpan) {
      const std::size_t first = shape == kSpan ? 0 : 1;
      Loss& loss = known_[value(first + 2)];
      spanned_[value(first + 2)].insert(static_cast<ConsoleId>(value(first)));
      loss.t0 = std::min(loss.t0, from_unix_micros(value(first + 1)));
      loss.t1 = std::max(loss.t1, from_unix_micros(value(first + 3)));
    }
    if (row.values.size() >= 4 && std::string(kBlock).starts_with(shape) &&
        (shape == kBlock || !row.whole)) {
      Loss& loss = known_[row.rowid];
      loss.t0 = std::min(loss.t0, from_unix_micros(value(1)));
      loss.t1 = std::max(loss.t1, from_unix_micros(value(2)));
      loss.raw_bytes = static_cast<std::uint64_t>(value(3));
    }
  }

  void write_blocks(Database& db) {
    Statement block(db, "INSERT INTO blk VALUES(?,?,?,?,?,?,?)");
    Statement span(db, "INSERT INTO span VALUES(?,?,?,?,?,?)");
    std::string raw;
    std::vector<GramColumn> columns;
    file_.each_row([&](const FoundRow& row) {
      if (row.shape() != kBlock || saved_.count(row.rowid) > 0) return;
      std::vector<Record> records;
      const auto value = [&](std::size_t i) { return row.values[i].integer; };
      if (!unpack(row.values[6].bytes, static_cast<std::uint32_t>(value(5)),
                  static_cast<std::uint64_t>(value(3)), raw, dictionary_.get()) ||
          !decode_block(raw, records)) {
        return;
      }
      WallTime t0 = WallTime::max(), t1 = WallTime::min();
      for (const Span& part : spans_of(records)) {
        present_.insert(part.console);
        t0 = std::min(t0, part.t0);
        t1 = std::max(t1, part.t1);
        span.bind(1, part.console).bind(2, unix_micros(part.t0)).bind(3, unix_micros(part.t1));
        span.bind(4, row.rowid).bind(5, static_cast<std::int64_t>(part.offset));
        span.bind(6, static_cast<std::int64_t>(part.length)).run();
      }
      block.bind(1, row.rowid).bind(2, unix_micros(t0)).bind(3, unix_micros(t1)).bind(4, value(3));
      block.bind(5, static_cast<std::int64_t>(records.size())).bind(6, value(5));
      block.bind_blob(7, row.values[6].bytes).run();
      columns.push_back({{row.rowid, t0, t1}, grams_of(records)});
      if (columns.size() == kMostGramColumns) put_grams(db, columns);
      saved_.insert(row.rowid);
      ++out_.blocks;
      out_.raw_bytes += raw.size();
    });
    if (!columns.empty()) put_grams(db, columns);
  }

  static void put_grams(Database& db, std::vector<GramColumn>& columns) {
    Packer packer(PackLevel::fast);
    write_gram_segment(db, &packer, columns);
    columns.clear();
  }

  std::string name_of(ConsoleId id) {
    const auto name = names_.find(id);
    return name == names_.end() ? "console-" + std::to_string(id) : name->second;
  }

  void write_names(Database& db) {
    Statement put(db, "INSERT INTO console VALUES(?,?)");
    for (const ConsoleId id : present_) {
      const std::string name = name_of(id);
      put.bind(1, id).bind(2, name).run();
    }
    out_.consoles = present_.size();
  }

  void tell_losses() {
    std::set<std::int64_t> ids = saved_;
    for (const auto& [id, loss] : known_) ids.insert(id);
    for (const std::int64_t id : holes(ids, 1)) known_[id];
    for (auto& [id, loss] : known_) {
      if (saved_.count(id) > 0) continue;
      loss.what = "block " + std::to_string(id);
      for (const ConsoleId console : spanned_[id]) loss.consoles.insert(name_of(console));
      out_.losses.push_back(loss);
    }
  }

  const PageFile file_;
  SalvagedMeta meta_;
  ConsoleNames names_;
  std::unique_ptr<const TextDictionary> dictionary_;
  const std::int64_t otherwise_sealed_;
  std::map<std::int64_t, Loss> known_;
  std::map<std::int64_t, std::set<ConsoleId>> spanned_;
  std::set<std::int64_t> saved_;
  std::set<ConsoleId> present_;
  Salvaged out_;
};

class HotSalvage {
 public:
  HotSalvage(const std::filesystem::path& damaged, const FolderFacts& facts)
      : file_(damaged), meta_(damaged), facts_(facts) {
    file_.each_row([&](const FoundRow& row) { note(row); });
    out_.notes = notes_of(file_);
  }

  Salvaged write(const std::filesystem::path& target) {
    Database db = new_database(target);
    prepare_hot(db);
    Transaction transaction(db);
    write_open_lines(db);
    write_journal(db);
    for (const auto& [table, rows] : plain_) write_plain(db, table, rows);
    write_names(db);
    transaction.commit();
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return std::move(out_);
  }

 private:
  void note(const FoundRow& row) {
    const std::string shape = row.shape();
    const auto value = [&](std::size_t i) { return row.values[i].integer; };
    if (shape == kMeta) return meta_.take(row);
    const auto plain = kPlainTables.find(shape);
    if (plain != kPlainTables.end() && row.whole) {
      plain_[plain->second].push_back(row);
    } else if (shape == kOpenLines && row.rowid == 1) {
      open_ = Packed{value(1), value(2), value(3), value(4), 0, value(5), row.values[6].bytes};
    } else if (shape == kJournal || (!row.whole && shape == "niiii")) {
      std::string data = shape == kJournal ? row.values[5].bytes : "";
      journal_[row.rowid] = {row.rowid, value(1), value(2), value(3), 0, value(4), std::move(data)};
    }
  }

  // The records of a row; false when it is damaged.
  bool take(const Packed& row) {
    std::string raw;
    std::vector<Record> records;
    if (!unpack(row.data, static_cast<std::uint32_t>(row.crc),
                static_cast<std::uint64_t>(row.raw_len), raw) ||
        !decode_frame(raw, records)) {
      return false;
    }
    for (const Record& record : records) present_.insert(record.console);
    out_.raw_bytes += raw.size();
    return true;
  }

  void lose(const std::string& what, const Packed& row) {
    Loss loss{what, {}, WallTime::max(), WallTime::min(), 0};
    if (row.t0 != 0) loss.t0 = from_unix_micros(row.t0), loss.t1 = from_unix_micros(row.t1);
    loss.raw_bytes = static_cast<std::uint64_t>(row.raw_len);
    out_.losses.push_back(loss);
  }

  void write_open_lines(Database& db) {
    if (!open_ && facts_.sealed_seq == 0) return;
    Packed row = open_.value_or(Packed{facts_.sealed_seq});
    if (!open_ || !take(row)) {
      lose("the lines that were open when row " + std::to_string(row.id) + " was sealed", row);
      Packer packer(PackLevel::fast);
      row.data = packer.pack("");
      row.raw_len = 0;
      row.crc = checksum(row.data);
    }
    sealed_seq_ = row.id;
    Statement put(db, "INSERT INTO open_lines VALUES(1,?,?,?,?,?,?)");
    put.bind(1, row.id).bind(2, row.t0).bind(3, row.t1).bind(4, row.raw_len).bind(5, row.crc);
    put.bind_blob(6, row.data).run();
  }

  void write_journal(Database& db) {
    Statement put(db, "INSERT INTO journal VALUES(?,?,?,?,?,?)");
    std::set<std::int64_t> seqs;
    for (const auto& [seq, row] : journal_) {
      if (seq <= sealed_seq_) continue;  // deleted, but still lying about
      seqs.insert(seq);
      if (!take(row)) {
        lose("journal row " + std::to_string(seq), row);
        continue;
      }
      put.bind(1, seq).bind(2, row.t0).bind(3, row.t1).bind(4, row.raw_len).bind(5, row.crc);
      put.bind_blob(6, row.data).run();
      ++out_.journal_rows;
    }
    for (const std::int64_t seq : holes(seqs, sealed_seq_ + 1))
      lose("journal row " + std::to_string(seq), {});
  }

  void write_plain(Database& db, const std::string& table, const std::vector<FoundRow>& rows) {
    std::string places = "?";
    for (std::size_t i = 1; i < rows.front().values.size(); ++i) places += ",?";
    Statement put(db, "INSERT OR REPLACE INTO " + table + " VALUES(" + places + ")");
    for (const FoundRow& row : rows) {
      for (int i = 0; const FoundRow::Value& value : row.values) {
        ++i;
        if (value.type == 't') {
          put.bind(i, value.bytes);
        } else {
          put.bind(i, value.type == 'n' ? row.rowid : value.integer);
        }
      }
      put.run();
    }
    if (table == "incident") out_.incidents = rows.size();
  }

  // Consoles whose row is lost, by what the day files call them.
  void write_names(Database& db) {
    Statement put(db, "INSERT OR IGNORE INTO console(id,name,endpoint) VALUES(?,?,'')");
    for (const auto& [id, name] : facts_.names) put.bind(1, id).bind(2, name).run();
    for (const ConsoleId id : present_) {
      const std::string name = "console-" + std::to_string(id);
      put.bind(1, id).bind(2, name).run();
    }
    Statement count(db, "SELECT count(*) FROM console");
    count.step();
    out_.consoles = static_cast<std::size_t>(count.integer(0));
  }

  const PageFile file_;
  SalvagedMeta meta_;
  const FolderFacts& facts_;
  std::map<std::string, std::vector<FoundRow>> plain_;
  std::optional<Packed> open_;
  std::map<std::int64_t, Packed> journal_;
  std::int64_t sealed_seq_ = 0;
  std::set<ConsoleId> present_;
  Salvaged out_;
};

}  // namespace

FolderFacts facts_of(const std::filesystem::path& folder) {
  FolderFacts facts{names_in_days(folder), highest_sealed_seq(folder)};
  try {
    Database hot = Database::open_read_only(hot_path(folder));
    facts.sealed_seq = std::max(facts.sealed_seq, sealed_seq_of(hot));
    Statement select(hot, "SELECT id,name FROM console");
    while (select.step()) facts.names[static_cast<ConsoleId>(select.integer(0))] = select.text(1);
  } catch (const Error&) {  // it is the one that is damaged, or not here
  }
  return facts;
}

Salvaged salvage_day(const std::filesystem::path& damaged, const std::filesystem::path& target,
                     const FolderFacts& facts) {
  return DaySalvage(damaged, facts).write(target);
}

Salvaged salvage_hot(const std::filesystem::path& damaged, const std::filesystem::path& target,
                     const FolderFacts& facts) {
  return HotSalvage(damaged, facts).write(target);
}

}  // namespace lastgasp
