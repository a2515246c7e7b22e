// Acknowledging and notes, from the POST to what the API shows of them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "collector/transcript/reader.h"
#include "collector/transcript/writer.h"
#include "exporters/web/server.h"
#include "fake_backend.h"
#include "http_client.h"
#include "rules/incident/incident.h"

namespace lastgasp {
namespace {

using nlohmann::json;

struct Desk {
  Desk() {
    backend.folder = folder;
    backend.keep_note = [this](const IncidentNote& note) {
      writer.add_note(note);
      return writer.flush();
    };
    Incident panic;
    panic.id = 1;
    panic.console = "core1";
    panic.title = "Kernel panic";
    panic.opened = backend.time.wall;
    const IncidentRow row{.id = 1,
                          .console = writer.console_id("core1", "tcp://ts1:2001"),
                          .kind = "panic",
                          .severity = "critical",
                          .fingerprint = "",
                          .title = panic.title,
                          .opened = panic.opened,
                          .updated = panic.opened,
                          .resolved = {},
                          .body = to_json(panic)};
    writer.append({}, std::span(&row, 1));
    REQUIRE(writer.flush());
  }
  ~Desk() { std::filesystem::remove_all(folder); }

  static std::filesystem::path new_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "lastgasp-notes-XXXXXX";
    return ::mkdtemp(pattern.data());
  }

  Answer post(const std::string& target, const std::string& type, const std::string& body,
              const std::string& headers = "") {
    return send_raw(at, "POST /api/v1/incidents/" + target + " HTTP/1.1\r\nHost: " + at +
                            "\r\nContent-Type: " + type + "\r\n" + headers + "Content-Length: " +
                            std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
  }
  Answer form(const std::string& target, const std::string& body, const std::string& headers = "") {
    return post(target, "application/x-www-form-urlencoded", body, headers);
  }
  json incident() { return json::parse(get(at, "/api/v1/incidents/1").body)["incident"]; }

  std::filesystem::path folder = new_folder();
  FakeBackend backend;
  ManualClock clock{backend.time};
  TranscriptWriter writer{folder, {}, clock};
  WebServer server{"127.0.0.1:0", backend};
  std::string at = server.address();
};

TEST_CASE_METHOD(Desk, "an incident is acknowledged by the first who says so, and bears notes") {
  CHECK(incident()["acknowledged"].is_null());
  CHECK(incident()["notes"].empty());
  const auto made = form("1/acknowledge", "by=Ann+B&text=on+it");
  CHECK(made.code == 200);
  CHECK(json::parse(made.body)["acknowledged"]["by"] == "Ann B");
  CHECK(post("1/notes", "application/json", R"({"by": "bob", "text": "line one\r\nline two"})")
            .code == 200);
  CHECK(form("1/acknowledge", "by=carl").code == 200);

  const json now = incident();
  CHECK(now["acknowledged"]["by"] == "Ann B");
  CHECK(now["acknowledged"]["text"] == "on it");
  CHECK(now["acknowledged"]["at"] == format_utc(backend.time.wall));
  REQUIRE(now["notes"].size() == 3);
  CHECK(now["notes"][1]["text"] == "line one\nline two");
  CHECK(now["notes"][1]["acknowledges"] == false);
  CHECK(now["notes"][2]["by"] == "carl");
  const json listed = json::parse(get(at, "/api/v1/incidents").body)["incidents"][0];
  CHECK(listed["acknowledged"]["by"] == "Ann B");
  CHECK_FALSE(listed.contains("notes"));
}

TEST_CASE_METHOD(Desk, "a browser's form is sent back to the page of the incident") {
  const auto sent = form("1/notes", "by=ann&text=x", "Accept: text/html,*/*\r\n");
  CHECK(sent.code == 303);
  CHECK(sent.header("Location") == "/incidents/1");
}

TEST_CASE_METHOD(Desk, "what is no note changes nothing and is told why") {
  CHECK(form("1/notes", "by=ann&text=").code == 400);
  CHECK(form("1/notes", "text=x").code == 400);
  CHECK(form("1/notes", "by=ann&text=x&txet=y").code == 400);
  CHECK(form("1/acknowledge", "by=" + std::string(101, 'x')).code == 400);
  CHECK(form("1/notes", "by=ann&text=" + std::string(4097, 'x')).code == 400);
  CHECK(form("1/notes", "by=ann&text=" + std::string(70'000, 'x')).code == 413);
  CHECK(form("2/notes", "by=ann&text=x").code == 404);
  CHECK(form("1x/notes", "by=ann&text=x").code == 404);
  CHECK(post("1/notes", "application/json", R"({"by": "ann", "text": 7})").code == 400);
  CHECK(post("1/notes", "application/json", "[").code == 400);
  CHECK(post("1/notes", "text/plain", "by=ann&text=x").code == 415);
  CHECK(form("1/notes", "by=ann&text=x", "Origin: https://evil.example\r\n").code == 403);
  CHECK(form("1/notes", "by=ann&text=x", "Sec-Fetch-Site: cross-site\r\n").code == 403);
  CHECK(get(at, "/api/v1/incidents/1/notes").code == 405);
  CHECK(incident()["notes"].empty());
}

TEST_CASE_METHOD(Desk, "hostile text is clean where it is shown") {
  form("1/acknowledge", "by=%1b%5b31m%00&text=%ff%0a%07");
  const json now = incident();
  CHECK(now["acknowledged"]["by"] == "\xef\xbf\xbd[31m\xef\xbf\xbd");
  CHECK(now["acknowledged"]["text"] == "\xc3\xbf\n\xef\xbf\xbd");
}

TEST_CASE_METHOD(Desk, "an incident takes 200 notes, and a disk that refuses is told") {
  for (int i = 0; i < 200; ++i) writer.add_note({.incident = 1, .by = "ann", .text = "x"});
  REQUIRE(writer.flush());
  CHECK(form("1/notes", "by=ann&text=x").code == 409);
  backend.keep_note = {};
  CHECK(form("1/acknowledge", "by=ann").code == 409);
}

TEST_CASE_METHOD(Desk, "a note that the disk does not take is no success") {
  backend.keep_note = {};
  CHECK(form("1/acknowledge", "by=ann").code == 503);
  CHECK(incident()["acknowledged"].is_null());
}

}  // namespace
}  // namespace lastgasp
