#include "rules/engine/text_scan.h"

#include <catch2/catch.hpp>
#include <set>
#include <utility>

using namespace lastgasp;

namespace {

using Places = std::set<std::pair<std::string, std::size_t>>;

Places places_in(const TextScan& scan, const std::vector<std::string>& texts, std::string_view text,
                 std::size_t from = 0, std::size_t end = std::string_view::npos) {
  Places places;
  scan.each(text, from, [&](std::uint32_t number, std::size_t begin) {
    places.emplace(texts[number], begin);
    return end;
  });
  return places;
}

}  // namespace

TEST_CASE("a scan tells where each of its texts stands, also within one another") {
  const std::vector<std::string> texts{"pan", "panic", "anic at", "ic a", "kernel panic"};
  const TextScan scan(texts);
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string text = std::string(before, '.') + "Kernel PANIC at pan";
    CHECK(places_in(scan, texts, text) == Places{{"kernel panic", before},
                                                 {"panic", before + 7},
                                                 {"pan", before + 7},
                                                 {"anic at", before + 8},
                                                 {"ic a", before + 10},
                                                 {"pan", before + 16}});
  }
  CHECK(places_in(scan, texts, "").empty());
  CHECK(places_in(scan, texts, "pa").empty());
  CHECK(places_in(TextScan({}), {}, "anything at all").empty());
}

TEST_CASE("a scan begins and ends where it is told") {
  const std::vector<std::string> texts{"reset"};
  const TextScan scan(texts);
  std::string text;
  for (int i = 0; i < 20; ++i) text += "reset .";
  for (std::size_t from = 0; from + 1 < text.size(); ++from) {
    const Places behind = places_in(scan, texts, text, from);
    for (std::size_t at = 0; at < text.size(); at += 7)
      if (at > from || at + from == 0) CHECK(behind.count({"reset", at}) == 1);
  }
  // What ends beyond the end it is told is not looked for.
  CHECK(places_in(scan, texts, text, 0, 5) == Places{{"reset", 0}});
}
