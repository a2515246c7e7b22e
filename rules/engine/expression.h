// A regular expression of a rule: RE2 on the bytes of a cleaned line (Latin-1), unanchored.
#pragma once

#include <memory>
#include <optional>
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

  // Where the first match from offset `from` on is, and within it the group of this number, which
  // has no length when it took no part. `^` and `\b` mean the whole line all the same.
  struct Place {
    std::size_t begin = 0, end = 0;
    std::size_t group_begin = 0, group_end = 0;
  };
  static constexpr int kMostGroups = 15;  // `group` at most
  std::optional<Place> find(std::string_view line, std::size_t from, int group) const;
  // The number of the group of this name; 0 when there is none.
  int group_named(std::string_view name) const;

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
