#include "exporters/web/tail_feed.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "stream_reader.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"
#include "tests/unit/exporters/web/stored_console.h"

namespace lastgasp {
namespace {

using Texts = std::vector<std::string>;

struct FollowedConsole : StoredConsole {
  void say(const std::string& bytes) {
    clock.advance(std::chrono::milliseconds(10));
    append(writer, console, clock.now().wall, bytes);
    REQUIRE(writer.flush());
  }
  void poll() { feed.poll(reader, clock.now()); }
  Texts told(WatchedStream& watched) {
    Texts texts;
    for (const auto& event : watched.reader.take("line"))
      texts.push_back(nlohmann::json::parse(event)["text"]);
    return texts;
  }
  LineId last() { return reader.tail("r1", 1).at(0).id(); }

  TailFeed feed;
};

}  // namespace

TEST_CASE_METHOD(FollowedConsole, "a stream gets each line that is stored from then on, once") {
  say("before\n");
  WatchedStream one, two;
  feed.add(one.stream, "r1", last());
  poll();
  say("first\n");
  feed.add(two.stream, "r1", last());
  poll();
  CHECK(told(one) == Texts{"first"});
  say("second\nthi");
  poll();
  CHECK(told(one) == Texts{"second"});
  say("rd\n");
  poll();
  CHECK(told(one) == Texts{"third"});
  CHECK(told(two) == Texts{"second", "third"});
}

TEST_CASE_METHOD(FollowedConsole,
                 "a stream goes on behind a line, with no line twice or left out") {
  const bool seal = GENERATE(false, true);
  say("one\n");
  const LineId after = last();
  say("two\nthree\n");
  if (seal) REQUIRE(writer.seal());
  WatchedStream watched;
  feed.add(watched.stream, "r1", after);
  poll();
  say("four\n");
  poll();
  CHECK(told(watched) == Texts{"two", "three", "four"});
}

TEST_CASE_METHOD(FollowedConsole, "of a console that had printed nothing all lines come") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  say("one\n");
  poll();
  say("two\n");
  poll();
  CHECK(told(watched) == Texts{"one", "two"});
}

TEST_CASE_METHOD(FollowedConsole, "the id of a line is the event's") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  poll();
  say("one\n");
  poll();
  const std::string text = watched.reader.take();
  CHECK(text.find("event: line\nid: " + to_text(last()) + "\ndata: {\"id\":\"" + to_text(last())) ==
        0);
}

TEST_CASE_METHOD(FollowedConsole,
                 "a line that has not ended is told apart, and again when it ends") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  poll();
  say("login: ");
  poll();
  clock.advance(std::chrono::milliseconds(400));
  poll();
  const std::string text = watched.reader.take();
  CHECK(text.starts_with("event: partial\ndata: "));
  say("root\n");
  poll();
  CHECK(told(watched) == Texts{"login: root"});
}

TEST_CASE_METHOD(FollowedConsole, "of a flood the last lines come, after how many are left out") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  poll();
  std::string flood;
  for (int i = 0; i < 5000; ++i) flood += "line " + std::to_string(i) + "\n";
  say(flood);
  poll();
  const std::string text = watched.reader.take();
  CHECK(text.size() <= kTailBytesPerPoll + 100);
  REQUIRE(text.starts_with("event: gap\ndata: {\"lines\":"));
  const int left_out = std::stoi(text.substr(text.find("lines\":") + 7));
  CHECK(left_out > 4000);
  CHECK(text.find("\"text\":\"line " + std::to_string(left_out) + "\"") != std::string::npos);
  CHECK(text.find("\"text\":\"line " + std::to_string(left_out - 1) + "\"") == std::string::npos);
  CHECK(text.find("\"text\":\"line 4999\"") != std::string::npos);
}

TEST_CASE_METHOD(FollowedConsole, "a reader that fell behind is told how much it missed") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  poll();
  REQUIRE(watched.stream->write(std::string(kMaxStreamBytes, ' ')));
  say("lost\nlost as well\n");
  poll();
  watched.reader.take();
  say("heard\n");
  poll();
  const std::string text = watched.reader.take();
  CHECK(text.starts_with("event: gap\ndata: {\"lines\":2}\n\nevent: line"));
}

TEST_CASE_METHOD(FollowedConsole,
                 "behind a line that is no more, or too far back, there is a gap") {
  const bool removed = GENERATE(false, true);
  say("one\n");
  const LineId first = last();
  std::string many;
  for (std::size_t i = 0; i < kTailBacklog + 5; ++i) many += "x\n";
  say(many);
  const LineId after = removed ? LineId{first.at - std::chrono::hours(1), "r1", 0} : first;
  WatchedStream watched;
  feed.add(watched.stream, "r1", after);
  poll();
  CHECK(watched.reader.take().starts_with("event: gap\ndata: {\"lines\":null}\n\n"));
}

TEST_CASE_METHOD(FollowedConsole, "a reader of the store that failed costs no line") {
  WatchedStream watched;
  feed.add(watched.stream, "r1", {});
  poll();
  say("one\n");
  poll();
  say("two\n");
  feed.resume();
  TranscriptReader another(folder.path());
  feed.poll(another, clock.now());
  say("three\n");
  feed.poll(another, clock.now());
  CHECK(told(watched) == Texts{"one", "two", "three"});
}

}  // namespace lastgasp
