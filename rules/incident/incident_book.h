// The open incidents of one console and what is known about each beyond what it tells the world:
// opening, joining, repeating, reopening, resolving. Pure; one for each console.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/line/line_assembler.h"
#include "rules/engine/expression.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/incident.h"
#include "rules/incident/title.h"
#include "rules/incident/tracker.h"

namespace lastgasp {

// The rule of crashes that no rule names.
inline constexpr std::string_view kUnrecognisedRule = "lastgasp.unrecognised";

// Beside the incident; times are monotonic.
struct CaseNotes {
  std::uint64_t serial = 0;  // never used twice
  std::string family;        // first part of the id of the rule that gave the title
  std::string cause;         // the title without a function
  Kind cause_kind{};
  std::uint64_t cause_key = 0;  // of the sign that gave the title
  Blame blame{};
  std::optional<OpenTitle> open_title;  // when the dump completes it
  bool of_dump = false;  // opened by a rule's line, not by the incident machine itself
  MonoTime opened{};
  MonoTime last_sign{};
  bool booted = false;       // a boot since it opened
  bool complete = false;     // its dump came to its end marker
  std::uint32_t before = 0;  // crashes of the same cause that were incidents of their own lately
  bool dirty = false;
  std::vector<std::uint64_t> keys;  // of its findings
};

// An incident with its notes, wherever they are kept.
struct Case {
  Incident* incident = nullptr;
  CaseNotes* notes = nullptr;
  explicit operator bool() const { return incident != nullptr; }
};

// One that is not told to anybody, or not yet.
struct Draft {
  Incident incident;
  CaseNotes notes;
  Case as_case() { return {&incident, &notes}; }
};

// One hit as a finding.
struct Sign {
  const Rule* rule = nullptr;
  std::string title;
  std::uint64_t key = 0;  // the same for the same rule and normalised title
  Instant at{};
  std::uint64_t line = 0;
  std::optional<OpenTitle> open_title;  // when the rule wants a detail of the dump
};
Sign sign_of(const RuleHit& hit, const Line& line);

// A new case from its first sign, state capturing, without context and dump.
Draft draft_of(const Sign& sign);
// Another sign of the same trouble. Whether it gives the case another title: frames seen so far
// then belong to something else. `apart` when the dump before it was over.
bool add_sign(Case c, const Sign& sign, bool apart);
// What a line of the dump tells in addition goes into the title at the next name_case().
void complete_title(Case c, const Expression& detail, std::string_view line);
// Gives the case its final title and fingerprint.
void name_case(Case c, std::vector<std::string> functions);

class IncidentBook {
 public:
  static constexpr std::size_t kMaxOpen = 32;    // the oldest then counts as resolved
  static constexpr std::size_t kMaxRecent = 4;   // resolved ones that may be reopened
  static constexpr std::uint32_t kMaxAlike = 8;  // crashes of one cause; further ones are counted
  static constexpr Micros kJoinWithin{std::chrono::seconds(5)};
  static constexpr std::uint64_t kJoinLines = 60;
  static constexpr std::uint64_t kJoinLinesOfMinor = 12;  // after what does not end a system

  IncidentBook(std::string console, const TrackerSettings& settings);

  // Takes it as open and tells the sink at the next flush. Gives its serial.
  std::uint64_t open(Draft draft);
  // Nothing when it is not open any more. A Case is valid until the next open(), same_as() or
  // flush().
  Case find(std::uint64_t serial);
  // The one this sign is an effect of: its last sign was moments ago.
  Case just_before(const Sign& sign);
  // The one this sign is a repetition of, opened again when it was resolved lately. A system that
  // came to its end and dies of the same again is none: that is a crash of its own.
  Case same_as(const Sign& sign);
  // The crash whose dump holds this line, told to the same microsecond: whoever prints it again
  // prints what it kept in memory. Nothing for a line without a time of its own.
  Case told_before(std::string_view line);
  // How many crashes of this cause were incidents of their own lately; those still open are over.
  std::uint32_t died_before(const Sign& sign);
  // The one that ended the system, which has not come back since.
  Case grave();
  // The first open incident that satisfies, in the order they opened.
  template <typename Predicate>
  Case first(Predicate satisfies) {
    for (std::size_t i = 0; i < incidents_.size(); ++i) {
      if (incidents_[i].state != IncidentState::resolved && satisfies(at(i))) {
        return at(i);
      }
    }
    return {};
  }
  template <typename Action>
  void each(Action act) {
    first([&](Case c) {
      act(c);
      return false;
    });
  }
  // Counts one more of the same; tells the sink at 1, 10, 100 ...
  static void repeat(Case c, Instant now, std::uint64_t line);
  static void resolve(Case c, Instant now, std::string how);
  // Resolves what had no sign for as long as it takes, when time alone does.
  void expire(Instant now);
  MonoTime due() const;
  // Tells the sink of every change since the last flush and forgets what is resolved.
  void flush(TrackerSink& sink);
  void restore(std::vector<Incident> open, Instant now);
  const std::vector<Incident>& open_incidents() const { return incidents_; }

 private:
  Case at(std::size_t i) { return {&incidents_[i], &notes_[i]}; }
  Case reopen(std::size_t recent);

  std::string console_;
  TrackerSettings settings_;
  std::vector<Incident> incidents_;  // resolved ones until the next flush
  std::vector<CaseNotes> notes_;     // of the incident at the same place
  std::vector<Draft> recent_;        // fatal ones that were resolved, oldest first
  std::uint64_t next_serial_ = 1;
};

}  // namespace lastgasp
