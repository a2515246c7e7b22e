// All active rules, compiled for matching. What matches is what RE2 says of the cleaned line; the
// plain loop over the rules' own expressions is the reference the fast path is tested against.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/pack.h"
#include "rules/engine/rule.h"

namespace lastgasp {

using RuleIndex = std::uint32_t;  // of a rule within its RuleSet

struct Capture {
  std::string_view name;   // of the group; lives as long as the RuleSet
  std::string_view value;  // within the line; empty when the group took no part
};

struct RuleHit {
  RuleIndex index = 0;
  const Rule* rule = nullptr;
  std::span<const Capture> captures;  // named groups in order of appearance

  std::string_view capture(std::string_view name) const;  // empty when there is none
};

// A rule whose expression matches a line, but that is no hit.
struct WithheldRule {
  const Rule* rule = nullptr;
  bool other_platform = false;  // it applies elsewhere
  bool unless = false;          // its `unless` matches too
};

// Immutable after compile(); matching by several threads goes through one Matcher each, and shards
// that run at the same time should each have their own copy (compile again): RE2's lazily built
// automaton is behind a lock.
class RuleSet {
 public:
  // Later packs win: a rule with an id seen before replaces it, `disable` removes; the argument
  // `disable` comes last. Rules that are written wrongly or cost too much are refused by name, and
  // the rest load, among them a rule that a refused one would have replaced. `automaton_bytes` is
  // room for the automaton of all rules, of which it takes what traffic makes it build; in too
  // little room every line still matches right, but slowly.
  static constexpr std::int64_t kAutomatonBytes = 64 << 20;
  static std::shared_ptr<const RuleSet> compile(std::span<const Pack> packs,
                                                std::span<const std::string> disable = {},
                                                std::int64_t automaton_bytes = kAutomatonBytes);
  ~RuleSet();

  std::span<const Rule> rules() const;
  std::span<const RefusedRule> refused() const;
  // What its `match` took for a line of ordinary text when it was compiled, alone and building its
  // automaton on the way: what tells a dear rule from a cheap one. As one of many it costs much
  // less, and nobody knows how much.
  std::chrono::nanoseconds cost_alone(RuleIndex rule) const;

 private:
  friend class Matcher;
  struct Impl;
  explicit RuleSet(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One thread's scratch for one RuleSet. After its first lines, match() allocates nothing on a line
// that no rule matches; on others RE2 may, for the time of the call.
class Matcher {
 public:
  explicit Matcher(std::shared_ptr<const RuleSet> rules);
  ~Matcher();

  // The hits on `line`, a logger's stamp in front of it left out, on a console of `platform`
  // (empty: unknown, where platform-bound rules apply too), in the order of the rules. Valid until
  // the next call; captures point into `line`.
  std::span<const RuleHit> match(std::string_view line, std::string_view platform);
  // The rules that match `line` without being a hit. Slow: for whoever explains.
  std::vector<WithheldRule> withheld(std::string_view line, std::string_view platform) const;
  const RuleSet& rules() const;
  // Lines on which the automaton of all rules ran out of memory and every rule was tried alone:
  // the hits are the same, the time is a hundredfold. 0 in a healthy process.
  std::uint64_t slow_lines() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
