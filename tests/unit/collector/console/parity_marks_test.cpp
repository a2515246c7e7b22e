#include "collector/console/sources/parity_marks.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lastgasp;
using namespace std::string_literals;

namespace {

std::string decode(ParityMarks& marks, std::string raw, std::size_t piece) {
  std::string out;
  for (std::size_t at = 0; at < raw.size(); at += piece) {
    out += marks.decode({raw.data() + at, std::min(piece, raw.size() - at)});
  }
  return out;
}

}  // namespace

TEST_CASE("marks_decoded_wherever_the_stream_is_cut") {
  const std::string raw =
      "a\xff\xff"
      "b\xff\0\0c\xff\0X"s +
      "d"s;
  for (const std::size_t piece : {1u, 2u, 3u, 4u, 100u}) {
    INFO(piece);
    ParityMarks marks;
    CHECK(decode(marks, raw, piece) ==
          "a\xff"
          "bcXd");
    CHECK(marks.breaks() == 1);
    CHECK(marks.damaged() == 1);
  }
}

TEST_CASE("plain_bytes_pass_untouched") {
  ParityMarks marks;
  CHECK(decode(marks, "Router>\0\r\n"s, 100) == "Router>\0\r\n"s);
  CHECK(marks.breaks() + marks.damaged() == 0);
}

TEST_CASE("undoubled_ff_of_a_careless_driver_loses_nothing_else") {
  ParityMarks marks;
  CHECK(decode(marks,
               "\xff"
               "Ab",
               100) == "Ab");
}
