#include "rules/redaction/keyword_scan.h"

#include <algorithm>
#include <set>

#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

// Each once, rising.
std::vector<std::string> texts_of(const std::vector<std::string>& keywords) {
  std::set<std::string> texts;
  for (const std::string& keyword : keywords) texts.insert(in_lower_case(keyword));
  return {texts.begin(), texts.end()};
}

}  // namespace

KeywordScan::KeywordScan(const std::vector<std::string>& keywords)
    : scan_(texts_of(keywords)), numbers_(scan_.texts().size()) {
  const std::vector<std::string>& texts = scan_.texts();
  for (std::size_t number = 0; number < keywords.size(); ++number) {
    const std::string text = in_lower_case(keywords[number]);
    const auto place = std::lower_bound(texts.begin(), texts.end(), text) - texts.begin();
    numbers_[static_cast<std::size_t>(place)].push_back(static_cast<int>(number));
    longest_ = std::max(longest_, text.size());
  }
}

std::size_t KeywordScan::find(std::string_view text, std::size_t from) const {
  std::size_t first = npos;
  const std::size_t behind = from - std::min(from, longest_);
  scan_.each(text, behind, [&](std::uint32_t word, std::size_t begin) {
    const std::size_t end = begin + scan_.texts()[word].size();
    if (end > from) first = std::min(first, end);
    return first;
  });
  return first;
}

void KeywordScan::all(std::string_view text, std::vector<int>& numbers) const {
  scan_.each(text, 0, [&](std::uint32_t word, std::size_t) {
    const auto& its_numbers = numbers_[word];
    numbers.insert(numbers.end(), its_numbers.begin(), its_numbers.end());
    return text.size();
  });
}

}  // namespace lastgasp
