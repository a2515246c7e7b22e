// Names of lines and cursors stay right while lines are sealed and new ones arrive.
#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

std::map<std::string, std::string> texts_by_id(TranscriptReader& reader) {
  Query query;
  query.limit = SIZE_MAX;
  std::map<std::string, std::string> by_id;
  std::size_t lines = 0;
  for (const FoundLine& line : found(reader, query)) {
    by_id[to_text(line.id())] = line.text;
    ++lines;
  }
  CHECK(by_id.size() == lines);
  return by_id;
}

// Two consoles that print at the same times, several lines a read, with a tail left open.
struct Flow {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  ConsoleId a = writer.console_id("a", ""), b = writer.console_id("b@1", "");
  int said = 0;

  void say() {
    const std::string n = std::to_string(said);
    const WallTime at = seconds_after(kNoon, said / 2);  // two reads share each time
    append(writer, a, at, "end\nhit a" + n + "\nhit a" + n + "\nopen");
    append(writer, b, at, "hit b" + n + "\nother\nhit open b");
    ++said;
    REQUIRE(writer.flush());
  }
  void seal() { REQUIRE(writer.seal()); }
};

}  // namespace

TEST_CASE("a line's name can be written and read back, whatever the console is called") {
  for (const char* console : {"core1", "edge@2", "a.b", "x@5.3", "", "b\xc3\xbc ~_%"}) {
    for (const std::size_t nth : {0, 1, 12}) {
      const LineId id{kNoon + Micros(7), console, nth};
      CHECK(parse_line_id(to_text(id)) == id);
    }
  }
  CHECK(to_text({from_unix_micros(5), "r1", 0}) == "r1@5");
  CHECK(to_text({from_unix_micros(5), "r1", 3}) == "r1@5.3");
  for (const char* wrong : {"", "r1", "r1@", "r1@x", "r1@5.", "r1@5.x", "r1@-5", "r1@5.-1", "r1@5 ",
                            "r1@99999999999999999999"})
    CHECK_FALSE(parse_line_id(wrong));
}

TEST_CASE("lines keep their names while they are sealed, over the borders of blocks") {
  Flow flow;
  TranscriptReader reader(flow.folder.path());
  std::map<std::string, std::string> known;
  for (int i = 0; i < 8; ++i) {
    flow.say();
    const auto before = texts_by_id(reader);
    if (i % 3 != 2) flow.seal();  // the tails stay in the journal, their reads in day files
    const auto after = texts_by_id(reader);
    CHECK(before == after);
    for (const auto& [id, text] : known) {
      INFO(id);
      REQUIRE(after.count(id) == 1);
      if (text.find("open") == std::string::npos) CHECK(after.at(id) == text);
    }
    known = after;
  }
  // Of each pair of reads with one time: 3 + 1 lines and then 3 + 1 (the open tails joined).
  CHECK(known.count("a@" + std::to_string(unix_micros(kNoon))) == 1);
  CHECK(known.count("a@" + std::to_string(unix_micros(kNoon)) + ".6") == 1);
}

TEST_CASE("a line is found again by its name, with what is around it") {
  Flow flow;
  TranscriptReader reader(flow.folder.path());
  for (int i = 0; i < 6; ++i) {
    flow.say();
    if (i % 2 == 0) flow.seal();
  }
  append(flow.writer, flow.a, seconds_after(kNoon, 9), "reset", RecordKind::disconnected);
  REQUIRE(flow.writer.flush());
  for (const bool sealed : {false, true}) {
    if (sealed) flow.seal();
    for (const char* console : {"a", "b@1"}) {
      const auto all = reader.tail(console, SIZE_MAX);
      REQUIRE(all.size() > 10);
      for (std::size_t i = 0; i < all.size(); ++i) {
        INFO(to_text(all[i].id()));
        const auto around = reader.line(all[i].id(), 3, 4);
        const std::size_t first = i - std::min<std::size_t>(i, 3);
        const std::size_t end = std::min(i + 5, all.size());
        REQUIRE(around.size() == end - first);
        for (std::size_t n = first; n < end; ++n) {
          CHECK(around[n - first].id() == all[n].id());
          CHECK(around[n - first].text == all[n].text);
          CHECK(around[n - first].hit == (n == i));
        }
      }
    }
  }
  CHECK(reader.line({kNoon, "a", 99}, 1, 1).empty());
  CHECK(reader.line({kNoon, "nobody", 0}, 1, 1).empty());
}

TEST_CASE("what is followed has the names that a search tells") {
  Flow flow;
  TranscriptReader reader(flow.folder.path());
  REQUIRE(flow.writer.flush());
  CHECK(reader.follow({"a"}, flow.clock.now()).empty());
  std::map<std::string, std::string> followed;
  for (int i = 0; i < 7; ++i) {
    flow.say();
    if (i % 2 == 0) flow.seal();
    for (const FoundLine& line : reader.follow({"a"}, flow.clock.now()))
      if (!line.partial) followed[to_text(line.id())] = line.text;
  }
  const auto searched = texts_by_id(reader);
  CHECK(followed.size() == 21);
  for (const auto& [id, text] : followed) {
    INFO(id);
    REQUIRE(searched.count(id) == 1);
    CHECK(searched.at(id) == text);
  }
}

TEST_CASE("pages make the whole, whatever is sealed or printed in between") {
  const bool newest_first = GENERATE(true, false);
  const std::size_t context = GENERATE(0, 1, 4);
  const std::size_t limit = GENERATE(range(1, 8));
  Flow flow;
  TranscriptReader reader(flow.folder.path());
  for (int i = 0; i < 9; ++i) {
    flow.say();
    if (i == 4) flow.seal();
  }
  Query query = text_query("hit");
  query.newest_first = newest_first;
  query.before = query.after = context;
  query.range.to = seconds_after(kNoon, 4);  // the open tails of the last reads change
  query.limit = SIZE_MAX;
  const auto ids = [&](SearchEnd* end) {
    Texts names;
    for (const FoundLine& line : found(reader, query, end))
      if (line.hit) names.push_back(to_text(line.id()));
    return names;
  };
  SearchEnd end;
  Texts whole = ids(&end);
  CHECK(end.complete);
  query.limit = limit;
  Texts pages;
  for (int page = 0;; ++page) {
    REQUIRE(page < 200);
    const Texts next = ids(&end);
    CHECK(next.size() <= limit);
    pages.insert(pages.end(), next.begin(), next.end());
    if (end.complete) break;
    REQUIRE(end.cursor);
    query.cursor = SearchCursor::parse(end.cursor->text(), newest_first);
    if (page % 2 == 0) flow.say();
    if (page % 3 == 0) flow.seal();
  }
  if (context > 0) {  // hits come in groups, whose borders are those of pages too
    std::sort(whole.begin(), whole.end());
    std::sort(pages.begin(), pages.end());
  }
  CHECK(pages == whole);
}

TEST_CASE("a search out of time goes on where it stopped, and gets to the end") {
  const bool newest_first = GENERATE(true, false);
  Flow flow;
  TranscriptReader reader(flow.folder.path());
  for (int i = 0; i < 9; ++i) {
    flow.say();
    flow.seal();
  }
  Query query = text_query("hit");
  query.newest_first = newest_first;
  query.limit = SIZE_MAX;
  const auto ids = [&](SearchEnd* end) {
    Texts names;
    for (const FoundLine& line : found(reader, query, end)) names.push_back(to_text(line.id()));
    return names;
  };
  SearchEnd end;
  const Texts whole = ids(&end);
  query.budget = Micros(0);
  Texts pages;
  int page = 0;
  do {
    REQUIRE(++page < 100);
    const Texts next = ids(&end);
    pages.insert(pages.end(), next.begin(), next.end());
    query.cursor = end.cursor;
  } while (!end.complete);
  CHECK(page > 2);
  CHECK(pages == whole);
}

TEST_CASE("a cursor refuses what is none, and the other direction") {
  SearchCursor cursor(true, kNoon);
  cursor.advance({kNoon, "b~_\xff 1", 2}, {kNoon - Micros(5), "b~_\xff 1", 0});
  CHECK(SearchCursor::parse(cursor.text(), true).text() == cursor.text());
  CHECK(cursor.text().find_first_of(" %&+~\xff") == cursor.text().find('~'));
  CHECK_THROWS_WITH(SearchCursor::parse(cursor.text(), false), Catch::Contains("newest first"));
  for (const char* wrong : {"", "n", "x@5", "nr1", "nr1@x", "nr1@5~", "nr1@5~x", "nr%31@5",
                            "nr_3@5", "n_zz@5", "nr1@5 "})
    CHECK_THROWS_WITH(SearchCursor::parse(wrong, true), Catch::Contains("no cursor"));
}
