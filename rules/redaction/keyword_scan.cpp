#include "rules/redaction/keyword_scan.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace lastgasp {
namespace {

constexpr std::size_t kLongestStep = 3;
constexpr std::size_t kAtOnce = 8;  // steps between two branches
constexpr std::size_t kChains = 256;
constexpr std::size_t kPairs = 65536;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

bool stands_at(const std::string& word, const char* at) {
  return std::equal(word.begin(), word.end(), at, [](char a, char b) { return a == lower(b); });
}

std::uint16_t index_of(const char* pair) {
  std::uint16_t index;
  std::memcpy(&index, pair, sizeof index);
  return index;
}

// One of 64 kinds: letters of either case are the same, and no letter is a figure or a sign.
std::uint64_t kind_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::uint64_t{1} << ((byte & 0x1fU) | (byte & 0x40U) >> 1);
}

// How often a byte comes in what consoles print, roughly.
double frequency(char c) {
  static constexpr std::string_view kOften = " etaoinsr0123456789lcdumpfgh.:-/,vbyw";
  const double rarer = static_cast<double>(kOften.size() - std::min(kOften.find(c), kOften.size()));
  return 10 + rarer * rarer;
}

}  // namespace

KeywordScan::KeywordScan(const std::vector<std::string>& keywords)
    : chain_of_pair_(kPairs), chains_(1) {
  add_words(keywords);
  for (std::size_t word = 0; word < words_.size(); ++word) add_pairs(word);
}

void KeywordScan::add_words(const std::vector<std::string>& keywords) {
  step_ = kLongestStep;
  for (std::size_t number = 0; number < keywords.size(); ++number) {
    std::string text = keywords[number];
    std::transform(text.begin(), text.end(), text.begin(), lower);
    step_ = std::min(step_, text.size() - 1);
    longest_ = std::max(longest_, text.size());
    auto word = std::find_if(words_.begin(), words_.end(),
                             [&](const Word& known) { return known.text == text; });
    if (word == words_.end()) word = words_.insert(word, {std::move(text), {}});
    word->numbers.push_back(static_cast<std::uint16_t>(number));
  }
  // A short word has little choice; what it brings is there for the longer ones.
  std::stable_sort(words_.begin(), words_.end(),
                   [](const Word& a, const Word& b) { return a.text.size() < b.text.size(); });
}

// Takes step_ pairs, each a byte behind the other, the rarest; those of other words cost nothing.
void KeywordScan::add_pairs(std::size_t word) {
  const std::string& text = words_[word].text;
  std::size_t best = 0;
  double least = std::numeric_limits<double>::max();
  for (std::size_t from = 0; from + step_ < text.size(); ++from) {
    double cost = 0;
    for (std::size_t i = from; i < from + step_; ++i)
      if (chain_at(&text[i]) == 0) cost += frequency(text[i]) * frequency(text[i + 1]);
    if (cost >= least) continue;
    least = cost;
    best = from;
  }
  for (std::size_t i = best; i < best + step_; ++i) add_pair(word, i);
}

void KeywordScan::add_pair(std::size_t word, std::size_t offset) {
  const char* const pair = &words_[word].text[offset];
  std::uint8_t chain = chain_at(pair);
  if (chain == 0) {
    chain = static_cast<std::uint8_t>(chains_.size());
    if (chains_.size() < kChains) chains_.emplace_back();
    if (chain == 0) chain = kChains - 1;
    for (const char first : {pair[0], upper(pair[0])})
      for (const char second : {pair[1], upper(pair[1])}) {
        const char either[] = {first, second};
        chain_of_pair_[index_of(either)] = chain;
      }
  }
  Chain& added = chains_[chain];
  const Around known = around(words_[word].text, offset);
  added.places.push_back(
      {known, static_cast<std::uint16_t>(word), static_cast<std::uint16_t>(offset)});
  added.around.before |= known.before;
  added.around.behind |= known.behind;
}

// Beyond the ends of the text is anything.
inline KeywordScan::Around KeywordScan::around(std::string_view text, std::size_t at) {
  return {at > 0 ? kind_of(text[at - 1]) : ~std::uint64_t{0},
          at + 2 < text.size() ? kind_of(text[at + 2]) : ~std::uint64_t{0}};
}

inline std::uint8_t KeywordScan::chain_at(const char* pair) const {
  return chain_of_pair_[index_of(pair)];
}

inline bool KeywordScan::known_among(const char* pair) const {
  unsigned any = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i, pair += step_) any |= chain_at(pair);
  return any != 0;
}

// Calls found(word, end) for the words in the text that have a known pair from `at` on, in the
// order of those, until it returns where the search may end.
template <typename Found>
void KeywordScan::scan(std::string_view text, std::size_t at, Found found) const {
  const std::size_t stride = kAtOnce * step_;
  for (std::size_t until = text.size(); at + 2 <= until;) {
    const bool whole = at + stride + 1 <= until;
    const std::size_t end = whole ? at + stride : until - 1;
    if (whole && !known_among(text.data() + at)) {
      at = end;
      continue;
    }
    for (; at < end; at += step_) {
      const std::uint8_t chain = chain_at(text.data() + at);
      if (chain == 0) continue;
      const Around here = around(text, at);
      if (chains_[chain].around.fits(here)) compare(chains_[chain], here, text, at, until, found);
    }
  }
}

template <typename Found>
[[gnu::noinline]] void KeywordScan::compare(const Chain& chain, const Around& here,
                                            std::string_view text, std::size_t at,
                                            std::size_t& until, Found& found) const {
  for (const Place& place : chain.places) {
    if (!place.around.fits(here)) continue;
    const std::string& word = words_[place.word].text;
    if (place.offset > at || at - place.offset + word.size() > text.size()) continue;
    const std::size_t begin = at - place.offset;
    if (stands_at(word, text.data() + begin)) until = found(place.word, begin + word.size());
  }
}

std::size_t KeywordScan::find(std::string_view text, std::size_t from) const {
  std::size_t first = npos;
  scan(text, from < longest_ ? 0 : from - longest_ + 1, [&](std::size_t, std::size_t end) {
    if (end > from) first = std::min(first, end);
    return std::min(first, text.size());
  });
  return first;
}

void KeywordScan::all(std::string_view text, std::vector<std::uint16_t>& numbers) const {
  scan(text, 0, [&](std::size_t word, std::size_t) {
    numbers.insert(numbers.end(), words_[word].numbers.begin(), words_[word].numbers.end());
    return text.size();
  });
}

}  // namespace lastgasp
