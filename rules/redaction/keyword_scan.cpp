#include "rules/redaction/keyword_scan.h"

#include <algorithm>
#include <map>

#include "rules/engine/characters.h"

namespace lastgasp {

KeywordScan::Words::Words(const std::vector<std::string>& keywords) {
  std::map<std::string, std::vector<std::uint16_t>> all;
  for (std::size_t number = 0; number < keywords.size(); ++number) {
    std::string text = keywords[number];
    std::transform(text.begin(), text.end(), text.begin(), lower);
    longest = std::max(longest, text.size());
    all[text].push_back(static_cast<std::uint16_t>(number));
  }
  for (auto& [text, its_numbers] : all) {
    texts.push_back(text);
    numbers.push_back(std::move(its_numbers));
  }
}

KeywordScan::KeywordScan(const std::vector<std::string>& keywords)
    : words_(keywords), scan_(words_.texts) {}

std::size_t KeywordScan::find(std::string_view text, std::size_t from) const {
  std::size_t first = npos;
  const std::size_t behind = from - std::min(from, words_.longest);
  scan_.each(text, behind, [&](std::uint32_t word, std::size_t begin) {
    const std::size_t end = begin + words_.texts[word].size();
    if (end > from) first = std::min(first, end);
    return first;
  });
  return first;
}

void KeywordScan::all(std::string_view text, std::vector<std::uint16_t>& numbers) const {
  scan_.each(text, 0, [&](std::uint32_t word, std::size_t) {
    const auto& its_numbers = words_.numbers[word];
    numbers.insert(numbers.end(), its_numbers.begin(), its_numbers.end());
    return text.size();
  });
}

}  // namespace lastgasp
