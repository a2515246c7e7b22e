// The table of what is covered, in rules/README.md, is that of the packs as they are.
#include "rules/engine/coverage.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "rules/packs/built_in_packs.h"

using namespace lastgasp;

namespace {

std::string readme() {
  auto root = std::filesystem::path(__FILE__);
  for (int i = 0; i < 5; ++i) root = root.parent_path();
  std::ostringstream text;
  text << std::ifstream(root / "rules/README.md").rdbuf();
  return text.str();
}

// What stands between the line that begins with `begin` and the line `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto line = text.find(begin);
  REQUIRE(line != text.npos);
  const auto from = text.find('\n', line) + 1;
  const auto to = text.find(end, from);
  REQUIRE(to != text.npos);
  return text.substr(from, to - from);
}

}  // namespace

TEST_CASE("the README's table of coverage is up to date") {
  std::vector<Pack> packs;
  for (const BuiltInPack& pack : built_in_packs())
    packs.push_back(parse_pack(pack.yaml, std::string(pack.file)));
  const std::string shown = between(readme(), "<!-- coverage:", "<!-- end of coverage -->");
  INFO(
      "Regenerate it at the top of the tree with a lastgasp built from these packs:\n"
      "  lastgasp rules coverage > table.md && sed -i -e '/<!-- coverage:/,/<!-- end of "
      "coverage/{//!d}' -e '/<!-- coverage:/r table.md' rules/README.md && rm table.md");
  CHECK(shown == coverage_table(packs));
}
