// What of a search the gram index can answer. One thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "collector/transcript/gram_filter.h"
#include "collector/transcript/regex_atoms.h"

namespace lastgasp {

class GramQuery {
 public:
  // As TextMatcher; the regular expressions have been found good. Of several expressions the first
  // that narrows does.
  GramQuery(std::span<const std::string> texts, bool regex, bool ignore_case);

  // False when any text may match: it is too short, or the expression needs no certain piece.
  bool narrows() const { return !pieces_.empty(); }
  // Pieces of text, each by its grams: one that lacks any gram lacks the piece.
  const std::vector<std::vector<GramHash>>& pieces() const { return pieces_; }
  // Whether a text with these pieces (their numbers, rising) may match.
  bool may_match(const std::vector<int>& pieces) const;

 private:
  bool narrow_by(const std::string& expression, bool ignore_case);

  std::vector<std::vector<GramHash>> pieces_;
  std::unique_ptr<RegexAtoms> atoms_;  // null for a plain substring
};

}  // namespace lastgasp
