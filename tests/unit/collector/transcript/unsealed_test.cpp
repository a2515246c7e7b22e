// What readers see of a journal of several parts, more than are kept unpacked: the same as when all
// of it is in day files, and while it is on its way there.
#include "collector/transcript/unsealed.h"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <random>

#include "collector/transcript/journal.h"
#include "collector/transcript/printed_bytes.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/sealer.h"
#include "collector/transcript/snapshot.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

constexpr ConsoleId kConsoles = 2;
constexpr std::size_t kJournalBytes = 9 << 20;
constexpr std::string_view kNeedle = "panic";

std::string console_name(ConsoleId id) { return "r" + std::to_string(id); }

// What consoles print: lines, some endless, in records cut anywhere, and marks.
class Printing {
 public:
  // The bytes of the record, one in some two hundred is a mark.
  std::string next(ConsoleId console, RecordKind& kind) {
    kind = one_in(200) ? RecordKind::disconnected : RecordKind::data;
    if (kind != RecordKind::data) return "the link is down";
    std::string bytes;
    for (int lines = number(0, 60); lines > 0; --lines) bytes += line(console);
    if (one_in(500)) bytes += std::string(90'000, 'e');  // longer than a line may be
    if (one_in(3)) bytes += "no end yet ";
    return bytes.empty() ? "." : bytes;
  }

 private:
  int number(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
  bool one_in(int count) { return number(1, count) == 1; }
  std::string line(ConsoleId console) {
    std::string line = "line " + std::to_string(++lines_) + " of " + console_name(console);
    if (one_in(1500)) line += " " + std::string(kNeedle);
    for (int words = number(0, 8); words > 0; --words) line += " " + std::to_string(random_());
    return line + "\r\n";
  }

  std::mt19937 random_{7};
  int lines_ = 0;
};

// Over midnight; nothing is sealed.
void fill_journal(const TempFolder& folder, UnpackedRows& unpacked, std::size_t bytes,
                  std::size_t row_bytes) {
  Journal journal(folder.path(), 0, unpacked);
  Printing printing;
  WallTime at = kNoon + std::chrono::hours(12) - std::chrono::seconds(60);
  for (std::size_t written = 0; written < bytes;) {
    Batch batch;
    for (ConsoleId id = 1; written == 0 && id <= kConsoles; ++id)
      batch.new_consoles.push_back({id, console_name(id)});
    while (batch.bytes.size() < row_bytes) {
      at += Micros(20'000);
      const ConsoleId id = 1 + static_cast<ConsoleId>(unix_micros(at) / 20'000) % kConsoles;
      RecordKind kind;
      const std::string printed = printing.next(id, kind);
      batch.add({id, kind, at, printed});
    }
    written += batch.bytes.size();
    journal.commit(batch);
  }
}

void take_out(const TempFolder& folder, UnpackedRows& unpacked, const SealedStep& step) {
  Batch batch;
  batch.sealed = step;
  Journal(folder.path(), step.seq, unpacked).commit(batch);
}

// Takes a step when a traced connection begins to read the rows of the journal.
class Sealing {
 public:
  Sealing(const TempFolder& folder, UnpackedRows& unpacked)
      : folder_(folder), unpacked_(unpacked), sealer_(folder.path(), 0, unpacked) {}

  static int on_statement(unsigned, void* sealing, void* statement, void*) {
    const std::string_view sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    if (sql.find("data FROM journal") != std::string_view::npos)
      static_cast<Sealing*>(sealing)->take_step();
    return 0;
  }
  int steps() const { return steps_; }

 private:
  void take_step() {
    if (const auto step = sealer_.step(0, 1)) {
      take_out(folder_, unpacked_, *step);
      ++steps_;
    }
  }

  const TempFolder& folder_;
  UnpackedRows& unpacked_;
  Sealer sealer_;
  int steps_ = 0;
};

std::map<ConsoleId, std::string> bytes_of(Snapshot& snapshot) {
  std::map<ConsoleId, std::string> bytes;
  for (const Day day : snapshot.days()) {
    for (const BlockRef& ref : snapshot.blocks(day, nullptr, {})) {
      for (const Record& record : snapshot.load(ref)->records)
        bytes[record.console] += record.bytes;
    }
  }
  return bytes;
}

std::string as_text(const FoundLine& line) {
  return line.console + " " + std::to_string(unix_micros(line.at)) + " " +
         std::to_string(line.nth) + (line.hit ? " hit " : " ") + line.text;
}

Texts search_in_pages(TranscriptReader& reader, Query query) {
  Texts texts;
  for (SearchEnd end; end.hits == 0 || end.cursor; query.cursor = end.cursor) {
    for (const FoundLine& line : found(reader, query, &end)) texts.push_back(as_text(line));
    if (end.hits == 0) break;
  }
  return texts;
}

// By every way of reading there is.
Texts all_of(const TempFolder& folder) {
  TranscriptReader reader(folder.path());
  Texts texts;
  for (ConsoleId id = 1; id <= kConsoles; ++id) {
    texts.push_back(raw_of(reader, console_name(id)));
    for (const FoundLine& line : reader.tail(console_name(id), 20'000))
      texts.push_back(as_text(line));
    PrintedBytes printed(console_name(id), {});
    std::string bytes;
    for (std::string piece; !(piece = reader.printed(printed, kJournalBytes)).empty();)
      bytes += piece;
    texts.push_back(bytes);
  }
  for (const bool newest_first : {true, false}) {
    Query query = text_query(std::string(kNeedle));
    query.newest_first = newest_first;
    query.before = query.after = 2;
    query.limit = 1'000'000;
    for (const FoundLine& line : found(reader, query)) texts.push_back(as_text(line));
    query.before = query.after = 0;
    query.limit = 40;
    const Texts pages = search_in_pages(reader, query);
    texts.insert(texts.end(), pages.begin(), pages.end());
  }
  return texts;
}

}  // namespace

TEST_CASE("a journal of many parts is read as if it were sealed, and while it is") {
  TempFolder folder;
  UnpackedRows unpacked;
  fill_journal(folder, unpacked, kJournalBytes, 700 << 10);
  const Texts before = all_of(folder);
  Sealer sealer(folder.path(), 0, unpacked);
  const std::uint64_t step_bytes = GENERATE(5 << 20, 64 << 20);
  bool same = true;
  int steps = 0;
  while (const auto step = sealer.step(0, step_bytes)) {
    same = same && all_of(folder) == before;  // while it is in day files and in the journal
    take_out(folder, unpacked, *step);
    same = same && all_of(folder) == before;
    ++steps;
  }
  CHECK(same);
  CHECK(steps == (step_bytes == 64 << 20 ? 1 : 2));
  CHECK(before.size() > 20'000);
}

TEST_CASE("a journal of many parts is read while a step has reached one of its days") {
  TempFolder folder;
  UnpackedRows unpacked;
  fill_journal(folder, unpacked, kJournalBytes, 700 << 10);  // from before midnight to after it
  const Texts before = all_of(folder);
  REQUIRE(Sealer(folder.path(), 0, unpacked).step(0, 64 << 20));
  REQUIRE(std::filesystem::remove(day_path(folder.path(), day_of(kNoon))));
  CHECK((all_of(folder) == before));
}

TEST_CASE("a reader has an answer though the sealer takes a step whenever it reads the journal") {
  TempFolder folder;
  UnpackedRows unpacked;
  fill_journal(folder, unpacked, 300'000, 10'000);
  std::map<ConsoleId, std::string> before;
  {
    OpenFiles files(folder.path());
    const auto hot = files.take_hot();
    Snapshot snapshot(files, *hot);
    before = bytes_of(snapshot);
  }
  Sealing sealing(folder, unpacked);
  OpenFiles files(folder.path());
  const auto hot = files.take_hot();
  sqlite3_trace_v2(hot->handle(), SQLITE_TRACE_STMT, Sealing::on_statement, &sealing);
  Snapshot snapshot(files, *hot);
  CHECK(bytes_of(snapshot) == before);
  CHECK(sealing.steps() > 0);
}
