#include "collector/core/bytes.h"

#include <catch2/catch.hpp>
#include <limits>

namespace lastgasp {

TEST_CASE("nothing but printable ASCII survives escaping") {
  CHECK(escaped("ok\t\x1b[2J\\ \xff\x7f") == "ok\\t\\x1b[2J\\\\ \\xff\\x7f");
}

TEST_CASE("UTF-8 stays, the rest is Latin-1, controls are replaced") {
  CHECK(to_utf8("Zürich") == "Zürich");
  CHECK(to_utf8("Z\xfcrich") == "Zürich");
  CHECK(to_utf8("\x1b[0m\x9b") == "\uFFFD[0m\uFFFD");
  CHECK(to_utf8("\xc2\x9b") == "\u00c2\uFFFD");            // a C1 control as UTF-8
  CHECK(to_utf8("\xed\xa0\x80") == "\u00ed\u00a0\uFFFD");  // a surrogate
}

TEST_CASE("varints come back and end early without harm") {
  for (const std::uint64_t v : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                std::numeric_limits<std::uint64_t>::max()}) {
    std::string text;
    append_varint(text, v);
    std::string_view in = text;
    CHECK(take_varint(in) == v);
    CHECK(in.empty());
    in = std::string_view(text).substr(0, text.size() - 1);
    CHECK_FALSE(take_varint(in));
  }
  std::string_view too_long = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  CHECK_FALSE(take_varint(too_long));
  CHECK(unzigzag(zigzag(-5)) == -5);
}

TEST_CASE("sizes") {
  CHECK(parse_bytes("200G") == std::uint64_t{200} << 30);
  CHECK_FALSE(parse_bytes("200GB"));
  CHECK_FALSE(parse_bytes("99999999999T"));
  CHECK(format_bytes(1536) == "1.5 KiB");
}

TEST_CASE("globs") {
  CHECK(glob_match("ts1-*", "ts1-2001"));
  CHECK(glob_match("*core?*", "ams-core1.pop"));
  CHECK_FALSE(glob_match("ts1-", "ts1-2001"));
  CHECK(glob_match("*", ""));
}

}  // namespace lastgasp
