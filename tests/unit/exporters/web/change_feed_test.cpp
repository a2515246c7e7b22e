#include "exporters/web/change_feed.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "stream_reader.h"

namespace lastgasp {
namespace {

using Names = std::vector<std::string>;

std::vector<ConsoleView> consoles(int count) {
  std::vector<ConsoleView> views;
  for (int i = 0; i < count; ++i) {
    views.emplace_back().name = "c" + std::to_string(10'000 + i);
    views.back().condition = Condition::up;
    views.back().state = "up";
  }
  return views;
}

Names names(const std::vector<std::string>& events) {
  Names names;
  for (const auto& event : events) names.push_back(nlohmann::json::parse(event)["name"]);
  return names;
}

struct WatchedConsoles {
  explicit WatchedConsoles(int count = 3) : views(consoles(count)) { feed.sweep(views); }
  Names told(WatchedStream& watched) { return names(watched.reader.take("console")); }

  std::vector<ConsoleView> views;
  ChangeFeed feed;
};

}  // namespace

TEST_CASE("a stream is told what changes, and only that") {
  WatchedConsoles f;
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  f.feed.sweep(f.views);
  CHECK(f.told(watched).empty());
  f.views[1].condition = Condition::down;
  f.feed.sweep(f.views);
  CHECK(f.told(watched) == Names{"c10001"});
  f.views[2].open_incidents = 1;
  f.feed.sweep(f.views);
  CHECK(f.told(watched) == Names{"c10002"});
}

TEST_CASE("what only counts is told every second sweep") {
  WatchedConsoles f;
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  std::size_t told = 0;
  for (int sweep = 0; sweep < 10; ++sweep) {
    ++f.views[0].received_bytes;
    f.feed.sweep(f.views);
    told += f.told(watched).size();
  }
  CHECK(told == 5);
}

TEST_CASE("a stream hears of the consoles it asked for") {
  WatchedConsoles f;
  WatchedStream by_name, by_label;
  f.views[1].labels = {{"site", "fra1"}};
  f.feed.sweep(f.views);
  f.feed.add(by_name.stream, {{"*2"}, {}});
  f.feed.add(by_label.stream, {{}, {{"site", "fra*"}}});
  for (auto& view : f.views) view.condition = Condition::silent;
  f.feed.sweep(f.views);
  CHECK(f.told(by_name) == Names{"c10002"});
  CHECK(f.told(by_label) == Names{"c10001"});
  f.feed.incident("{\"id\":1}", {"c10001"});
  f.feed.incident("{\"id\":2}", {"c10002"});
  CHECK(by_name.reader.take("incident") == Names{"{\"id\":2}"});
  CHECK(by_label.reader.take("incident") == Names{"{\"id\":1}"});
}

TEST_CASE("a reload tells of consoles that went and came, and nothing of the others") {
  WatchedConsoles f;
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  f.views.erase(f.views.begin() + 1);
  f.views.emplace_back().name = "new";
  f.feed.sweep(f.views);
  const std::string text = watched.reader.take();
  CHECK(text.find("event: console_gone\ndata: {\"name\":\"c10001\"}\n\n") == 0);
  CHECK(text.find("\"name\":\"new\"") != std::string::npos);
  CHECK(text.find("c10000") == std::string::npos);
  f.views[1].condition = Condition::down;
  f.feed.sweep(f.views);
  CHECK(f.told(watched) == Names{"c10002"});
}

TEST_CASE("of very many changes the gravest come first, and so many a sweep as are bounded") {
  WatchedConsoles f(2000);
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  for (auto& view : f.views) ++view.received_bytes, view.condition = Condition::silent;
  f.views[1999].condition = Condition::crashed;
  f.views[1000].condition = Condition::down;
  f.feed.sweep(f.views);
  const std::string text = watched.reader.take();
  CHECK(text.size() <= kChangeBytesPerSweep);
  CHECK(text.find("c11999") < text.find("c11000"));
  CHECK(text.find("c11000") < text.find("c10000"));
  std::size_t told = 0, sweeps = 0;
  for (; sweeps < 100; ++sweeps) {
    f.feed.sweep(f.views);
    const auto now = f.told(watched).size();
    told += now;
    if (now == 0) break;
  }
  CHECK(told > 1000);
  CHECK(sweeps < 40);
}

TEST_CASE("counters of many busy consoles take turns") {
  WatchedConsoles f(1000);
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  std::set<std::string> told;
  for (int sweep = 0; sweep < 20; ++sweep) {
    for (auto& view : f.views) ++view.received_bytes;
    f.feed.sweep(f.views);
    for (auto& name : f.told(watched)) told.insert(name);
  }
  CHECK(told.size() == 1000);
}

TEST_CASE(
    "a slow reader gets the newest when it reads again, and is ended when it misses an incident") {
  WatchedConsoles f;
  WatchedStream watched;
  f.feed.add(watched.stream, {});
  REQUIRE(watched.stream->write(std::string(kMaxStreamBytes - 100, ' ')));
  f.views[0].condition = Condition::down;
  f.feed.sweep(f.views);
  f.views[0].condition = Condition::up;
  f.feed.sweep(f.views);
  watched.reader.take();
  f.feed.sweep(f.views);
  const auto events = watched.reader.take("console");
  REQUIRE(events.size() == 1);
  CHECK(nlohmann::json::parse(events[0])["condition"] == "up");

  REQUIRE(watched.stream->write(std::string(kMaxStreamBytes - 10, ' ')));
  f.feed.incident("{\"id\":1}", {"c10000"});
  CHECK(watched.stream->over());
  f.feed.sweep(f.views);
  CHECK(f.feed.idle());
}

}  // namespace lastgasp
