// Pieces of text of which a regular expression needs some: a text that lacks them cannot match,
// which is cheaper to see than to ask the expression. RE2 itself takes the expression apart. One
// thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class FilteredRE2;
}

namespace lastgasp {

class RegexAtoms {
 public:
  // `expression` has been found good. Pieces shorter than `shortest` are not looked at.
  RegexAtoms(const std::string& expression, bool ignore_case, std::size_t shortest);
  ~RegexAtoms();

  // Whether it needs any; if not, any text may match.
  bool narrow() const { return !atoms_.empty(); }
  // A-Z as a-z.
  const std::vector<std::string>& atoms() const { return atoms_; }
  // Their numbers, in the order in which it is best to look for them.
  const std::vector<int>& longest_first() const { return longest_first_; }
  // Whether a text with these of them (their numbers, rising) may match.
  bool may_match(const std::vector<int>& present) const;

 private:
  std::unique_ptr<re2::FilteredRE2> expression_;
  std::vector<std::string> atoms_;
  std::vector<int> longest_first_;
};

// A-Z as a-z, the rest as it is; at the front of `out`, which only grows.
void fold_case(std::string_view text, std::string& out);

}  // namespace lastgasp
