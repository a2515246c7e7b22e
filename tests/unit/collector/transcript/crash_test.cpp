#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "collector/transcript/day_writer.h"
#include "collector/transcript/sealer.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

// Runs `body` in a child process that dies by SIGKILL at its end.
template <typename Body>
void in_killed_child(Body body) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      body();
    } catch (...) {
      _exit(1);
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

std::string numbered_lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what flush acknowledged is there after kill -9") {
  TempFolder folder;
  HandClock clock;
  in_killed_child([&] {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId id = writer.console_id("r1", "");
    for (int i = 0; i < 50; ++i) {
      append(writer, id, seconds_after(kNoon, i), numbered_lines(i * 100, i * 100 + 100));
      if (i == 25 && !writer.seal()) _exit(2);
    }
    const Record record{id, RecordKind::data, seconds_after(kNoon, 60), "panic: the end\n"};
    const IncidentRow incident{1, id, "crash", "critical", "f", "panic", kNoon, kNoon, {}, "{}"};
    writer.append({&record, 1}, {&incident, 1});
    if (!writer.flush()) _exit(3);
    append(writer, id, seconds_after(kNoon, 61), "never acknowledged");
  });
  const std::string all = numbered_lines(0, 5000) + "panic: the end\n";
  {
    TranscriptReader reader(folder.path());  // with the daemon dead
    CHECK(raw_of(reader, "r1").substr(0, all.size()) == all);
    CHECK(reader.incident(1));
  }
  TranscriptWriter writer(folder.path(), {}, clock);
  CHECK(writer.open_incidents().size() == 1);
  REQUIRE(writer.seal());
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "r1").substr(0, all.size()) == all);
}

TEST_CASE("a crash between the day files and the journal doubles nothing") {
  TempFolder folder;
  HandClock clock;
  const WallTime midnight = kNoon + std::chrono::hours(12);
  std::string all;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId a = writer.console_id("r1", ""), b = writer.console_id("r2", "");
    append(writer, a, kNoon, "sealed before, ope");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
    append(writer, a, seconds_after(kNoon, 1), "n line\nbefore midnight, ");
    append(writer, b, seconds_after(kNoon, 1), "other console\n");
    append(writer, a, seconds_after(midnight, 5), "after it\nnext day\nstill op");
    all = "sealed before, open line\nbefore midnight, after it\nnext day\nstill op";
  }
  const auto sealed_seq = highest_sealed_seq(folder.path());
  UnpackedRows unpacked;
  REQUIRE(
      Sealer(folder.path(), sealed_seq, unpacked).step(0));  // and the journal never hears of it
  const bool only_one_day = GENERATE(false, true);
  if (only_one_day) {
    // Nor did the second day file get there.
    std::filesystem::remove(folder.path() / "days" / "20261123.db");
  }
  const auto check = [&] {
    TranscriptReader reader(folder.path());
    CHECK(raw_of(reader, "r1") == all);
    CHECK(raw_of(reader, "r2") == "other console\n");
    Query oldest_first;
    oldest_first.newest_first = false;
    CHECK(texts(found(reader, oldest_first)) == Texts{"sealed before, open line",
                                                      "before midnight, after it", "other console",
                                                      "next day", "still op"});
  };
  check();
  TranscriptWriter writer(folder.path(), {}, clock);
  append(writer, 1, seconds_after(midnight, 6), "en\n");
  all += "en\n";
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "r1") == all);
  CHECK(texts(reader.tail("r1", 2)) == Texts{"next day", "still open"});
}

TEST_CASE("day files outlive the loss of hot.db") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    writer.console_id("r0", "");
    append(writer, writer.console_id("r1", ""), kNoon, "kept\n");
    REQUIRE(writer.flush());
    REQUIRE(writer.seal());
  }
  std::filesystem::remove(folder.path() / "hot.db");
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId other = writer.console_id("r2", ""), same = writer.console_id("r1", "");
  CHECK(other > same);
  append(writer, same, seconds_after(kNoon, 1), "new\n");
  append(writer, other, seconds_after(kNoon, 1), "other\n");
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  CHECK(raw_of(reader, "r1") == "kept\nnew\n");
  REQUIRE(writer.seal());
  CHECK(raw_of(reader, "r1") == "kept\nnew\n");
  CHECK(raw_of(reader, "r2") == "other\n");
}

TEST_CASE("a damaged hot.db is refused with the way out") {
  TempFolder folder;
  HandClock clock;
  std::filesystem::create_directories(folder.path());
  std::ofstream(folder.path() / "hot.db") << std::string(20000, 'x');
  CHECK_THROWS_WITH(TranscriptWriter(folder.path(), {}, clock),
                    Catch::Contains("damaged") && Catch::Contains("mv "));
}
