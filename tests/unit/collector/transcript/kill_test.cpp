// kill -9 at random moments, again and again on the same folder, while days change and go. The long
// run is LASTGASP_KILL_ROUNDS=100; LASTGASP_KILL_SEED plays one again as far as the kernel lets it.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "collector/transcript/schema.h"
#include "collector/transcript/verify.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

constexpr std::uint64_t kConsoles = 7, kMarks = 40;
constexpr std::uint64_t kMostAtOnce = 900;        // units
constexpr std::chrono::minutes kBetweenUnits{7};  // some 200 a day
constexpr Micros kKeep = std::chrono::hours(24 * 5);
constexpr unsigned kChildSeconds = 60;

std::uint64_t mixed(std::uint64_t n) {
  n = (n ^ (n >> 31)) * 0x9E3779B97F4A7C15u;
  return n ^ (n >> 29);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// The n-th of all appends. All that is ever written follows from its number: whoever reads knows
// what there must be.
struct Unit {
  explicit Unit(std::uint64_t n)
      : number(n), console(mixed(n) % kConsoles), at(kNoon + static_cast<int>(n) * kBetweenUnits) {
    const std::uint64_t lines = 1 + mixed(n * 3) % 3;
    for (std::uint64_t i = 0; i < lines; ++i) {
      const std::uint64_t noise = mixed(n * 8 + i);
      text += "unit " + std::to_string(n) + " line " + std::to_string(i) + " mark" +
              std::to_string(noise % kMarks) + " " + std::to_string(mixed(noise)) + "\n";
    }
  }
  // Its line ends in another record, which another transaction may hold.
  std::size_t cut() const { return text.size() - mixed(number * 5) % 12; }

  std::uint64_t number, console;
  WallTime at;
  std::string text;
};

std::string name_of(std::uint64_t console) { return "console" + std::to_string(console); }

// Writes from unit `next` on until it is killed, and tells `out` how many units are on disk.
[[noreturn]] void write_for_ever(const std::filesystem::path& folder, std::uint64_t next,
                                 std::uint64_t seed, int out) {
  alarm(kChildSeconds);
  std::mt19937_64 random(seed);
  HandClock clock(Unit(next).at);
  StorageLimits limits;
  limits.keep = kKeep;
  TranscriptWriter writer(folder, limits, clock);
  std::vector<ConsoleId> ids;
  for (std::uint64_t i = 0; i < kConsoles; ++i) ids.push_back(writer.console_id(name_of(i), ""));
  for (;;) {
    // Mostly a few, now and then the lines of some days.
    const std::uint64_t count = random() % (random() % 8 == 0 ? kMostAtOnce : 60);
    for (std::uint64_t i = 0; i < count; ++i, ++next) {
      const Unit unit(next);
      const std::string_view text = unit.text;
      const ConsoleId id = ids[unit.console];
      const Record parts[] = {{id, RecordKind::data, unit.at, text.substr(0, unit.cut())},
                              {id, RecordKind::data, unit.at, text.substr(unit.cut())}};
      clock.set_wall(unit.at);
      if (writer.append(parts) > 0) _exit(2);
    }
    if (!writer.flush()) _exit(3);
    if (write(out, &next, sizeof next) != sizeof next) _exit(4);
    // Never further behind than retention goes.
    if (count > 200 || random() % 4 == 0) {
      if (!writer.seal()) _exit(5);
    }
  }
}

// Starts a writer and kills it; returns how many units it said are on disk.
std::uint64_t kill_a_writer(const std::filesystem::path& folder, std::uint64_t next,
                            std::mt19937_64& random) {
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const std::uint64_t seed = random();
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(pipe_ends[0]);
    try {
      write_for_ever(folder, next, seed, pipe_ends[1]);
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      _exit(1);
    }
  }
  close(pipe_ends[1]);
  std::uint64_t acknowledged = next;
  const auto hear = [&] {
    return read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged;
  };
  bool alive = true;
  for (std::uint64_t wait = random() % 40; alive && wait > 0; --wait) alive = hear();
  // Anywhere within the steps that follow, the opening among them.
  pollfd none{-1, 0, 0};
  if (alive) poll(&none, 1, static_cast<int>(random() % 25));
  kill(child, SIGKILL);
  while (hear()) {
  }
  close(pipe_ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);
  return acknowledged;
}

// What must be found of the units from `begin` to `end`.
struct Expected {
  Expected(std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t n = begin; n < end; ++n) {
      const Unit unit(n);
      raw[name_of(unit.console)] += unit.text;
    }
  }
  std::map<std::string, std::string> raw;
};

std::map<std::string, std::string> all_raw(TranscriptReader& reader) {
  std::map<std::string, std::string> raw;
  const std::size_t damaged =
      reader.records({}, {}, [&](std::string_view console, const Record& record) {
        if (record.kind == RecordKind::data) raw[std::string(console)] += record.bytes;
      });
  CHECK(damaged == 0);
  return raw;
}

// The least and the greatest number of a unit in `raw`, the latter plus 1.
std::pair<std::uint64_t, std::uint64_t> units_in(const std::map<std::string, std::string>& raw) {
  std::uint64_t begin = UINT64_MAX, end = 0;
  for (const auto& [console, text] : raw) {
    const auto last = text.rfind("\nunit ");
    const std::uint64_t newest =
        std::strtoull(text.c_str() + (last == std::string::npos ? 5 : last + 6), nullptr, 10);
    begin = std::min<std::uint64_t>(begin, std::strtoull(text.c_str() + 5, nullptr, 10));
    end = std::max(end, newest + 1);
  }
  return {raw.empty() ? 0 : begin, end};
}

Texts sorted_hits(TranscriptReader& reader, const std::string& text) {
  Query query = text_query(text);
  query.limit = SIZE_MAX / 2;
  SearchEnd end;
  Texts lines = texts(found(reader, query, &end));
  CHECK(end.complete);
  CHECK(end.damaged_blocks == 0);
  std::sort(lines.begin(), lines.end());
  return lines;
}

Texts lines_with(const Expected& expected, const std::string& text) {
  Texts lines;
  for (const auto& [console, raw] : expected.raw) {
    for (std::size_t at = 0; at < raw.size();) {
      const std::size_t end = raw.find('\n', at);
      const std::string line = raw.substr(at, end - at);
      if (line.find(text) != std::string::npos) lines.push_back(line);
      at = end + 1;
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

// Empty when there is none.
std::string difference(const std::string& found, const std::string& expected) {
  const auto at = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
  if (at.first == found.end() && at.second == expected.end()) return "";
  const auto offset = static_cast<std::size_t>(at.first - found.begin());
  const std::size_t line = offset == 0 ? 0 : expected.rfind('\n', offset - 1) + 1;
  return "at byte " + std::to_string(offset) + ": found " + found.substr(line, 90) + "; expected " +
         expected.substr(line, 90);
}

// Looks through everything; returns how many units are on disk.
std::uint64_t check_all(const std::filesystem::path& folder, std::uint64_t acknowledged,
                        std::uint64_t mark) {
  TranscriptReader reader(folder);
  const auto raw = all_raw(reader);
  const auto [begin, end] = units_in(raw);
  CHECK(end >= acknowledged);
  if (begin > 0) {
    // Whole days went, and none before its time.
    CHECK(day_of(Unit(begin).at) != day_of(Unit(begin - 1).at));
    CHECK(start_of(day_of(Unit(begin).at)) + kKeep <= Unit(end + kMostAtOnce).at);
  }
  const Expected expected(begin, end);
  for (const auto& [console, text] : expected.raw) {
    CAPTURE(console);
    const auto it = raw.find(console);
    REQUIRE(it != raw.end());
    REQUIRE(difference(it->second, text) == "");
  }
  REQUIRE(raw.size() == expected.raw.size());

  const std::string tail = std::to_string(mark) + " ";
  const Texts marked = lines_with(expected, "mark" + tail);
  CHECK(sorted_hits(reader, "mark" + tail) == marked);  // by the gram index
  CHECK(sorted_hits(reader, "k" + tail) == marked);     // too short for it
  for (const Problem& problem : verify(folder, [](std::uint64_t) {}).problems)
    FAIL_CHECK(problem.file.string() + " " + problem.table + ": " + problem.what);
  return end;
}

}  // namespace

TEST_CASE("whenever a writer is killed, what it acknowledged is there once, in order and found") {
  const std::uint64_t rounds = from_environment("LASTGASP_KILL_ROUNDS", 10);
  const std::uint64_t seed = from_environment("LASTGASP_KILL_SEED", std::random_device()());
  std::cout << "LASTGASP_KILL_SEED=" << seed << std::endl;
  std::mt19937_64 random(seed);
  TempFolder folder;
  {
    const HandClock clock;
    TranscriptWriter writer(folder.path(), {}, clock);
  }
  std::uint64_t written = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    CAPTURE(seed, round, written);
    const std::uint64_t acknowledged = kill_a_writer(folder.path(), written, random);
    written = check_all(folder.path(), acknowledged, random() % kMarks);
  }
  CHECK(written > rounds * 20);
}
