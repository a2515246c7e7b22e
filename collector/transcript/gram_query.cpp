#include "collector/transcript/gram_query.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <string>

namespace lastgasp {

GramQuery::GramQuery(std::string_view text, bool regex, bool ignore_case) {
  if (!regex) {
    if (auto grams = gram_hashes(text); !grams.empty()) pieces_.push_back(std::move(grams));
    return;
  }
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  expression_ = std::make_unique<re2::FilteredRE2>(static_cast<int>(kGramLength));
  int id = 0;
  if (expression_->Add(std::string(text), options, &id) != re2::RE2::NoError) return;
  std::vector<std::string> atoms;
  expression_->Compile(&atoms);
  std::vector<int> unconditional;
  expression_->AllPotentials({}, &unconditional);
  if (!unconditional.empty()) return;
  for (const std::string& atom : atoms) pieces_.push_back(gram_hashes(atom));
}

GramQuery::~GramQuery() = default;

bool GramQuery::may_match(const std::vector<int>& pieces) const {
  if (!expression_) return !pieces.empty();
  std::vector<int> potentials;
  expression_->AllPotentials(pieces, &potentials);
  return !potentials.empty();
}

}  // namespace lastgasp
