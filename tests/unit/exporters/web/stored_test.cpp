#include "exporters/web/stored.h"

#include <catch2/catch.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/search_query.h"

namespace lastgasp {
namespace {

using Matches = std::vector<std::pair<std::size_t, std::size_t>>;

Utf8Line shown(std::string text, Matches matches) {
  FoundLine line;
  line.text = std::move(text);
  line.matches = std::move(matches);
  return utf8_line(line);
}

Query query_of(const std::string& target) {
  Request request;
  request.parse_target(target);
  return search_query(request, WallTime{std::chrono::hours(500'000)}, 100);
}

}  // namespace

TEST_CASE("matches move with the text when bytes become UTF-8") {
  const auto plain = shown("a panic b", {{2, 5}});
  CHECK(plain.text == "a panic b");
  CHECK(plain.matches == Matches{{2, 5}});

  const auto latin = shown("\xe9\xe9 panic \x01 oops", {{3, 5}, {11, 4}});
  CHECK(latin.text == "\xc3\xa9\xc3\xa9 panic \xef\xbf\xbd oops");
  REQUIRE(latin.matches.size() == 2);
  CHECK(latin.text.substr(latin.matches[0].first, latin.matches[0].second) == "panic");
  CHECK(latin.text.substr(latin.matches[1].first, latin.matches[1].second) == "oops");
}

TEST_CASE("a match that ends within a UTF-8 sequence takes the whole of it") {
  const auto line = shown("x\xf0\x9f\x92\xa5y\xc3\xa9", {{2, 1}, {7, 1}});
  CHECK(line.text == "x\xf0\x9f\x92\xa5y\xc3\xa9");
  CHECK(line.matches == Matches{{1, 4}, {6, 2}});
}

TEST_CASE("any split of any bytes gives the text that to_utf8 gives") {
  std::string bytes;
  std::uint32_t random = 1;
  for (int i = 0; i < 400; ++i) {
    random = random * 1664525 + 1013904223;
    static constexpr char interesting[] = "a\xc3\xa9\xe2\x80\xae\xf0\x9f\x92\xa5\x1b\xff\xc2\x85";
    bytes += interesting[(random >> 16) % (sizeof interesting - 1)];
  }
  for (std::size_t at = 0; at + 3 <= bytes.size(); ++at) {
    const auto line = shown(bytes, {{at, 3}});
    REQUIRE(line.text == to_utf8(bytes));
    REQUIRE(line.matches.size() == 1);
    REQUIRE(line.matches[0].first + line.matches[0].second <= line.text.size());
  }
}

TEST_CASE("matches outside of the line are left out") {
  CHECK(shown("abc", {{4, 1}, {2, 9}, {1, 1}}).matches == Matches{{1, 1}});
  CHECK(shown("abc", {{1, 0}}).matches.empty());
}

TEST_CASE("a query is what its parameters say") {
  const auto q = query_of(
      "/?q=pan&regex=1&ignore_case=1&console=a*&console=b&since=2h&until=1h&order=oldest&limit=7"
      "&context=3&after=5");
  CHECK(q.text == "pan");
  CHECK(q.regex);
  CHECK(q.ignore_case);
  CHECK(q.consoles == std::vector<std::string>{"a*", "b"});
  CHECK(q.range.to - q.range.from == std::chrono::hours(1));
  CHECK_FALSE(q.newest_first);
  CHECK(q.limit == 7);
  CHECK(q.before == 3);
  CHECK(q.after == 5);
  CHECK(q.budget == kSearchBudget);
}

TEST_CASE("a query that cannot be meant is refused") {
  CHECK_THROWS_WITH(query_of("/?since=1h&until=2h"), "since is not before until; swap them");
  CHECK_THROWS_WITH(query_of("/?order=random"), "order: 'random' is not newest or oldest");
  CHECK_THROWS_AS(query_of("/?limit=0"), HttpError);
  CHECK_THROWS_AS(query_of("/?limit=10001"), HttpError);
  CHECK_THROWS_AS(query_of("/?context=101"), HttpError);
}

TEST_CASE("marks say what happened to the line") {
  FoundLine mark;
  mark.kind = RecordKind::connected;
  CHECK(mark_text(mark) == "connected");
  mark.kind = RecordKind::disconnected;
  mark.text = "reset";
  CHECK(mark_text(mark) == "disconnected: reset");
  mark.kind = RecordKind::gap;
  mark.text = "4096 queue full";
  CHECK(mark_text(mark) == "gap: 4096 bytes lost (queue full)");
  mark.text = "17";
  CHECK(mark_text(mark) == "gap: 17 bytes lost");
}

TEST_CASE("an incident whose JSON is damaged is shown as far as its columns go") {
  IncidentRow row;
  row.id = 7;
  row.kind = "hang";
  row.severity = "warning";
  row.title = "soft lockup";
  row.body = "{";
  const auto incident = stored_incident(row);
  CHECK(incident.id == 7);
  CHECK(incident.kind == Kind::hang);
  CHECK(incident.severity == Severity::warning);
  CHECK(incident.title == "soft lockup");
  CHECK(incident.state == IncidentState::open);
}

}  // namespace lastgasp
