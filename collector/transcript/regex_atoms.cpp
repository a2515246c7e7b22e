#include "collector/transcript/regex_atoms.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace lastgasp {

RegexAtoms::RegexAtoms(const std::string& expression, bool ignore_case, std::size_t shortest)
    : expression_(std::make_unique<re2::FilteredRE2>(static_cast<int>(shortest))) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  int id = 0;
  if (expression_->Add(expression, options, &id) != re2::RE2::NoError) return;
  std::vector<std::string> atoms;
  expression_->Compile(&atoms);
  std::vector<int> unconditional;
  expression_->AllPotentials({}, &unconditional);
  if (!unconditional.empty()) return;
  atoms_ = std::move(atoms);
  longest_first_.resize(atoms_.size());
  std::iota(longest_first_.begin(), longest_first_.end(), 0);
  const auto length = [this](int i) { return atoms_[static_cast<std::size_t>(i)].size(); };
  std::sort(longest_first_.begin(), longest_first_.end(),
            [&](int a, int b) { return length(a) > length(b); });
}

RegexAtoms::~RegexAtoms() = default;

bool RegexAtoms::may_match(const std::vector<int>& present) const {
  std::vector<int> potentials;
  expression_->AllPotentials(present, &potentials);
  return !potentials.empty();
}

void fold_case(std::string_view text, std::string& out) {
  if (out.size() < text.size()) out.resize(text.size());
  // Nothing but bytes, so that the compiler takes many at a step.
  const char* const from = text.data();
  char* const to = out.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t c = static_cast<std::uint8_t>(from[i]);
    const std::uint8_t upper = (c >= 'A') & (c <= 'Z');
    to[i] = static_cast<char>(c | static_cast<std::uint8_t>(upper << 5));
  }
}

}  // namespace lastgasp
