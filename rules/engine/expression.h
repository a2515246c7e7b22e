// The regular expressions of rules: RE2 with one set of options, everywhere. Internal to this
// folder.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lastgasp {

// Latin-1 (every byte is a character), no logging.
re2::RE2::Options expression_options();

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// A compiled expression and its named groups in order of appearance. Immutable; matching is safe
// from any thread.
class Expression {
 public:
  // Throws Error with RE2's reason when `pattern` does not compile.
  explicit Expression(const std::string& pattern);

  bool matches(std::string_view line) const;
  // Fills groups[0..n) from one match, n being group_count(): the whole match and the groups up to
  // the last named one.
  bool matches(std::string_view line, re2::StringPiece* groups) const;
  int group_count() const { return group_count_; }
  const std::vector<std::pair<int, std::string>>& names() const { return names_; }
  int program_size() const { return compiled_->ProgramSize(); }

 private:
  std::unique_ptr<re2::RE2> compiled_;
  std::vector<std::pair<int, std::string>> names_;
  int group_count_ = 0;
};

}  // namespace lastgasp
