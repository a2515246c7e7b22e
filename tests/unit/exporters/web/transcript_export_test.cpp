#include "exporters/web/transcript_export.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "collector/transcript/schema.h"
#include "collector/transcript/sqlite.h"
#include "exporters/web/api.h"
#include "exporters/web/server.h"
#include "fake_backend.h"
#include "http_client.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

namespace lastgasp {
namespace {

struct ExportedStore {
  ExportedStore() {
    backend.folder = folder.path();
    const ConsoleId core = writer.console_id("core1", ""), edge = writer.console_id("edge1", "");
    append(writer, core, kNoon, "first\r\nsec");
    append(writer, core, seconds_after(kNoon, 10), "ond\x1b[1m\r\nthird\r\n");
    append(writer, edge, seconds_after(kNoon, 5), "other\n");
    append(writer, core, seconds_after(kNoon, 20), "reset", RecordKind::disconnected);
    REQUIRE(writer.flush());
  }
  std::string all(const ExportPart& part, ExportForm form) {
    TranscriptExport whole(reader, part, form);
    std::string bytes;
    for (std::string piece; !(piece = whole.next(reader)).empty(); bytes += piece) {
      ++pieces;
      longest = std::max(longest, piece.size());
    }
    CHECK(whole.next(reader).empty());
    return bytes;
  }
  std::string raw(const ExportPart& part) { return all(part, ExportForm::raw); }
  std::string text(const ExportPart& part) { return all(part, ExportForm::text); }
  // What a client receives, chunks put together.
  static std::string whole(const Answer& answer) {
    std::string bytes;
    const std::string& body = answer.body;
    for (std::size_t at = 0; at < body.size();) {
      const auto size = std::strtoul(body.c_str() + at, nullptr, 16);
      at = body.find("\r\n", at) + 2;
      bytes += body.substr(at, size);
      at += size + 2;
    }
    return bytes;
  }
  Answer asked(const std::string& query) { return get(at, "/api/v1/export?" + query); }

  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  const bool ready = writer.flush();
  TranscriptReader reader{folder.path()};
  FakeBackend backend;
  WebServer server{"127.0.0.1:0", backend};
  std::string at = server.address();
  std::size_t pieces = 0, longest = 0;
};

}  // namespace

TEST_CASE_METHOD(ExportedStore,
                 "raw bytes are as received, a line that began within the range whole") {
  CHECK(raw({{"core1"}, {}}) == "first\r\nsecond\x1b[1m\r\nthird\r\n");
  CHECK(raw({{"core1"}, {kNoon, seconds_after(kNoon, 5)}}) == "first\r\nsecond\x1b[1m\r\n");
  CHECK(raw({{"core1"}, {seconds_after(kNoon, 10), WallTime::max()}}) == "ond\x1b[1m\r\nthird\r\n");
  CHECK(raw({{"nope"}, {}}).empty());
  CHECK_THROWS_WITH(raw({{"*"}, {}}), Catch::StartsWith("2 consoles match"));
}

TEST_CASE_METHOD(ExportedStore, "text is cleaned lines of any consoles in order of time") {
  CHECK(text({{"*"}, {}}) ==
        "2026-11-22T12:00:00.000Z core1: first\n"
        "2026-11-22T12:00:00.000Z core1: second\n"
        "2026-11-22T12:00:05.000Z edge1: other\n"
        "2026-11-22T12:00:10.000Z core1: third\n");
}

TEST_CASE_METHOD(ExportedStore, "an export is a file with a name that harms nobody") {
  const auto file = asked("console=core1&form=raw");
  CHECK(file.code == 200);
  CHECK(file.header("Content-Type") == "application/octet-stream");
  CHECK(file.header("Content-Disposition").starts_with("attachment; filename=\"core1-"));
  CHECK(whole(file).ends_with("third\r\n"));
  const auto hostile = asked("console=*%22%0d%0a%2f..&console=edge1&form=text");
  CHECK(hostile.header("Content-Disposition").starts_with("attachment; filename=\"_____"));
}

TEST_CASE_METHOD(ExportedStore, "what cannot be exported is told") {
  CHECK(asked("console=core1").code == 400);
  CHECK(asked("form=raw").code == 400);
  CHECK(asked("form=raw&console=*").code == 400);
  CHECK(asked("form=raw&console=nope").code == 404);
  CHECK(asked("form=raw&incident=7").code == 404);
  CHECK(asked("form=raw&incident=7&since=1h").code == 400);
}

TEST_CASE_METHOD(ExportedStore, "what began within the range is whole wherever a clock stepped") {
  const ConsoleId stepped = writer.console_id("stepped", "");
  append(writer, stepped, seconds_after(kNoon, 10), "one\ntw");
  append(writer, stepped, seconds_after(kNoon, 40), "o\nthr");  // past the range's end
  append(writer, stepped, seconds_after(kNoon, 41), "ee\nlater\n");
  append(writer, stepped, seconds_after(kNoon, 20), "four\nfive");
  append(writer, stepped, seconds_after(kNoon, 3000), " years later\n");
  REQUIRE(writer.flush());
  CHECK(raw({{"stepped"}, {kNoon, seconds_after(kNoon, 30)}}) == "one\ntwo\nfour\nfive");
}

TEST_CASE_METHOD(ExportedStore, "much is given in pieces, each byte once and in its place") {
  const ConsoleId much = writer.console_id("much", "");
  std::mt19937 random(11);
  std::string said;
  // Seconds, a burst at one moment, a clock that steps back, and silence for a month.
  WallTime now = kNoon;
  for (int i = 0; said.size() < (std::size_t{20} << 20); ++i) {
    std::string piece = std::to_string(i) + ' ' + std::string(random() % 40000, 'x') + "\n";
    if (i < 300 || i > 400) now += Micros(random() % 2'000'000);
    if (i == 250 || i == 500) now -= std::chrono::seconds(200);
    if (i == 450) now += std::chrono::hours(24 * 30);
    append(writer, much, now, piece);
    said += piece;
  }
  REQUIRE(writer.flush());
  CHECK(raw({{"much"}, {}}) == said);
  CHECK(pieces > 10);
  CHECK(longest < 2 * kExportPieceBytes);
  CHECK(whole(asked("form=raw&console=much")) == said);

  pieces = longest = 0;
  const std::string lines = text({{"much"}, {}});
  CHECK(pieces > 10);
  CHECK(longest < 2 * kExportPieceBytes);
  CHECK(whole(asked("form=text&console=much")) == lines);
}

TEST_CASE_METHOD(ExportedStore, "between pieces bytes may be sealed and their day packed") {
  const ConsoleId busy = writer.console_id("busy", ""), other = writer.console_id("other", "");
  std::string said;
  WallTime now = kNoon;
  for (int i = 0; said.size() < 6 * kExportPieceBytes; ++i) {
    // Each read ends within a line: sealing moves such lines in two parts and joins them.
    std::string piece = std::string(500, 'x') + "\n" + std::to_string(i);
    now += i % 1000 == 999 ? -std::chrono::minutes(3) : std::chrono::milliseconds(300);
    append(writer, busy, now, piece);
    append(writer, other, now, piece);
    said += piece;
  }
  REQUIRE(writer.flush());
  TranscriptExport whole(reader, {{"busy"}, {}}, ExportForm::raw);
  std::string given = whole.next(reader);
  REQUIRE(writer.seal());
  given += whole.next(reader);
  clock.advance(2 * kDay);
  append(writer, busy, clock.now().wall, "\ntwo days later\n");
  said += "\ntwo days later\n";
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  Database day = Database::open_read_only(day_path(folder.path(), day_of(kNoon)));
  REQUIRE(read_meta(day).packed());
  for (std::string piece; !(piece = whole.next(reader)).empty();) given += piece;
  CHECK(given == said);
}

}  // namespace lastgasp
