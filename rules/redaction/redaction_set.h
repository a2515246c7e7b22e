// All active redaction rules, compiled. Immutable; safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/expression.h"
#include "rules/engine/line_set.h"
#include "rules/redaction/keyword_scan.h"
#include "rules/redaction/redaction_pack.h"

namespace lastgasp {

// A place in a line that must not be kept.
struct Secret {
  std::size_t begin = 0, end = 0;
  // Lives as long as the RedactionSet; null: the rest of one that began on the line before.
  const RedactionRule* rule = nullptr;
};

// What the lines that follow may be, and what of them is secret.
struct RedactionBlock {
  const RedactionRule* rule = nullptr;
  Expression lines;

  // Whether the line belongs to the block; appends its secrets.
  bool find(std::string_view line, std::vector<Secret>& secrets) const;
};

// Reused from line to line, so that nothing is allocated for each.
struct RedactionFinding {
  std::vector<Secret> secrets;             // in no order; may overlap
  const RedactionBlock* begins = nullptr;  // the lines after this one are a block
  std::vector<int> numbers, matching;      // scratch
};

class RedactionSet {
 public:
  // A later rule of the same id replaces an earlier one. Throws Error for an id in `disable`, of a
  // pack or here, that no rule has: a mistyped one would leave the rule on.
  static std::shared_ptr<const RedactionSet> compile(std::span<const RedactionPack> packs,
                                                     std::span<const std::string> disable = {});

  const KeywordScan& keywords() const { return keywords_; }
  std::size_t size() const { return rules_.size(); }
  // Fills `finding` with what is secret in this line, cleaned, or in as much of it as has come.
  void find(std::string_view line, std::string_view platform, RedactionFinding& finding) const;

 private:
  struct Compiled {
    RedactionRule rule;
    Expression match;
    int secret = 0;  // the group of it
    std::unique_ptr<RedactionBlock> block;
  };
  static Compiled compiled(const RedactionRule& rule);
  void keep_matching(std::string_view text, RedactionFinding& finding) const;
  explicit RedactionSet(const std::vector<const RedactionRule*>& rules);

  std::vector<Compiled> rules_;
  std::vector<int> rule_of_keyword_;  // by number of keyword
  KeywordScan keywords_;
  LineSet all_;  // their `match` expressions
};

}  // namespace lastgasp
