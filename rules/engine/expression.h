// A regular expression of a rule: RE2 on the bytes of a cleaned line (Latin-1), unanchored.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace lastgasp {

// Immutable; matching is safe from any thread.
class Expression {
 public:
  // Throws Error with RE2's reason when `pattern` does not compile.
  explicit Expression(const std::string& pattern);
  ~Expression();
  Expression(Expression&& other) noexcept;
  Expression& operator=(Expression&& other) noexcept;

  bool matches(std::string_view line) const;
  // What the named groups capture, in order of appearance; empty when it does not match.
  std::vector<std::pair<std::string, std::string>> captured(std::string_view line) const;

  // Named groups, number and name, in order of appearance.
  const std::vector<std::pair<int, std::string>>& names() const { return names_; }
  // One more than the number of the last named group; 0 when there is none.
  int group_count() const { return group_count_; }
  const re2::RE2& compiled() const { return *compiled_; }

 private:
  std::unique_ptr<re2::RE2> compiled_;
  std::vector<std::pair<int, std::string>> names_;
  int group_count_ = 0;
};

}  // namespace lastgasp
