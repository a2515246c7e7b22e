#include "exporters/web/request.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

Request parsed(const std::string& target) {
  Request request;
  request.parse_target(target);
  return request;
}

int code_of(const std::string& target) {
  try {
    parsed(target);
    return 200;
  } catch (const HttpError& e) {
    return e.code();
  }
}

const WallTime kNow{std::chrono::hours(500'000)};

}  // namespace

TEST_CASE("a target is split before it is decoded") {
  const auto r = parsed("/consoles/a%2Fb%00c?q=1%262&q=x+y&flag&=&&console=%C3%A9");
  CHECK(r.path == std::vector<std::string>{"consoles", std::string("a/b\0c", 5)});
  CHECK(r.text("q") == "1&2");
  CHECK(r.all("q") == std::vector<std::string>{"1&2", "x y"});
  CHECK(r.text("flag").empty());
  CHECK(r.all("flag").empty());
  CHECK(r.text("console") == "\xc3\xa9");
}

TEST_CASE("the root has no segment and a plus in a path is a plus") {
  CHECK(parsed("/").path.empty());
  CHECK(parsed("/?a=b").path.empty());
  CHECK(parsed("/a+b").path == std::vector<std::string>{"a+b"});
}

TEST_CASE("broken escapes stay as they are") {
  CHECK(url_decoded("100%", false) == "100%");
  CHECK(url_decoded("%zz%4", false) == "%zz%4");
  CHECK(url_decoded("%41%4a%4A", true) == "AJJ");
}

TEST_CASE("any text survives encoding and decoding") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const auto encoded = url_encoded(all);
  CHECK(url_decoded(encoded, true) == all);
  CHECK(url_decoded(encoded, false) == all);
  CHECK(encoded.find_first_of("<>\"'&?#/ ") == std::string::npos);
}

TEST_CASE("targets that are too much are refused") {
  CHECK(code_of("/" + std::string(kMaxTargetBytes - 1, 'a')) == 200);
  CHECK(code_of("/" + std::string(kMaxTargetBytes, 'a')) == 414);
  std::string many = "/?";
  for (std::size_t i = 0; i < kMaxParameters; ++i) many += "a=1&";
  CHECK(code_of(many) == 200);
  CHECK(code_of(many + "a=1") == 400);
  CHECK(code_of("*") == 400);
  CHECK(code_of("http://evil/") == 400);
  CHECK(code_of("") == 400);
}

TEST_CASE("parameters are read strictly and errors say what would be right") {
  const auto r = parsed("/?n=12&bad=12x&neg=-1&on=on&off=0&odd=maybe&t=2h&never=soon");
  CHECK(r.number("n", 5, 100) == 12);
  CHECK(r.number("none", 5, 100) == 5);
  CHECK_THROWS_WITH(r.number("bad", 5, 100), "bad: '12x' is not a number from 0 to 100");
  CHECK_THROWS_AS(r.number("neg", 5, 100), HttpError);
  CHECK_THROWS_AS(r.number("n", 5, 11), HttpError);
  CHECK(r.flag("on"));
  CHECK_FALSE(r.flag("off"));
  CHECK_FALSE(r.flag("none"));
  CHECK_THROWS_WITH(r.flag("odd"), "odd: 'maybe' is neither 1 nor 0");
  CHECK(r.time("t", kNow) == kNow - std::chrono::hours(2));
  CHECK_FALSE(r.time("none", kNow));
  CHECK_THROWS_WITH(r.time("never", kNow), Catch::Contains("never: 'soon' is not a time"));
}

TEST_CASE("a misspelt parameter is refused with those there are") {
  const auto r = parsed("/?until=1&untill=2");
  CHECK_THROWS_WITH(r.only({"since", "until"}),
                    "there is no parameter 'untill'; there are: since, until");
  CHECK_THROWS_WITH(r.only({}), Catch::Contains("takes none"));
  CHECK_NOTHROW(r.only({"until", "untill"}));
}

}  // namespace lastgasp
