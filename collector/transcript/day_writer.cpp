#include "collector/transcript/day_writer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "collector/core/log.h"
#include "collector/transcript/block_writer.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {
namespace {

// A step has a little of every console, which would change most pages of the table of spans: they
// go there many steps at once.
void close_spans(Database& db) {
  constexpr std::int64_t kOpenSpans = 8192;
  {
    Statement last(db, "SELECT ifnull(max(id),0) FROM span_open");
    last.step();
    if (last.integer(0) < kOpenSpans) return;
  }
  db.run(
      "INSERT INTO span(con,t0,blk,t1,off,len) SELECT con,t0,blk,t1,off,len FROM span_open"
      " ORDER BY con,t0; DELETE FROM span_open");
}

// Calls `use` with each day file that can be read.
template <typename Use>
void each_day(const std::filesystem::path& folder, Use use) {
  for (const Day day : stored_days(folder)) {
    try {
      Database db = Database::open_read_only(day_path(folder, day));
      use(db);
    } catch (const Error& error) {
      log_warning(std::string("day file left out: ") + error.what());
    }
  }
}

}  // namespace

struct DayWriter::Open {
  Open(const std::filesystem::path& folder, Day which)
      : day(which),
        db(prepared(day_path(folder, which))),
        dictionary(TextDictionary::read(db)),
        blocks(db, packer, "span_open"),
        grams(db),
        put_name(db, "INSERT OR IGNORE INTO console VALUES(?,?)") {
    packer.use(dictionary.get());
  }

  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  // A day file that is closed is complete by itself, though others have it open. Waits for nobody.
  ~Open() {
    try {
      db.run("PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const SqliteError&) {  // its WAL stays, and is read with it
    }
  }

  static Database prepared(const std::filesystem::path& file) {
    std::filesystem::create_directories(file.parent_path());
    Database db = Database::create(file);
    prepare_day(db);
    return db;
  }

  void put_names(const std::set<ConsoleId>& present, const ConsoleNaming& name_of) {
    for (const ConsoleId id : present) {
      if (named.contains(id)) continue;
      const auto name = name_of(id);
      if (!name) continue;
      put_name.bind(1, id).bind(2, *name).run();
      named.insert(id);
    }
  }

  const Day day;
  Database db;
  std::unique_ptr<const TextDictionary> dictionary;
  Packer packer{PackLevel::fast};
  BlockWriter blocks;
  GramWriter grams;
  Statement put_name;
  std::set<ConsoleId> named;  // that the file has for sure
};

DayWriter::DayWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

DayWriter::~DayWriter() = default;

void DayWriter::write(Day day, std::span<const Piece> pieces, std::int64_t seq,
                      const ConsoleNaming& name_of) {
  if (!open_ || open_->day != day || open_->db.file_moved()) {
    open_.reset();
    open_ = std::make_unique<Open>(folder_, day);
  }
  try {
    add(pieces, seq, name_of);
  } catch (...) {
    open_.reset();  // so that the next step finds the file as it is by then
    throw;
  }
  if (day != stored_days(folder_).back()) open_.reset();
}

void DayWriter::add(std::span<const Piece> pieces, std::int64_t seq, const ConsoleNaming& name_of) {
  Database& db = open_->db;
  const Meta before = read_meta(db);
  if (before.sealed_seq >= seq) return;
  Transaction transaction(db);
  if (!open_->dictionary) sample(pieces);
  std::set<ConsoleId> present;
  build_blocks(pieces, [&](const Block& block) {
    open_->grams.put(open_->blocks.write(block, false), block.grams);
    for (const Span& span : block.spans) present.insert(span.console);
  });
  open_->put_names(present, name_of);
  close_spans(db);
  write_meta(db, "sealed_seq", seq);
  if (before.has_number_grams()) write_meta(db, "number_grams_seq", seq);
  transaction.commit();
}

// The first step of a day that has enough text is what the day is like.
void DayWriter::sample(std::span<const Piece> pieces) {
  constexpr std::size_t kMostText = TextDictionary::kLeastText;
  std::string text;
  for (const Piece& piece : pieces) {
    if (text.size() >= kMostText) break;
    if (piece.record.kind == RecordKind::data) text.append(piece.record.bytes);
  }
  open_->dictionary = TextDictionary::sample(text);
  if (!open_->dictionary) return;
  open_->dictionary->write(open_->db);
  open_->packer.use(open_->dictionary.get());
}

std::int64_t highest_sealed_seq(const std::filesystem::path& folder) {
  std::int64_t highest = 0;
  each_day(folder, [&](Database& db) { highest = std::max(highest, read_meta(db).sealed_seq); });
  return highest;
}

ConsoleNames names_in_days(const std::filesystem::path& folder) {
  ConsoleNames names;
  each_day(folder, [&](Database& db) {
    Statement select(db, "SELECT id,name FROM console");
    while (select.step()) names[static_cast<ConsoleId>(select.integer(0))] = select.text(1);
  });
  return names;
}

}  // namespace lastgasp
