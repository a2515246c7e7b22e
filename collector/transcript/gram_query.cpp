#include "collector/transcript/gram_query.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lastgasp {
namespace {

void add_once(std::vector<GramHash>& hashes, const std::vector<GramHash>& more) {
  std::vector<GramHash> all;
  std::set_union(hashes.begin(), hashes.end(), more.begin(), more.end(), std::back_inserter(all));
  hashes = std::move(all);
}

}  // namespace

void GramQuery::Piece::add(std::string_view text) {
  add_once(grams, gram_hashes(text));
  add_once(number_grams, number_gram_hashes(text));
}

GramQuery::GramQuery(std::span<const std::string> texts, bool regex, bool ignore_case) {
  Piece all;
  for (const std::string& text : texts) {
    if (!regex) {
      all.add(text);
    } else if (narrow_by(text, ignore_case)) {
      return;
    }
  }
  if (!all.grams.empty()) pieces_.push_back(std::move(all));
}

bool GramQuery::narrow_by(const std::string& expression, bool ignore_case) {
  atoms_ = std::make_unique<RegexAtoms>(expression, ignore_case, kGramLength);
  for (const std::string& atom : atoms_->atoms()) pieces_.emplace_back().add(atom);
  return narrows();
}

bool GramQuery::may_match(const std::vector<int>& pieces) const {
  return atoms_ ? atoms_->may_match(pieces) : !pieces.empty();
}

}  // namespace lastgasp
