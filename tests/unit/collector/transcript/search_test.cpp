#include <catch2/catch.hpp>

#include "collector/transcript/sqlite.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

// Two consoles, ten lines each over ten minutes and two blocks, the last third in the journal.
struct Scene {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  TranscriptReader reader = fill();

  TranscriptReader fill() {
    const ConsoleId a = writer.console_id("ams-r1", ""), b = writer.console_id("fra-r1", "");
    for (int i = 0; i < 10; ++i) {
      const std::string n = std::to_string(i);
      append(writer, a, seconds_after(kNoon, 60 * i), "a" + n + " Link eth" + n + " up\r\n");
      append(writer, b, seconds_after(kNoon, 60 * i + 30), "b" + n + " fan\r\n");
      if (i == 3 || i == 6) {
        REQUIRE(writer.flush());
        REQUIRE(writer.seal());
      }
    }
    REQUIRE(writer.flush());
    return TranscriptReader(folder.path());
  }
};

Texts first_words(const std::vector<FoundLine>& lines) {
  Texts words;
  for (const FoundLine& line : lines) {
    words.push_back((line.hit ? "" : "-") + line.text.substr(0, line.text.find(' ')));
  }
  return words;
}

}  // namespace

TEST_CASE("search: substring, case, regex, globs") {
  Scene scene;
  CHECK(first_words(found(scene.reader, text_query("eth4"))) == Texts{"a4"});
  CHECK(found(scene.reader, text_query("ETH4")).empty());
  CHECK(found(scene.reader, text_query("e.h4")).empty());
  Query query = text_query("ETH4");
  query.ignore_case = true;
  CHECK(first_words(found(scene.reader, query)) == Texts{"a4"});
  query = text_query("^a[27] .*(e.h)\\d");
  query.regex = true;
  const auto lines = found(scene.reader, query);
  CHECK(first_words(lines) == Texts{"a7", "a2"});
  CHECK(lines[0].console == "ams-r1");
  CHECK(lines[0].at == seconds_after(kNoon, 420));
  CHECK(lines[0].matches == std::vector<std::pair<std::size_t, std::size_t>>{{0, 12}});
  query = text_query("");
  query.consoles = {"fra-*"};
  query.limit = 3;
  CHECK(first_words(found(scene.reader, query)) == Texts{"b9", "b8", "b7"});
  query.consoles = {"nowhere"};
  CHECK(found(scene.reader, query).empty());
  query = text_query("a(");
  query.regex = true;
  CHECK_THROWS_WITH(found(scene.reader, query), Catch::Contains("bad regular expression 'a('"));
}

TEST_CASE("search: order across consoles, range and limit") {
  Scene scene;
  SearchEnd end;
  Query query;
  CHECK(first_words(found(scene.reader, query, &end)) ==
        Texts{"b9", "a9", "b8", "a8", "b7", "a7", "b6", "a6", "b5", "a5",
              "b4", "a4", "b3", "a3", "b2", "a2", "b1", "a1", "b0", "a0"});
  CHECK(end.complete);
  CHECK(end.hits == 20);
  query.newest_first = false;
  query.range = {seconds_after(kNoon, 30), seconds_after(kNoon, 120)};
  CHECK(first_words(found(scene.reader, query)) == Texts{"b0", "a1", "b1"});
}

TEST_CASE("search: a search goes on from where it stopped") {
  Scene scene;
  const bool newest_first = GENERATE(true, false);
  Query query;
  query.newest_first = newest_first;
  const Texts all = first_words(found(scene.reader, query));
  query.limit = 3;
  Texts pages;
  SearchEnd end;
  do {
    for (const std::string& word : first_words(found(scene.reader, query, &end))) {
      pages.push_back(word);
    }
    query.cursor = end.cursor;
  } while (!end.complete);
  CHECK(pages == all);
}

TEST_CASE("search: context comes from the same console, over blocks, no line twice") {
  Scene scene;
  Query query = text_query("eth[478]");
  query.regex = true;
  query.before = query.after = 1;
  CHECK(first_words(found(scene.reader, query)) ==
        Texts{"-a6", "a7", "a8", "-a9", "-a3", "a4", "-a5"});
  query.before = query.after = 2;
  CHECK(first_words(found(scene.reader, query)).size() == 8);
  query.newest_first = false;
  query.before = query.after = 1;
  CHECK(first_words(found(scene.reader, query)) ==
        Texts{"-a3", "a4", "-a5", "-a6", "a7", "a8", "-a9"});
  query.limit = 2;
  CHECK(first_words(found(scene.reader, query)) == Texts{"-a3", "a4", "-a5", "-a6", "a7", "-a8"});
  query.newest_first = true;
  query.limit = 1;
  CHECK(first_words(found(scene.reader, query)) == Texts{"-a7", "a8", "-a9"});
}

TEST_CASE("search: stops when told to, and when the budget is spent") {
  Scene scene;
  std::size_t seen = 0;
  const SearchEnd stopped = scene.reader.search({}, [&](const FoundLine&) { return ++seen < 2; });
  CHECK(seen == 2);
  CHECK_FALSE(stopped.complete);
  Query query = text_query("a0");
  query.budget = Micros(0);
  SearchEnd end;
  CHECK(found(scene.reader, query, &end).empty());
  CHECK_FALSE(end.complete);
  CHECK(end.reached > seconds_after(kNoon, 60 * 6));
  CHECK(end.reached <= seconds_after(kNoon, 60 * 7));
}

TEST_CASE("search sees the cleaned line, however it was read") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, kNoon, "\x1b[1;31mKernel \x1b[0mpa");
  REQUIRE(writer.flush());
  append(writer, id, seconds_after(kNoon, 1), "nic\r\n10%\r20%\r99%\r\n");
  append(writer, id, seconds_after(kNoon, 2), "", RecordKind::disconnected);
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  for (const bool sealed : {false, true}) {
    if (sealed) REQUIRE(writer.seal());
    CHECK(texts(found(reader, text_query("Kernel panic"))) == Texts{"Kernel panic"});
    CHECK(found(reader, text_query("Kernel panic"))[0].at == kNoon);
    CHECK(found(reader, text_query("20%")).empty());
    CHECK(texts(found(reader, text_query("99%"))) == Texts{"99%"});
    CHECK(found(reader, text_query("")).size() == 2);
  }
}

TEST_CASE("search: the gram index changes no answer") {
  TempFolder folder;
  HandClock clock;
  {
    TranscriptWriter writer(folder.path(), {}, clock);
    const ConsoleId a = writer.console_id("a", ""), b = writer.console_id("b", "");
    for (int i = 0; i < 30; ++i) {
      const std::string n = std::to_string(i * 7919);
      append(writer, i % 2 ? a : b, seconds_after(kNoon, i),
             "%LINK-3-UPDOWN: Interface Gi0/" + n + " \x1b[31mDOWN\x1b[0m\r\nlong  stri\bng " + n +
                 "\r\npeer 203.0.113.\x1b[1m" + std::to_string(100 + i) + "\x1b[0m/32 is up\r\n");
      REQUIRE(writer.flush());
      REQUIRE(writer.seal());
    }
  }
  const auto answers = [&] {
    TranscriptReader reader(folder.path());
    std::vector<Texts> out;
    for (const char* text : {"UPDOWN", "updown", "DOWN", "Gi0/15838 DOWN", "strng 55433", "nowhere",
                             "i0/1", "", "31mDOWN", "Gi0/7919", "203.0.113.107", "3.0.113.12",
                             ".113.129/32", ".0.113.1", "203.0.113.131"}) {
      for (const bool regex : {false, true}) {
        for (const bool ignore_case : {false, true}) {
          Query query = text_query(text);
          query.regex = regex;
          query.ignore_case = ignore_case;
          out.push_back(texts(found(reader, query)));
        }
      }
    }
    Query query = text_query("Interface Gi0/(7919|55433).*down|strng 237");
    query.regex = query.ignore_case = true;
    out.push_back(texts(found(reader, query)));
    return out;
  };
  const auto with = answers();
  for (const auto& file : std::filesystem::directory_iterator(folder.path() / "days")) {
    if (file.path().extension() != ".db") continue;
    Database db = Database::create(file.path());
    db.run("DROP TABLE gram_rows; DROP TABLE gram_set; DROP TABLE gram_columns;");
  }
  CHECK(with == answers());
  CHECK(with.back().size() >= 3);
}

TEST_CASE("search: several texts are all in the line, in any order") {
  Scene scene;
  Query query = text_query("up");
  query.also = {"Link", "a7"};
  const auto lines = found(scene.reader, query);
  CHECK(first_words(lines) == Texts{"a7"});
  CHECK(lines[0].matches ==
        std::vector<std::pair<std::size_t, std::size_t>>{{0, 2}, {3, 4}, {13, 2}});
  query.also.push_back("fan");
  CHECK(found(scene.reader, query).empty());
  query = text_query("l.nk");
  query.regex = query.ignore_case = true;
  query.also = {"ETH[35]"};
  CHECK(first_words(found(scene.reader, query)) == Texts{"a5", "a3"});
}

TEST_CASE("search: only consoles of a platform") {
  Scene scene;
  TranscriptReader reader(scene.folder.path());
  for (ConsoleRow row : reader.consoles()) {
    row.platform = row.name == "fra-r1" ? "junos" : "";
    scene.writer.update_console(row);
  }
  REQUIRE(scene.writer.flush());
  Query query = text_query("");
  query.limit = 1;
  query.platform = "junos";
  CHECK(first_words(found(reader, query)) == Texts{"b9"});
  query.platform = "eos";
  CHECK(found(reader, query).empty());
}

TEST_CASE("search: without a limit every hit is shown") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  std::string lines;
  for (int i = 0; i < 500; ++i) lines += "one more\n";
  append(writer, id, kNoon, lines);
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  Query query = text_query("one");
  query.limit = SIZE_MAX;
  CHECK(found(reader, query).size() == 500);
}
