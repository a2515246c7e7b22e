// What readers see of a journal of several parts, more than are kept unpacked: the same as when all
// of it is in day files, and while it is on its way there.
#include "collector/transcript/unsealed.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>
#include <vector>

#include "collector/transcript/inspect.h"
#include "collector/transcript/journal.h"
#include "collector/transcript/printed_bytes.h"
#include "collector/transcript/sealer.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

constexpr ConsoleId kConsoles = 2;
constexpr std::size_t kJournalBytes = 13 << 20;
constexpr std::size_t kFloodBytes = 100 << 20;
constexpr int kSearchers = 4;
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
void fill_journal(const TempFolder& folder, UnpackedRows& unpacked) {
  Journal journal(folder.path(), 0, unpacked);
  Printing printing;
  WallTime at = kNoon + std::chrono::hours(12) - std::chrono::seconds(60);
  for (std::size_t written = 0; written < kJournalBytes;) {
    Batch batch;
    for (ConsoleId id = 1; written == 0 && id <= kConsoles; ++id)
      batch.new_consoles.push_back({id, console_name(id)});
    while (batch.bytes.size() < (700 << 10)) {
      at += Micros(20'000);
      const ConsoleId id = 1 + static_cast<ConsoleId>(unix_micros(at) / 20'000) % kConsoles;
      RecordKind kind;
      const std::string bytes = printing.next(id, kind);
      batch.add({id, kind, at, bytes});
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
    for (const FoundLine& line : reader.tail(console_name(id), 1'000'000))
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
  fill_journal(folder, unpacked);
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
  CHECK(steps == (step_bytes == 64 << 20 ? 1 : 3));
  CHECK(before.size() > 50'000);
}

TEST_CASE("readers have an answer however fast the sealer moves a long journal on") {
  TempFolder folder;
  const SystemClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  std::atomic<bool> finished{false};
  std::thread flood([&] {
    Printing printing;
    RecordKind kind;
    std::vector<std::string> printed;
    for (int i = 0; i < 5000; ++i) printed.push_back(printing.next(1, kind));
    for (std::size_t i = 0, taken = 0; taken < kFloodBytes; ++i) {
      const std::string& bytes = printed[i % printed.size()];
      taken += bytes.size() - append(writer, id, clock.now().wall, bytes);
    }
    finished = true;
  });
  std::atomic<int> answers{0}, refusals{0};
  const auto search = [&] {
    TranscriptReader reader(folder.path());
    while (!finished || inspect(folder.path()).journal_raw_bytes > kJournalBytes) {
      try {
        found(reader, text_query("nowhere to be found"));
        ++answers;
      } catch (const Error&) {
        ++refusals;
      }
    }
  };
  std::vector<std::thread> searches;
  for (int i = 0; i < kSearchers; ++i) searches.emplace_back(search);
  for (std::thread& thread : searches) thread.join();
  flood.join();
  CHECK(answers > 0);
  CHECK(refusals == 0);
}
