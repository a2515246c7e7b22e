#include "collector/transcript/day_writer.h"

#include <algorithm>
#include <set>

#include "collector/core/log.h"
#include "collector/transcript/block_writer.h"
#include "collector/transcript/gram_writer.h"
#include "collector/transcript/sqlite.h"

namespace lastgasp {
namespace {

constexpr const char* kSealedSeq = "sealed_seq";

void write_names(Database& db, const std::vector<Piece>& pieces, const ConsoleNames& names) {
  std::set<ConsoleId> present;
  for (const Piece& piece : pieces) present.insert(piece.record.console);
  Statement put(db, "INSERT OR IGNORE INTO console VALUES(?,?)");
  for (const ConsoleId id : present) {
    const auto name = names.find(id);
    if (name != names.end()) put.bind(1, id).bind(2, name->second).run();
  }
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

void write_day(const std::filesystem::path& folder, Day day, const std::vector<Piece>& pieces,
               std::int64_t seq, const ConsoleNames& names, Packer& packer) {
  std::filesystem::create_directories(folder / "days");
  Database db = Database::create(day_path(folder, day));
  prepare_day(db);
  if (meta_integer(db, kSealedSeq, 0) >= seq) return;
  Transaction transaction(db);
  BlockWriter writer(db, packer);
  GramWriter grams(db, packer);
  build_blocks(pieces, [&](const Block& block) { grams.put(writer.write(block)); });
  write_names(db, pieces, names);
  Statement(db, "INSERT OR REPLACE INTO meta VALUES('sealed_seq', ?)").bind(1, seq).run();
  transaction.commit();
}

std::int64_t highest_sealed_seq(const std::filesystem::path& folder) {
  std::int64_t highest = 0;
  each_day(folder,
           [&](Database& db) { highest = std::max(highest, meta_integer(db, kSealedSeq, 0)); });
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
