#include "rules/engine/coverage.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

using namespace lastgasp;

namespace {

Rule rule(Kind kind, bool experimental = false, std::vector<std::string> platforms = {},
          std::string learns = {}) {
  Rule r;
  r.kind = kind;
  r.experimental = experimental;
  r.platforms = std::move(platforms);
  r.learns = std::move(learns);
  return r;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  for (auto at = line.find('|'); at + 1 < line.size();) {
    const auto end = line.find('|', at + 1);
    std::string cell = line.substr(at + 1, end - at - 1);
    while (cell.starts_with(' ')) cell.erase(0, 1);
    while (cell.ends_with(' ')) cell.pop_back();
    all.push_back(cell);
    at = end;
  }
  return all;
}

// The cells of one row by the heads of their columns.
std::map<std::string, std::string> row_of(const std::string& table, std::size_t n) {
  const auto head = cells(lines(table).at(0)), row = cells(lines(table).at(2 + n));
  REQUIRE(head.size() == row.size());
  std::map<std::string, std::string> named;
  for (std::size_t i = 0; i < head.size(); ++i) named[head[i]] = row[i];
  return named;
}

}  // namespace

TEST_CASE("the table counts the rules of each pack by event, and experimental ones apart") {
  Pack bsd, any;
  bsd.name = "bsd";
  bsd.rules = {rule(Kind::panic, false, {"netbsd"}),
               rule(Kind::crash, true),
               rule(Kind::crash),
               rule(Kind::login, true),
               rule(Kind::hang),
               rule(Kind::boot_start, false, {}, "freebsd")};
  any.name = "any";
  any.rules = {rule(Kind::stuck), rule(Kind::bootloader)};
  const std::string table = coverage_table(std::vector<Pack>{bsd, any});
  REQUIRE(lines(table).size() == 4);
  auto first = row_of(table, 0), second = row_of(table, 1);
  CHECK(first["pack"] == "`bsd`");
  CHECK(first["platforms"] == "freebsd, netbsd");
  CHECK(first["panic, crash"] == "2+1e");
  CHECK(first["up, login, prompt"] == "1e");
  CHECK(first["hang, watchdog"] == "1");
  CHECK(first["storage"].empty());
  CHECK(second["platforms"] == "any");
  CHECK(second["boot loader, stuck"] == "2");
}

TEST_CASE("every kind a rule can have is in one column") {
  for (std::size_t k = 0; k < static_cast<std::size_t>(Kind::reboot_loop); ++k) {
    Pack pack;
    pack.rules = {rule(static_cast<Kind>(k))};
    const auto row = cells(lines(coverage_table({&pack, 1})).at(2));
    INFO(kKindNames[k]);
    CHECK(std::count(row.begin(), row.end(), "1") == 1);
  }
}
