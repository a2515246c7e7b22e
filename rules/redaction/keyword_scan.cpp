#include "rules/redaction/keyword_scan.h"

#include <algorithm>

namespace lastgasp {
namespace {

constexpr std::size_t kLongestShift = 255;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

KeywordScan::KeywordScan(std::vector<std::string> keywords) : keywords_(std::move(keywords)) {
  shortest_ = kLongestShift;
  for (std::string& keyword : keywords_) {
    std::transform(keyword.begin(), keyword.end(), keyword.begin(), lower);
    shortest_ = std::min(shortest_, keyword.size());
  }
  shifts_.fill(static_cast<std::uint8_t>(shortest_ - 1));
  for (std::size_t number = 0; number < keywords_.size(); ++number) {
    const std::string& keyword = keywords_[number];
    for (std::size_t left = 0; left + 2 <= shortest_; ++left) {
      std::uint8_t& shift = shifts_[pair_at(keyword, keyword.size() - left)];
      shift = std::min(shift, static_cast<std::uint8_t>(left));
    }
    ending_[pair_at(keyword, keyword.size())].push_back(static_cast<std::uint16_t>(number));
  }
}

bool KeywordScan::ends_at(const std::string& keyword, std::string_view text,
                          std::size_t end) const {
  if (keyword.size() > end) return false;
  const char* at = text.data() + (end - keyword.size());
  for (const char c : keyword)
    if (lower(*at++) != c) return false;
  return true;
}

std::size_t KeywordScan::find(std::string_view text, std::size_t from) const {
  for (std::size_t end = std::max(from + 1, shortest_);; ++end) {
    end = skip(text, end);
    if (end > text.size()) return npos;
    for (const std::uint16_t number : ending_[pair_at(text, end)])
      if (ends_at(keywords_[number], text, end)) return end;
  }
}

void KeywordScan::all(std::string_view text, std::vector<std::uint16_t>& numbers) const {
  for (std::size_t end = shortest_;; ++end) {
    end = skip(text, end);
    if (end > text.size()) return;
    for (const std::uint16_t number : ending_[pair_at(text, end)])
      if (ends_at(keywords_[number], text, end)) numbers.push_back(number);
  }
}

}  // namespace lastgasp
