#include "collector/transcript/text_matcher.h"

#include <re2/re2.h>
#include <string.h>

#include <algorithm>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

constexpr std::int64_t kRegexMemory = 16 << 20;

std::size_t find(std::string_view text, std::string_view literal, std::size_t from = 0) {
  if (from > text.size()) return std::string_view::npos;
  const void* at = memmem(text.data() + from, text.size() - from, literal.data(), literal.size());
  return at ? static_cast<std::size_t>(static_cast<const char*>(at) - text.data())
            : std::string_view::npos;
}

}  // namespace

TextMatcher::TextMatcher(std::string_view text, bool regex, bool ignore_case) : literal_(text) {
  if (text.empty() || (!regex && !ignore_case)) return;
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  regex_ = std::make_unique<re2::RE2>(regex ? literal_ : re2::RE2::QuoteMeta(literal_), options);
  if (!regex_->ok()) {
    throw Error("bad regular expression '" + literal_ + "': " + regex_->error() +
                " (the syntax is that of RE2)");
  }
}

TextMatcher::~TextMatcher() = default;

bool TextMatcher::matches(std::string_view line) const {
  if (regex_) return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *regex_);
  return literal_.empty() || find(line, literal_) != std::string_view::npos;
}

std::vector<std::pair<std::size_t, std::size_t>> TextMatcher::find_all(
    std::string_view line) const {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  if (literal_.empty()) return found;
  const re2::StringPiece whole(line.data(), line.size());
  for (std::size_t from = 0; from <= line.size();) {
    std::size_t at = 0, length = literal_.size();
    if (regex_) {
      re2::StringPiece match;
      if (!regex_->Match(whole, from, line.size(), re2::RE2::UNANCHORED, &match, 1)) break;
      at = static_cast<std::size_t>(match.data() - line.data());
      length = match.size();
    } else {
      at = find(line, literal_, from);
      if (at == std::string_view::npos) break;
    }
    if (length > 0) found.emplace_back(at, length);
    from = at + std::max<std::size_t>(length, 1);
  }
  return found;
}

bool TextMatcher::may_match(std::string_view lines) const {
  return regex_ || literal_.empty() || find(lines, literal_) != std::string_view::npos;
}

}  // namespace lastgasp
