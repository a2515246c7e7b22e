#include "rules/engine/line_needs.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "rules/engine/characters.h"
#include "rules/engine/re2_options.h"

namespace lastgasp {
namespace {

// What prompts end in. One set of bytes for all of them is looked for faster than a rarer one each.
constexpr std::string_view kPromptEnds = "#$%>]";

bool is_prompt_end(std::string_view atom) {
  return atom.size() == 1 && kPromptEnds.find(atom[0]) != kPromptEnds.npos;
}

// Of one expression, with what RE2 says of any selection of its atoms.
class Prefilter {
 public:
  Prefilter(const std::string& pattern, std::size_t shortest)
      : filter_(static_cast<int>(shortest)) {
    int id = 0;
    filter_.Add(pattern, expression_options(), &id);
    filter_.Compile(&atoms);
  }

  // Whether the expression may match a line with these of the atoms, in rising order.
  bool may_match(const std::vector<int>& present) const {
    std::vector<int> expressions;
    filter_.AllPotentials(present, &expressions);
    return !expressions.empty();
  }

  std::vector<std::string> atoms;

 private:
  re2::FilteredRE2 filter_;
};

// Where the atoms without these cannot make a match, a match needs one of these.
bool enough(const Prefilter& prefilter, const std::vector<bool>& chosen) {
  std::vector<int> others;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (!chosen[i]) others.push_back(static_cast<int>(i));
  return !prefilter.may_match(others);
}

}  // namespace

LineNeedsFinder::LineNeedsFinder(std::string_view ordinary_text) {
  while (!ordinary_text.empty()) {
    const std::string_view line = ordinary_text.substr(0, ordinary_text.find('\n'));
    lines_.push_back(in_lower_case(line));
    ordinary_text.remove_prefix(std::min(line.size() + 1, ordinary_text.size()));
  }
}

// Bytes are held by many lines and say little: only where there is no text.
std::optional<LineNeeds> LineNeedsFinder::find(const std::string& pattern) const {
  if (auto texts = find(pattern, LineNeeds::kShortestText)) return texts;
  return find(pattern, 1);
}

std::optional<LineNeeds> LineNeedsFinder::find(const std::string& pattern,
                                               std::size_t shortest) const {
  const Prefilter prefilter(pattern, shortest);
  const std::vector<std::string>& atoms = prefilter.atoms;
  std::vector<bool> chosen(atoms.size(), true);
  if (!enough(prefilter, chosen)) return std::nullopt;
  std::vector<std::size_t> order(atoms.size()), held_by(atoms.size());
  std::iota(order.begin(), order.end(), 0);
  if (atoms.size() > 1)
    std::transform(atoms.begin(), atoms.end(), held_by.begin(), [this](const std::string& atom) {
      return is_prompt_end(atom) ? 0 : lines_with(atom);
    });
  // The first that can be done without goes.
  const auto worth = [&](std::size_t i) {
    return std::tuple(is_prompt_end(atoms[i]), atoms[i].size());
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return held_by[a] != held_by[b] ? held_by[a] > held_by[b] : worth(a) < worth(b);
  });
  for (const std::size_t i : order) {
    chosen[i] = false;
    chosen[i] = !enough(prefilter, chosen);
  }
  LineNeeds needs;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (!chosen[i]) continue;
    if (atoms[i].size() >= LineNeeds::kShortestText) {
      needs.texts.push_back(atoms[i]);
    } else {
      needs.bytes += rarest_byte(atoms[i]);
    }
  }
  return needs;
}

std::size_t LineNeedsFinder::lines_with(std::string_view text) const {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.end(),
                    [&](const std::string& line) { return line.find(text) != line.npos; }));
}

char LineNeedsFinder::rarest_byte(std::string_view text) const {
  const std::size_t end = text.find_first_of(kPromptEnds);
  if (end != text.npos) return text[end];
  return *std::min_element(text.begin(), text.end(), [this](char a, char b) {
    return lines_with({&a, 1}) < lines_with({&b, 1});
  });
}

}  // namespace lastgasp
