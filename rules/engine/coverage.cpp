#include "rules/engine/coverage.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace lastgasp {
namespace {

struct Column {
  std::string_view head;
  std::vector<Kind> kinds;
};

const std::vector<Column>& columns() {
  static const std::vector<Column> columns{
      {"panic, crash", {Kind::panic, Kind::crash}},
      {"hang, watchdog", {Kind::hang, Kind::watchdog}},
      {"process crash", {Kind::process_crash}},
      {"out of memory", {Kind::oom}},
      {"hardware", {Kind::hardware}},
      {"storage", {Kind::storage}},
      {"environment", {Kind::environment}},
      {"kernel warning", {Kind::kernel_warning}},
      {"boot", {Kind::boot_start}},
      {"up, login, prompt", {Kind::boot_done, Kind::login, Kind::prompt}},
      {"reset reason", {Kind::reset_reason}},
      {"boot loader, stuck", {Kind::bootloader, Kind::stuck}},
      {"shutdown", {Kind::shutdown}},
      {"replay", {Kind::replay}},
  };
  return columns;
}

struct Count {
  std::size_t verified = 0, experimental = 0;

  std::string text() const {
    if (verified + experimental == 0) return {};
    if (experimental == 0) return std::to_string(verified);
    const std::string untried = std::to_string(experimental) + "e";
    return verified == 0 ? untried : std::to_string(verified) + "+" + untried;
  }
};

Count count_of(const Pack& pack, const Column& column) {
  Count count;
  for (const Rule& rule : pack.rules) {
    if (std::find(column.kinds.begin(), column.kinds.end(), rule.kind) == column.kinds.end())
      continue;
    ++(rule.experimental ? count.experimental : count.verified);
  }
  return count;
}

// The platforms that its rules are bound to or tell from others.
std::string platforms_of(const Pack& pack) {
  std::set<std::string> platforms;
  for (const Rule& rule : pack.rules) {
    platforms.insert(rule.platforms.begin(), rule.platforms.end());
    if (!rule.learns.empty()) platforms.insert(rule.learns);
  }
  std::string text;
  for (const std::string& platform : platforms) text += (text.empty() ? "" : ", ") + platform;
  return text.empty() ? "any" : text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += cell.empty() ? " |" : " " + cell + " |";
  return text + "\n";
}

}  // namespace

std::string coverage_table(std::span<const Pack> packs) {
  std::vector<std::string> head{"pack", "platforms"};
  std::string rule = "|---|---|";
  for (const Column& column : columns()) {
    head.emplace_back(column.head);
    rule += "---|";
  }
  std::string table = row(head) + rule + "\n";
  for (const Pack& pack : packs) {
    std::vector<std::string> cells{"`" + pack.name + "`", platforms_of(pack)};
    for (const Column& column : columns()) cells.push_back(count_of(pack, column).text());
    table += row(cells);
  }
  return table;
}

}  // namespace lastgasp
