// What the API and the pages show of a real database.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "collector/transcript/writer.h"
#include "exporters/web/request.h"
#include "exporters/web/server.h"
#include "fake_backend.h"
#include "http_client.h"
#include "rules/incident/incident.h"

namespace lastgasp {
namespace {

using nlohmann::json;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "lastgasp-web-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Store {
  Store() {
    backend.folder = folder.path();
    core = writer.console_id("core1", "tcp://ts1:2001");
    edge = writer.console_id("edge <b>", "tcp://ts1:2002");
  }

  void say(ConsoleId console, std::chrono::seconds ago, std::string_view bytes,
           RecordKind kind = RecordKind::data) {
    const Record record{console, kind, now - ago, bytes};
    REQUIRE(writer.append(std::span(&record, 1)) == 0);
  }

  Incident incident(IncidentId id, const std::string& console, std::chrono::seconds ago) const {
    Incident i;
    i.id = id;
    i.console = console;
    i.kind = Kind::panic;
    i.severity = Severity::critical;
    i.rule = "linux.kernel_panic";
    i.title = "Kernel panic: <i>Fatal</i> exception";
    i.fingerprint = "0123456789abcdef";
    i.state = IncidentState::open;
    i.opened = i.updated = now - ago;
    i.first_line = 3;
    i.last_line = 4;
    i.context = {"login: <script>"};
    i.dump = {"Kernel panic - not syncing: Fatal exception", "caf\xe9 \"Rebooting\""};
    return i;
  }

  void keep(const Incident& i, ConsoleId console) {
    const IncidentRow row{.id = i.id,
                          .console = console,
                          .kind = std::string(name_of(i.kind)),
                          .severity = std::string(name_of(i.severity)),
                          .fingerprint = i.fingerprint,
                          .title = i.title,
                          .opened = i.opened,
                          .updated = i.updated,
                          .resolved = i.resolved,
                          .body = to_json(i)};
    REQUIRE(writer.append({}, std::span(&row, 1)) == 0);
  }

  json api(const std::string& target, int code = 200) {
    REQUIRE(writer.flush());
    const auto answer = get(at, "/api/v1/" + target);
    CHECK(answer.code == code);
    return json::parse(answer.body);
  }

  std::string page(const std::string& target, int code = 200) {
    REQUIRE(writer.flush());
    const auto answer = get(at, target);
    CHECK(answer.code == code);
    CHECK(answer.body.find("<script>") == std::string::npos);
    CHECK(answer.body.find("<i>") == std::string::npos);
    return answer.body;
  }

  TemporaryFolder folder;
  FakeBackend backend;
  WallTime now = backend.time.wall;
  ManualClock clock{backend.time};
  TranscriptWriter writer{folder.path(), {}, clock};
  ConsoleId core = 0, edge = 0;
  WebServer server{"127.0.0.1:0", backend};
  std::string at = server.address();
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using std::chrono::seconds;

}  // namespace

TEST_CASE_METHOD(Store, "search finds lines with their matches in UTF-8") {
  say(core, seconds(9), "one\r\ncaf\xe9 panic: x panic\r\n");
  say(edge, seconds(5), "\x1b[31mpanic\x1b[0m again\r\n");
  const auto found = api("search?q=panic");
  REQUIRE(found["lines"].size() == 2);
  CHECK(found["hits"] == 2);
  CHECK(found["complete"] == true);
  CHECK(found["damaged_blocks"] == 0);
  CHECK(found["lines"][0]["console"] == "edge <b>");
  CHECK(found["lines"][0]["text"] == "panic again");
  CHECK(found["lines"][1]["text"] == "caf\xc3\xa9 panic: x panic");
  CHECK(found["lines"][1]["matches"] == json{{6, 5}, {15, 5}});
  CHECK(found["lines"][1]["kind"] == "data");
  CHECK(api("search?q=panic&order=oldest")["lines"][0]["console"] == "core1");
}

TEST_CASE_METHOD(Store, "search keeps to consoles, time, limit and context") {
  say(core, seconds(30), "a1\nhit1\nb1\n");
  say(edge, seconds(20), "a2\nhit2\nb2\n");
  say(core, seconds(10), "a3\nhit3\nb3\n");
  CHECK(api("search?q=hit&console=core*")["hits"] == 2);
  CHECK(api("search?q=hit&console=core1&console=edge*")["hits"] == 3);
  CHECK(api("search?q=hit&console=x*")["hits"] == 0);
  CHECK(api("search?q=hit&since=25s&until=15s")["lines"][0]["text"] == "hit2");
  const auto limited = api("search?q=hit&limit=1");
  CHECK(limited["hits"] == 1);
  CHECK(limited["complete"] == false);
  CHECK(limited["reached"].is_string());
  const auto around = api("search?q=hit2&before=1&after=1&order=oldest");
  REQUIRE(around["lines"].size() == 3);
  CHECK(around["lines"][0]["text"] == "a2");
  CHECK(around["lines"][0]["hit"] == false);
  CHECK(around["lines"][1]["hit"] == true);
  CHECK(around["hits"] == 1);
}

TEST_CASE_METHOD(Store, "regular expressions are RE2's, and a bad one is a 400") {
  say(core, seconds(5), "eth0 down\nETH1 DOWN\nlo up\n");
  CHECK(api("search?regex=1&q=eth%5Cd+down")["hits"] == 1);
  CHECK(api("search?regex=1&ignore_case=1&q=eth%5Cd+down")["hits"] == 2);
  CHECK(has(api("search?regex=1&q=(", 400)["error"], "q: "));
  CHECK(has(page("/search?regex=1&q=(%3Cscript%3E", 400), "class=\"notice\""));
}

TEST_CASE_METHOD(Store, "an answer has an end, and says so") {
  const std::string line = "long " + std::string(4000, 'x');
  std::string chunk;
  for (int i = 0; i < 100; ++i) chunk += line + "\n";
  for (int i = 0; i < 50; ++i) say(core, seconds(100 - i), chunk);  // 20 MB
  REQUIRE(writer.flush());
  const auto answer = get(at, "/api/v1/search?q=long&limit=10000&order=oldest");
  CHECK(answer.body.size() < (std::size_t{16} << 20) + 1024);
  const auto found = json::parse(answer.body);
  CHECK(found["complete"] == false);
  CHECK(found["hits"] == found["lines"].size());
  CHECK(found["reached"].get<std::string>() >= found["lines"].back()["at"].get<std::string>());
  std::set<std::string> ids;
  for (auto part = found;;) {
    for (const auto& one : part["lines"]) CHECK(ids.insert(one["id"]).second);
    if (part["complete"] == true) break;
    REQUIRE_FALSE(part["lines"].empty());
    part =
        api("search?q=long&limit=10000&order=oldest&cursor=" + part["cursor"].get<std::string>());
  }
  CHECK(ids.size() == 5000);
}

TEST_CASE_METHOD(Store, "tail gives the last lines and marks of one console") {
  say(core, seconds(9), "", RecordKind::connected);
  say(core, seconds(8), "first\nsecond\n");
  say(core, seconds(7), "reset", RecordKind::disconnected);
  say(edge, seconds(6), "other\n");
  const auto all = api("tail?console=core1");
  REQUIRE(all["lines"].size() == 4);
  CHECK(all["complete"] == true);
  CHECK(all["lines"][0]["kind"] == "connected");
  CHECK(all["lines"][2]["text"] == "second");
  CHECK(all["lines"][3]["kind"] == "disconnected");
  CHECK(all["lines"][3]["text"] == "reset");
  CHECK(api("tail?console=core1&lines=2")["lines"].size() == 2);
  CHECK(has(api("tail?console=nope", 404)["error"], "nope"));
}

TEST_CASE_METHOD(Store, "incidents are listed without and shown with the console's words") {
  auto old = incident(1, "core1", seconds(7200));
  old.state = IncidentState::resolved;
  old.resolved = now - seconds(7100);
  keep(old, core);
  keep(incident(2, "edge <b>", seconds(60)), edge);
  const auto list = api("incidents");
  REQUIRE(list["incidents"].size() == 2);
  CHECK(list["incidents"][0]["id"] == 2);
  CHECK_FALSE(list["incidents"][0].contains("dump"));
  CHECK(api("incidents?open=1")["incidents"].size() == 1);
  CHECK(api("incidents?console=core*")["incidents"][0]["id"] == 1);
  CHECK(api("incidents?since=1h")["incidents"].size() == 1);
  CHECK(api("incidents?kind=hang")["incidents"].empty());
  CHECK(api("incidents?limit=1")["incidents"].size() == 1);
  CHECK(api("incidents?fingerprint=0123456789abcdef")["incidents"].size() == 2);
  const auto one = api("incidents/2");
  CHECK(one["incident"]["dump"][1] == "caf\xc3\xa9 \"Rebooting\"");
  CHECK(one["sightings"]["incidents"] == 2);
  CHECK(one["sightings"]["consoles"] == 2);
  CHECK(one["sightings"]["since"] == format_utc(old.opened));
  CHECK(one["deliveries"].empty());
  for (const char* none : {"3", "-1", "x", "2x", "99999999999999999999"})
    api("incidents/" + std::string(none), 404);
}

TEST_CASE_METHOD(Store, "the incident page tells the whole story, escaped") {
  auto first = incident(1, "core1", seconds(7200));
  first.state = IncidentState::resolved;
  first.resolved = now - seconds(7126);
  first.resolution = "recovered: up after 74s";
  keep(first, core);
  auto second = incident(2, "edge <b>", seconds(60));
  second.boots = 2;
  second.findings = {{"linux.oops", Kind::crash, "Oops", 3, second.opened},
                     {"linux.kernel_panic", Kind::panic, "panic", 4, second.opened}};
  keep(second, edge);
  const auto shown = page("/incidents/2");
  CHECK(has(shown, "<h1>Kernel panic: &lt;i&gt;Fatal&lt;/i&gt; exception</h1>"));
  CHECK(has(shown, "class=\"line context\">login: &lt;script&gt;"));
  CHECK(has(shown, "class=\"line cause\">Kernel panic - not syncing"));
  CHECK(has(shown, "class=\"line effect\">caf\xc3\xa9 &quot;Rebooting&quot;"));
  CHECK(has(shown, "Seen 2 times on 2 consoles</a> since"));
  CHECK(has(shown, "href=\"/incidents/1\""));
  CHECK(has(shown, "console=edge%20%3Cb%3E&amp;since="));
  CHECK(has(page("/incidents/1"), "resolved after 1m14s: recovered: up after 74s"));
  page("/incidents/9", 404);
}

TEST_CASE_METHOD(Store, "who was told of an incident is in the API and on its page, escaped") {
  keep(incident(1, "core1", seconds(60)), core);
  CHECK_FALSE(has(page("/incidents/1"), "Alerts sent"));
  backend.delivered = {{"noc", "accepted", now, now, ""},
                       {"pager", "waiting", now, {}, "exited with status 1: <b>\x1b[1m\xff"},
                       {"late", "waiting", {}, {}, ""}};
  const auto deliveries = api("incidents/1")["deliveries"];
  REQUIRE(deliveries.size() == 3);
  CHECK(deliveries[0] == nlohmann::json{{"receiver", "noc"},
                                        {"state", "accepted"},
                                        {"sent", format_utc(now)},
                                        {"accepted", format_utc(now)},
                                        {"error", ""}});
  CHECK(deliveries[1]["accepted"].is_null());
  CHECK(deliveries[2]["sent"].is_null());
  const auto shown = page("/incidents/1");
  CHECK(has(shown, "Alerts sent"));
  CHECK(has(shown, "noc: accepted<"));
  CHECK(has(shown, "pager: waiting (exited with status 1: &lt;b&gt;"));
  CHECK_FALSE(has(shown, "\x1b"));
  CHECK(has(shown, "late: waiting<"));
}

TEST_CASE_METHOD(Store, "the wall shows what is open, the gravest first; the list shows all") {
  auto over = incident(1, "core1", seconds(7200));
  over.state = IncidentState::resolved;
  over.resolved = now - seconds(7100);
  keep(over, core);
  CHECK(has(page("/"), "No open incidents"));
  auto mild = incident(2, "core1", seconds(30));
  mild.severity = Severity::warning;
  keep(mild, core);
  keep(incident(3, "edge <b>", seconds(60)), edge);
  const auto wall = page("/");
  CHECK(has(wall, "2 open incidents"));
  CHECK(wall.find("/incidents/3\"") < wall.find("/incidents/2\""));
  CHECK_FALSE(has(wall, "/incidents/1\""));
  CHECK_FALSE(has(page("/?only=incidents"), "id=\"wall\""));
  const auto all = page("/incidents");
  for (const char* path : {"/incidents/1\"", "/incidents/2\"", "/incidents/3\""})
    CHECK(has(all, path));
  CHECK_FALSE(has(page("/incidents?console=core*&open=1"), "/incidents/1\""));
  page("/incidents?nonsense=1", 400);
}

TEST_CASE_METHOD(Store, "colours are shown, and nothing else that a console sends is obeyed") {
  say(core, seconds(9), "\x1b[1;31mred\x1b[0m <plain>\x1b]0;title\x07 \x1b[8mhidden\x1b[0m\n");
  const auto shown = page("/consoles/core1");
  CHECK(has(shown, "<span class=\"f1 bold\">red</span> &lt;plain&gt; hidden"));
  CHECK_FALSE(has(shown, "title\x07"));
  const auto hits = page("/search?q=ed+%3Cpl");
  CHECK(has(hits,
            "<span class=\"f1 bold\">r</span><mark><span class=\"f1 bold\">ed</span> "
            "&lt;pl</mark>ain&gt;"));
}

TEST_CASE_METHOD(Store, "boots and incidents stand in the transcript where they began") {
  say(core, seconds(9), "before\n");
  say(core, seconds(5), "after\n");
  keep(incident(1, "core1", seconds(7)), core);
  const BootRow boot{.console = core, .began = now - seconds(6), .reason = "crash"};
  REQUIRE(writer.append({}, {}, std::span(&boot, 1)) == 0);
  const auto shown = page("/search?console=core1&order=oldest");
  const auto first = shown.find(">before<"), incident_at = shown.find("data-is=\"incident\""),
             boot_at = shown.find("data-is=\"boot\""), last = shown.find(">after<");
  CHECK(first < incident_at);
  CHECK(incident_at < boot_at);
  CHECK(boot_at < last);
  CHECK(last != std::string::npos);
}

TEST_CASE_METHOD(Store, "a range of lines has an address") {
  say(core, seconds(9), "a\nb\nc\nd\n");
  const auto id = [&](const std::string& text) {
    return url_encoded(api("search?q=" + text)["lines"][0]["id"].get<std::string>());
  };
  const auto shown = page("/lines/" + id("b") + "?to=" + id("c"));
  std::size_t chosen = 0;
  for (auto at_ = shown.find("line chosen"); at_ != std::string::npos;
       at_ = shown.find("line chosen", at_ + 1))
    ++chosen;
  CHECK(chosen == 2);
  page("/lines/" + id("c") + "?to=" + id("b"), 400);
}

TEST_CASE_METHOD(Store, "the console page shows its last lines, marks and incidents") {
  say(edge, seconds(9), "", RecordKind::connected);
  say(edge, seconds(8), "<script>x</script> \x1b[2Kok\n");
  say(edge, seconds(7), "512 queue full", RecordKind::gap);
  keep(incident(1, "edge <b>", seconds(60)), edge);
  ConsoleView view;
  view.name = "edge <b>";
  view.state = "up";
  backend.views = {view};
  const auto shown = page("/consoles/edge%20%3Cb%3E");
  CHECK(has(shown, "<h1>edge &lt;b&gt;</h1>"));
  CHECK(has(shown, "gap: 512 bytes lost (queue full)"));
  CHECK(has(shown, "class=\"line mark\""));
  CHECK(has(shown, "href=\"/incidents/1\""));
  CHECK(has(page("/consoles/core1"), "no longer in the configuration"));
  page("/consoles/nope%3Cscript%3E", 404);
}

TEST_CASE_METHOD(Store, "the search page highlights, links and goes on") {
  say(core, seconds(9), "a <script>panic\nb panic\n");
  say(edge, seconds(5), "c panic\n");
  const auto shown = page("/search?q=panic&limit=2");
  CHECK(has(shown, "c <mark>panic</mark>"));
  CHECK(has(shown, "2 hits"));
  CHECK(has(shown, "Search further back"));
  CHECK(has(shown, "/search?q=panic&amp;limit=2&amp;cursor=n"));
  CHECK(has(shown, "href=\"/lines/core1%40"));
  CHECK(has(shown, "value=\"panic\""));
  const auto whole = page("/search?q=%3Cscript%3Epanic");
  CHECK(has(whole, "<mark>&lt;script&gt;panic</mark>"));
  CHECK(has(whole, "1 hit"));
  CHECK(has(whole, "and no more"));
  CHECK(has(page("/search?q=nothing"), "No hit"));
  CHECK_FALSE(has(page("/search"), "outcome"));
}

TEST_CASE_METHOD(Store, "a line is found by its name, with what was printed around it") {
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += "line " + std::to_string(i) + "\n";
  say(edge, seconds(9), lines);
  say(core, seconds(8), "other\n");
  const std::string id = api("search?q=line+30")["lines"][0]["id"];
  const auto found = api("lines/" + url_encoded(id) + "?before=2&after=1");
  REQUIRE(found["lines"].size() == 4);
  CHECK(found["complete"] == true);
  CHECK(found["lines"][0]["text"] == "line 28");
  CHECK(found["lines"][2]["id"] == id);
  CHECK(found["lines"][2]["hit"] == true);
  CHECK(found["lines"][3]["hit"] == false);
  CHECK(api("lines/" + url_encoded(id))["lines"].size() == 1);
  CHECK(has(api("lines/nonsense", 404)["error"], "nonsense"));
  api("lines/core1%401", 404);
  api("lines/" + url_encoded(id) + "?after=1001", 400);
}

TEST_CASE_METHOD(Store,
                 "every line shown links to a page of its own, and that further back and on") {
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += "line " + std::to_string(i) + "<script>\n";
  say(edge, seconds(9), lines);
  const auto path = [&](int i) {
    const std::string id = api("search?q=line+" + std::to_string(i))["lines"][0]["id"];
    return "/lines/" + url_encoded(id);
  };
  const std::string chosen = path(30);
  const auto shown = page(chosen);
  CHECK(has(shown, "class=\"line chosen\"><a class=\"when\" href=\"" + chosen + "\""));
  CHECK(has(shown, "line 10&lt;"));
  CHECK_FALSE(has(shown, "line 9&lt;"));
  CHECK(has(shown, "line 50&lt;"));
  CHECK_FALSE(has(shown, "line 51&lt;"));
  CHECK(has(shown, "href=\"" + path(10) + "?before=200&amp;after=0\">Further back"));
  CHECK(has(shown, "href=\"" + path(50) + "?before=0&amp;after=200\">Further on"));
  CHECK_FALSE(has(page(path(0)), "Further back"));
  CHECK(has(page("/search?q=line+30"), "href=\"" + chosen + "\""));
  CHECK(has(page("/consoles/edge%20%3Cb%3E"), "href=\"" + chosen + "\""));
  page("/lines/nonsense", 404);
}

TEST_CASE_METHOD(Store,
                 "a search goes on with the line after the last, though times are the same") {
  say(core, seconds(9), "hit 0\nhit 1\nhit 2\n");
  std::vector<std::string> texts;
  for (std::string cursor; texts.size() < 9;) {
    const auto part = api("search?q=hit&limit=1" + cursor);
    for (const auto& line : part["lines"]) texts.push_back(line["text"]);
    if (part["complete"] == true) break;
    cursor = "&cursor=" + part["cursor"].get<std::string>();
  }
  CHECK(texts == std::vector<std::string>{"hit 2", "hit 1", "hit 0"});
  CHECK(has(api("search?q=hit&cursor=x", 400)["error"], "cursor: "));
  const std::string cursor = api("search?q=hit&limit=1")["cursor"];
  CHECK(has(api("search?q=hit&order=oldest&cursor=" + cursor, 400)["error"], "newest first"));
}

TEST_CASE_METHOD(Store, "readers at once get whole answers or are told to come back") {
  for (int i = 0; i < 50; ++i) say(core, seconds(100 - i), "line with panic\n");
  REQUIRE(writer.flush());
  std::atomic<int> good{0}, busy{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c)
    clients.emplace_back([&] {
      for (int i = 0; i < 5; ++i)
        for (const char* target : {"/api/v1/search?q=panic", "/api/v1/tail?console=core1", "/"}) {
          const auto answer = get(at, target);
          good += answer.code == 200;
          busy += answer.code == 503 && answer.header("Retry-After") == "5";
        }
    });
  for (auto& client : clients) client.join();
  CHECK(good + busy == 90);
  CHECK(good >= 60);
}

}  // namespace lastgasp
