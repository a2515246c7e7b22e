// What of a search the gram index can answer. One thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  // Texts by their grams, rising: a line that lacks any of them lacks one of the texts.
  struct Piece {
    std::vector<GramHash> grams, number_grams;

    void add(std::string_view text);
  };
  const std::vector<Piece>& pieces() const { return pieces_; }
  // Whether a line with these pieces (their numbers, rising) may match.
  bool may_match(const std::vector<int>& pieces) const;

 private:
  bool narrow_by(const std::string& expression, bool ignore_case);

  std::vector<Piece> pieces_;
  std::unique_ptr<RegexAtoms> atoms_;  // null for a plain substring
};

}  // namespace lastgasp
