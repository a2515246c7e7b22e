#include "exporters/web/transcript_export.h"

#include <catch2/catch.hpp>

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
  std::string raw(const ExportPart& part) {
    std::string bytes;
    export_raw(reader, part, [&](std::string_view piece) { bytes += piece; });
    return bytes;
  }
  std::string text(const ExportPart& part) {
    std::string lines;
    export_text(reader, part, [&](std::string_view piece) { lines += piece; });
    return lines;
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
  CHECK(file.body.ends_with("third\r\n"));
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

TEST_CASE_METHOD(ExportedStore, "more than an answer may hold is refused, not cut") {
  const ConsoleId much = writer.console_id("much", "");
  const std::string line(1023, 'x');
  for (std::size_t bytes = 0; bytes <= kMaxAnswerBytes; bytes += 1024)
    append(writer, much, seconds_after(kNoon, 30), line + "\n");
  REQUIRE(writer.flush());
  const auto refused = asked("form=raw&console=much");
  CHECK(refused.code == 400);
  CHECK(refused.body.find("16.0 MiB") != std::string::npos);
}

}  // namespace lastgasp
