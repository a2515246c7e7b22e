// The fast path against its reference: one RE2 for each rule, in a loop.
#include <re2/re2.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "rules/engine/rule_set.h"
#include "tests/unit/rules/engine/source_tree.h"

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

// Everything of a hit as text, so that a difference shows.
using Hit = std::string;

class PlainLoop {
 public:
  explicit PlainLoop(std::span<const Rule> rules) : rules_(rules) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    for (const Rule& rule : rules) {
      match_.push_back(std::make_unique<re2::RE2>(rule.match, options));
      unless_.push_back(rule.unless.empty() ? nullptr
                                            : std::make_unique<re2::RE2>(rule.unless, options));
    }
  }

  std::vector<Hit> match(std::string_view line, std::string_view platform) const {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const auto& on = rules_[i].platforms;
      const bool here =
          platform.empty() || on.empty() || std::find(on.begin(), on.end(), platform) != on.end();
      const re2::StringPiece text(line.data(), line.size());
      if (!here || (unless_[i] && re2::RE2::PartialMatch(text, *unless_[i]))) continue;
      std::vector<re2::StringPiece> groups(
          static_cast<std::size_t>(match_[i]->NumberOfCapturingGroups()) + 1);
      if (!match_[i]->Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                            static_cast<int>(groups.size()))) {
        continue;
      }
      hits.push_back(rules_[i].id);
      for (const auto& [number, name] : match_[i]->CapturingGroupNames()) {
        hits.back() += " " + name + "=" + std::string(groups[static_cast<std::size_t>(number)]);
      }
    }
    return hits;
  }

 private:
  std::span<const Rule> rules_;
  std::vector<std::unique_ptr<re2::RE2>> match_, unless_;
};

std::vector<Hit> fast(Matcher& matcher, std::string_view line, std::string_view platform) {
  std::vector<Hit> hits;
  for (const RuleHit& hit : matcher.match(line, platform)) {
    hits.push_back(hit.rule->id);
    for (const Capture& c : hit.captures) {
      hits.back() += " " + std::string(c.name) + "=" + std::string(c.value);
    }
  }
  return hits;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> captured_lines() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kSourceTree / "tests/data/captures")) {
    if (entry.file_size() < 200'000) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> all;
  for (const auto& file : files) {
    const auto lines = lines_of(file);
    all.insert(all.end(), lines.begin(), lines.end());
  }
  return all;
}

// Text near to what the rules look for: their own samples, cut, joined and damaged.
std::string damaged(const std::vector<std::string>& from, std::mt19937& random) {
  const auto pick = [&](std::size_t n) { return random() % n; };
  std::string line;
  for (std::size_t part = 0; part <= pick(3); ++part) {
    const std::string& source = from[pick(from.size())];
    const std::size_t begin = pick(source.size() + 1);
    line += pick(2) == 0 ? source : source.substr(begin, pick(source.size() - begin + 1));
  }
  for (std::size_t n = pick(4); n > 0 && !line.empty(); --n) {
    line[pick(line.size())] = static_cast<char>(pick(256));
  }
  return line;
}

}  // namespace

TEST_CASE("over real consoles, the fast path finds what the plain loop finds") {
  const auto packs = load_packs(kSourceTree / "rules/packs");
  Matcher matcher(RuleSet::compile(packs));
  const PlainLoop plain(matcher.rules().rules());
  const auto lines = captured_lines();
  REQUIRE(lines.size() > 1000);
  std::size_t found = 0;
  for (const std::string& line : lines) {
    for (const std::string_view platform : {"", "linux"}) {
      const auto expected = plain.match(line, platform);
      found += expected.size();
      REQUIRE(fast(matcher, line, platform) == expected);
    }
  }
  CHECK(found > 50);
}

TEST_CASE("over damaged samples and random bytes, the fast path finds what the plain loop finds") {
  const auto packs = load_packs(kSourceTree / "rules/packs");
  const bool little_memory = GENERATE(false, true);
  Matcher matcher(RuleSet::compile(packs, {}, little_memory ? 1000 : RuleSet::kAutomatonBytes));
  const PlainLoop plain(matcher.rules().rules());
  std::vector<std::string> samples;
  for (const Rule& rule : matcher.rules().rules()) {
    samples.insert(samples.end(), rule.samples.begin(), rule.samples.end());
    samples.insert(samples.end(), rule.rejects.begin(), rule.rejects.end());
  }
  std::mt19937 random(20261122);
  std::size_t found = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string line = damaged(samples, random);
    const auto expected = plain.match(line, "");
    found += expected.size();
    REQUIRE(fast(matcher, line, "") == expected);
  }
  CHECK(found > 1000);
  CHECK((matcher.slow_lines() > 0) == little_memory);
}
