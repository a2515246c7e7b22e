#include <catch2/catch.hpp>

#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

TEST_CASE("follow shows each line once, whether sealed in between or not") {
  const bool seal = GENERATE(false, true);
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", ""), other = writer.console_id("r2", "");
  const auto say = [&](std::string_view bytes, RecordKind kind = RecordKind::data) {
    clock.advance(std::chrono::milliseconds(10));
    append(writer, id, clock.now().wall, bytes, kind);
    append(writer, other, clock.now().wall, "noise\n");
    REQUIRE(writer.flush());
    if (seal) REQUIRE(writer.seal());
  };
  TranscriptReader reader(folder.path());
  const auto follow = [&] { return reader.follow({"r1"}, clock.now()); };

  say("old\nope");
  CHECK(follow().empty());
  CHECK(follow().empty());
  say("ned\none\ntwo\nthr");
  CHECK(texts(follow()) == Texts{"opened", "one", "two"});
  say("ee\n");
  CHECK(texts(follow()) == Texts{"three"});
  say("reset by peer", RecordKind::disconnected);
  const auto mark = follow();
  REQUIRE(mark.size() == 1);
  CHECK(mark[0].kind == RecordKind::disconnected);
  CHECK(mark[0].text == "reset by peer");

  say("login: ");
  CHECK(follow().empty());
  clock.advance(std::chrono::milliseconds(400));
  const auto partial = follow();
  REQUIRE(texts(partial) == Texts{"login: "});
  CHECK(partial[0].partial);
  CHECK(follow().empty());
  say("root\n");
  CHECK(texts(follow()) == Texts{"login: root"});
}

TEST_CASE("follow begins with now, also when all is sealed, and waits for unknown consoles") {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  REQUIRE(writer.flush());
  TranscriptReader reader(folder.path());
  CHECK(reader.follow({"r1"}, clock.now()).empty());
  const ConsoleId id = writer.console_id("r1", "");
  append(writer, id, kNoon, "early\n");
  REQUIRE(writer.flush());
  REQUIRE(writer.seal());
  CHECK(reader.follow({"r1"}, clock.now()).empty());
  append(writer, id, kNoon, "late\n");
  REQUIRE(writer.flush());
  CHECK(texts(reader.follow({"r1"}, clock.now())) == Texts{"late"});
}

TEST_CASE("many consoles are followed at once, each from when it was first named") {
  const bool seal = GENERATE(false, true);
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId a = writer.console_id("a", ""), b = writer.console_id("b", "");
  const auto say = [&](const std::string& text) {
    clock.advance(std::chrono::milliseconds(10));
    append(writer, a, clock.now().wall, "a " + text + "\n");
    append(writer, b, clock.now().wall, "b " + text + "\n");
    REQUIRE(writer.flush());
    if (seal) REQUIRE(writer.seal());
  };
  say("zero");
  TranscriptReader reader(folder.path());
  CHECK(reader.follow({"a"}, clock.now()).empty());
  say("one");
  CHECK(texts(reader.follow({"a", "b"}, clock.now())) == Texts{"a one"});
  say("two");
  CHECK(texts(reader.follow({"a", "b"}, clock.now())) == Texts{"a two", "b two"});
  CHECK(reader.follow({"b"}, clock.now()).empty());
  say("three");
  CHECK(texts(reader.follow({"a", "b"}, clock.now())) == Texts{"b three"});
  say("four");
  CHECK(texts(reader.follow({"a", "b"}, clock.now())) == Texts{"a four", "b four"});
}
