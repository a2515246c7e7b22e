#include "collector/transcript/regex_atoms.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace lastgasp {
namespace {

// The end of the class that begins at `at`; npos when it has none.
std::size_t class_end(std::string_view expression, std::size_t at) {
  ++at;
  if (at < expression.size() && expression[at] == '^') ++at;
  for (std::size_t i = at; i < expression.size(); ++i) {
    if (expression[i] == '\\') {
      ++i;
    } else if (expression.substr(i, 2) == "[:") {
      i = expression.find(":]", i);
      if (i == std::string_view::npos) return i;
      ++i;
    } else if (expression[i] == ']' && i > at) {
      return i;
    }
  }
  return std::string_view::npos;
}

// The expression with any character in place of `\d` and of classes with a range, which matches all
// that it matched: RE2 would make a piece for each digit, and a text has to be asked for all ten.
std::string without_ranges(std::string_view expression) {
  if (expression.find("\\Q") != std::string_view::npos) return std::string(expression);
  std::string out;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const std::string_view two = expression.substr(i, 2);
    if (two == "\\d") {
      out += '.';
      ++i;
    } else if (two.size() == 2 && two[0] == '\\') {
      out += two;
      ++i;
    } else if (expression[i] == '[') {
      const std::size_t end = class_end(expression, i);
      if (end == std::string_view::npos) return std::string(expression);
      const std::string_view all = expression.substr(i, end - i + 1);
      out += all.find('-') == std::string_view::npos ? all : ".";
      i = end;
    } else {
      out += expression[i];
    }
  }
  return out;
}

}  // namespace

RegexAtoms::RegexAtoms(const std::string& expression, bool ignore_case, std::size_t shortest)
    : expression_(std::make_unique<re2::FilteredRE2>(static_cast<int>(shortest))) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_case_sensitive(!ignore_case);
  options.set_log_errors(false);
  int id = 0;
  if (expression_->Add(without_ranges(expression), options, &id) != re2::RE2::NoError) return;
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
