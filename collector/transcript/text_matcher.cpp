#include "collector/transcript/text_matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <numeric>

#include "collector/core/error.h"
#include "collector/transcript/find_text.h"

namespace lastgasp {
namespace {

constexpr std::int64_t kRegexMemory = 16 << 20;
constexpr std::size_t kShortestAtom = 3;  // shorter ones are everywhere

std::unique_ptr<re2::RE2> compile(const std::string& text, bool regex, bool ignore_case) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  auto compiled = std::make_unique<re2::RE2>(regex ? text : re2::RE2::QuoteMeta(text), options);
  if (!compiled->ok()) {
    throw Error("bad regular expression '" + text + "': " + compiled->error() +
                " (the syntax is that of RE2)");
  }
  return compiled;
}

// By offset; those that touch one another as one.
std::vector<std::pair<std::size_t, std::size_t>> merged(
    std::vector<std::pair<std::size_t, std::size_t>> found) {
  std::sort(found.begin(), found.end());
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (const auto& [at, length] : found) {
    if (out.empty() || at >= out.back().first + out.back().second) {
      out.emplace_back(at, length);
    } else {
      out.back().second = std::max(out.back().second, at + length - out.back().first);
    }
  }
  return out;
}

}  // namespace

TextMatcher::TextMatcher(std::span<const std::string> texts, bool regex, bool ignore_case) {
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    Term term{text, nullptr, nullptr};
    if (regex || ignore_case) {
      term.regex = compile(text, regex, ignore_case);
      term.atoms = std::make_unique<RegexAtoms>(term.regex->pattern(), ignore_case, kShortestAtom);
    }
    terms_.push_back(std::move(term));
  }
}

TextMatcher::~TextMatcher() = default;

bool TextMatcher::matches(std::string_view line) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    return term.regex
               ? re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *term.regex)
               : TextFinder(term.literal).find(line) != std::string_view::npos;
  });
}

std::vector<std::pair<std::size_t, std::size_t>> TextMatcher::find_all(
    std::string_view line) const {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  const re2::StringPiece whole(line.data(), line.size());
  for (const Term& term : terms_) {
    for (std::size_t from = 0; from <= line.size();) {
      std::size_t at = 0, length = term.literal.size();
      if (term.regex) {
        re2::StringPiece match;
        if (!term.regex->Match(whole, from, line.size(), re2::RE2::UNANCHORED, &match, 1)) break;
        at = static_cast<std::size_t>(match.data() - line.data());
        length = match.size();
      } else {
        at = TextFinder(term.literal).find(line, from);
        if (at == std::string_view::npos) break;
      }
      if (length > 0) found.emplace_back(at, length);
      from = at + std::max<std::size_t>(length, 1);
    }
  }
  return merged(std::move(found));
}

TextMatcher::Places TextMatcher::places(std::string_view lines) {
  bool fold = false;
  for (const Term& term : terms_) fold = fold || term.atoms;
  if (fold) fold_case(lines, folded_);
  std::optional<std::vector<std::size_t>> fewest;
  for (const Term& term : terms_) {
    if (term.atoms && !term.atoms->narrow()) continue;
    std::vector<std::size_t> places =
        places_of(term, lines, std::string_view(folded_).substr(0, lines.size()));
    if (!fewest || places.size() < fewest->size()) fewest = std::move(places);
    if (fewest->empty()) break;
  }
  return fewest;
}

std::vector<std::size_t> TextMatcher::places_of(const Term& term, std::string_view lines,
                                                std::string_view folded) {
  std::vector<std::size_t> places;
  const auto add_all = [&](std::string_view text, const std::string& piece) {
    const TextFinder finder(piece);
    for (std::size_t at = 0; (at = finder.find(text, at)) != std::string_view::npos; ++at) {
      places.push_back(at);
    }
  };
  if (!term.atoms) {
    add_all(lines, term.literal);
    return places;
  }
  std::vector<int> possible(term.atoms->atoms().size());
  std::iota(possible.begin(), possible.end(), 0);
  for (const int i : term.atoms->longest_first()) {
    const std::size_t before = places.size();
    add_all(folded, term.atoms->atoms()[static_cast<std::size_t>(i)]);
    if (places.size() > before) continue;
    std::erase(possible, i);
    if (!term.atoms->may_match(possible)) return {};
  }
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace lastgasp
