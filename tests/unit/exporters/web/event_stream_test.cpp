#include "exporters/web/event_stream.h"

#include <array>
#include <catch2/catch.hpp>

#include "stream_reader.h"

namespace lastgasp {
namespace {

constexpr MonoTime kStart{std::chrono::hours(1)};

struct AttachedStream {
  AttachedStream() { stream.attach(reader); }
  ~AttachedStream() { stream.detach(); }
  EventStream stream{kStart};
  StreamReader reader{stream};
};

}  // namespace

TEST_CASE("an event has a name, perhaps an id, and its data") {
  CHECK(event_text("gap", "{}") == "event: gap\ndata: {}\n\n");
  CHECK(event_text("line", "{}", "core1@5") == "event: line\nid: core1@5\ndata: {}\n\n");
}

TEST_CASE_METHOD(AttachedStream,
                 "a stream with nothing to say sleeps, and wakes once when it has") {
  CHECK(reader.take() == "");
  CHECK(reader.sleeps == 1);
  CHECK(stream.write("one"));
  CHECK(stream.write("two"));
  CHECK(reader.wakes == 1);
  CHECK(reader.take() == "onetwo");
}

TEST_CASE_METHOD(AttachedStream,
                 "what does not fit is refused whole, and fits when there is room again") {
  CHECK(stream.write(std::string(kMaxStreamBytes - 10, 'x')));
  CHECK(stream.room() == 10);
  CHECK_FALSE(stream.write(std::string(11, 'y')));
  CHECK(stream.write(std::string(10, 'z')));
  CHECK(reader.take().size() == kMaxStreamBytes);
  CHECK(stream.room() == kMaxStreamBytes);
}

TEST_CASE_METHOD(AttachedStream, "a stream that ends first delivers what waits") {
  stream.write("last words");
  stream.end();
  CHECK_FALSE(stream.write("too late"));
  CHECK(reader.take() == "last words");
  CHECK(reader.ended);
  CHECK(stream.over());
}

TEST_CASE_METHOD(AttachedStream, "the end wakes a stream that sleeps") {
  reader.take();
  stream.end();
  CHECK(reader.wakes == 1);
  reader.take();
  CHECK(reader.ended);
}

TEST_CASE_METHOD(AttachedStream, "a comment comes every 15 seconds") {
  stream.tend(kStart + std::chrono::seconds(14));
  CHECK(reader.take() == "");
  stream.tend(kStart + std::chrono::seconds(15));
  CHECK(reader.take() == ":\n\n");
  stream.tend(kStart + std::chrono::seconds(29));
  CHECK(reader.take() == "");
}

TEST_CASE_METHOD(AttachedStream,
                 "a reader that takes nothing is cut off, one that is slow is not") {
  stream.write(std::string(100, 'x'));
  std::array<char, 1> one{};
  for (int second = 0; second < 30; second += 5) {
    stream.tend(kStart + std::chrono::seconds(second));
    REQUIRE_FALSE(stream.over());
    stream.read(one);
  }
  stream.tend(kStart + std::chrono::seconds(30));
  stream.tend(kStart + std::chrono::seconds(39));
  CHECK_FALSE(stream.over());
  stream.tend(kStart + std::chrono::seconds(40));
  CHECK(stream.over());
  CHECK(reader.cuts == 1);
  CHECK(stream.room() == 0);
}

TEST_CASE_METHOD(AttachedStream, "a client that hung up is noticed while nothing is said") {
  reader.take();
  reader.hung_up = true;
  stream.tend(kStart + std::chrono::seconds(1));
  CHECK(stream.over());
  CHECK(reader.wakes == 1);
}

}  // namespace lastgasp
