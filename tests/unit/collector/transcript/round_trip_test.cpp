#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "collector/line/line_assembler.h"
#include "collector/transcript/retention.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("what was appended is read back, sealed or not") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId a = writer.console_id("r1", "tcp://r1:1");
  const ConsoleId b = writer.console_id("r2", "tcp://r2:1");
  CHECK(writer.console_id("r1", "tcp://r1:1") == a);
  append(writer, a, kNoon, "", RecordKind::connected);
  append(writer, a, seconds_after(kNoon, 1), "hello\r\nwor");
  append(writer, b, seconds_after(kNoon, 1), "other\n");
  append(writer, a, seconds_after(kNoon, 2), "ld\r\n");
  append(writer, a, seconds_after(kNoon, 3), "login: ");
  REQUIRE(writer.flush());

  TranscriptReader reader(folder.path());
  for (const bool sealed : {false, true}) {
    if (sealed) REQUIRE(writer.seal());
    CHECK(raw_of(reader, "r1") == "hello\r\nworld\r\nlogin: ");
    CHECK(raw_of(reader, "r2") == "other\n");
    const auto tail = reader.tail("r1", 10);
    CHECK(texts(tail) == Texts{"", "hello", "world", "login: "});
    CHECK(tail[0].kind == RecordKind::connected);
    CHECK(tail[2].at == seconds_after(kNoon, 1));
    CHECK(texts(reader.tail("r1", 2)) == Texts{"world", "login: "});
    CHECK(texts(reader.tail("r1", 9, seconds_after(kNoon, 1))) == Texts{""});
    CHECK(raw_of(reader, "r1", {seconds_after(kNoon, 2), seconds_after(kNoon, 3)}) == "ld\r\n");
  }
  CHECK(std::filesystem::exists(folder.path() / "days" / "20261122.db"));
  CHECK(writer.stats().written_bytes == 10 + 6 + 4 + 7);
  CHECK(writer.stats().oldest_unsynced_us == 0);

  append(writer, a, seconds_after(kNoon, 9), "root\r\n");
  REQUIRE(writer.flush());
  CHECK(texts(reader.tail("r1", 1)) == Texts{"login: root"});
}

TEST_CASE("all records come in one pass, those of each console in order, with its link's marks") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId a = writer.console_id("core1", "tcp://r1:1");
  const ConsoleId b = writer.console_id("edge1", "tcp://r2:1");
  append(writer, a, kNoon, "", RecordKind::connected);
  append(writer, b, kNoon, "one\n");
  append(writer, a, seconds_after(kNoon, 1), "yesterday\nto");
  append(writer, a, seconds_after(kNoon, 12 * 3600), "day\n");  // a line over midnight
  append(writer, b, seconds_after(kNoon, 12 * 3600), "two\n");
  append(writer, a, seconds_after(kNoon, 12 * 3600 + 1), "reset", RecordKind::disconnected);
  REQUIRE(writer.flush());

  TranscriptReader reader(folder.path());
  const auto all = [&](const std::vector<std::string>& consoles, TimeRange range) {
    std::map<std::string, std::string, std::less<>> text;
    CHECK(reader.records(consoles, range, [&](std::string_view console, const Record& record) {
      std::string& out = text.try_emplace(std::string(console)).first->second;
      out += std::string(kRecordKindNames[static_cast<std::size_t>(record.kind)]) + "(";
      out += std::string(record.bytes) + ")";
    }) == 0);
    return text;
  };
  for (const bool sealed : {false, true}) {
    if (sealed) REQUIRE(writer.seal());
    auto text = all({}, {});
    CHECK(text.size() == 2);
    // Records are cut at the ends of lines when they are sealed; their bytes stay in order.
    CHECK(text["core1"].starts_with("connected()data(yesterday\n"));
    CHECK(text["core1"].ends_with("data(day\n)disconnected(reset)"));
    CHECK(text["edge1"] == "data(one\n)data(two\n)");
    text = all({"edge*"}, {seconds_after(kNoon, 1)});
    CHECK(text.size() == 1);
    CHECK(text["edge1"] == "data(two\n)");
    CHECK(all({"none*"}, {}).empty());
  }
}

TEST_CASE("consoles, incidents and alerts survive a restart") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId id = writer.console_id("r1", "tcp://r1:1");
    CHECK(writer.last_incident_id() == 0);
    const Record record{id, RecordKind::data, kNoon, "panic: x\n"};
    const IncidentRow incident{1,          id,    "crash", "critical", "f1",
                               "panic: x", kNoon, kNoon,   {},         "{}"};
    IncidentRow second = incident;
    second.id = 2;
    second.resolved = kNoon;
    writer.append({&record, 1}, std::vector<IncidentRow>{incident, second});
    ConsoleRow row;
    row.id = id;
    row.endpoint = "tcp://r1:1";
    row.platform = "junos";
    row.state = "up";
    row.state_since = kNoon;
    writer.update_console(row);
    writer.spool_alert({"am", 1, "body"});
    writer.spool_alert({"am", 2, "gone"});
    writer.spool_alert({"am", 2, ""});
  }
  TranscriptWriter writer(folder.path(), {}, clock);
  CHECK(writer.last_incident_id() == 2);
  REQUIRE(writer.open_incidents().size() == 1);
  CHECK(writer.open_incidents()[0].title == "panic: x");
  REQUIRE(writer.spooled_alerts().size() == 1);
  CHECK(writer.spooled_alerts()[0].body == "body");

  TranscriptReader reader(folder.path());
  REQUIRE(reader.consoles().size() == 1);
  const ConsoleRow console = reader.consoles()[0];
  CHECK(console.platform == "junos");
  CHECK(console.stored_bytes == 9);
  CHECK(console.last_received == kNoon);
  IncidentQuery open;
  open.open_only = true;
  CHECK(reader.incidents(open).size() == 1);
  CHECK(reader.incidents({}).front().id == 2);
  IncidentQuery elsewhere;
  elsewhere.consoles = {"r2*"};
  CHECK(reader.incidents(elsewhere).empty());
  CHECK(reader.incident(1)->fingerprint == "f1");
  CHECK_FALSE(reader.incident(7));
  CHECK(reader.sightings("f1").incidents == 2);
  CHECK(reader.sightings("f1").consoles == 1);
  CHECK(reader.sightings("f1").first == kNoon);
}

namespace {

// The lines of a byte stream with marks, by the assembler alone.
struct ExpectedLines final : LineSink {
  LineAssembler assembler;
  Texts lines;
  std::string raw;
  void on_line(const Line& line) override { lines.emplace_back(line.text); }
  void add(std::string_view bytes) {
    raw += bytes;
    assembler.feed(bytes, {}, *this);
  }
};

std::string random_bytes(std::mt19937& random) {
  static const std::vector<std::string> kParts{
      "\n", "\r\n", "eth0 link up", "\x1b[31mred\x1b[0m", "panic", "\b", "\r", "x y z"};
  std::string bytes;
  for (unsigned n = random() % 12 + 1; n > 0; --n) bytes += kParts[random() % kParts.size()];
  if (random() % 50 == 0) bytes += std::string(random() % 90000, 'z');
  return bytes;
}

}  // namespace

TEST_CASE("random streams over days, seals and restarts lose and double nothing") {
  std::mt19937 random(GENERATE(1u, 2u, 3u, 4u));
  TempFolder folder;
  HandClock clock;
  std::vector<ExpectedLines> expected(5);
  auto writer = std::make_unique<TranscriptWriter>(folder.path(), StorageLimits{}, clock);
  for (int step = 0; step < 1500; ++step) {
    clock.advance(std::chrono::seconds(random() % 120));
    const std::size_t n = random() % expected.size();
    const ConsoleId id = writer->console_id("r" + std::to_string(n), "");
    const std::string bytes = random_bytes(random);
    append(*writer, id, clock.now().wall, bytes);
    expected[n].add(bytes);
    if (random() % 20 == 0) REQUIRE(writer->flush());
    if (random() % 100 == 0) REQUIRE(writer->seal());
    if (random() % 300 == 0) {
      writer.reset();
      writer = std::make_unique<TranscriptWriter>(folder.path(), StorageLimits{}, clock);
    }
  }
  REQUIRE(writer->flush());
  TranscriptReader reader(folder.path());
  for (std::size_t n = 0; n < expected.size(); ++n) {
    const std::string name = "r" + std::to_string(n);
    CHECK(raw_of(reader, name) == expected[n].raw);
    Query all;
    all.consoles = {name};
    all.limit = 1000000;
    all.newest_first = false;
    CHECK(found(reader, all).size() >= expected[n].lines.size());
  }
}
