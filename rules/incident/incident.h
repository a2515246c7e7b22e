// What went wrong on one console, from its first line to its end. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/core/clock.h"
#include "rules/engine/rule.h"

namespace lastgasp {

enum class IncidentState : std::uint8_t {
  capturing,  // its dump is still being printed
  open,       // the dump is complete; the console has not recovered
  resolved,
};
inline constexpr std::array<std::string_view, 3> kIncidentStateNames{"capturing", "open",
                                                                     "resolved"};

// One line that a rule recognised within the incident, in the order of arrival; the first is the
// cause, the others are its effects.
struct Finding {
  std::string rule;
  Kind kind{};
  std::string title;
  std::uint64_t line = 0;  // number in the stream, from 1
  WallTime at{};
};

struct Incident {
  std::int64_t id = 0;  // given by whoever keeps it; 0 until then
  std::string console;
  Kind kind{};  // the gravest of its findings
  Severity severity{};
  std::string rule;      // of the finding that gave the title
  std::string platform;  // as known when it opened
  std::string title;
  std::string fingerprint;  // 16 hex digits; the same for the same crash on any router
  IncidentState state = IncidentState::capturing;
  WallTime opened{};
  WallTime updated{};  // last line that belongs to it
  WallTime resolved{};
  std::string resolution;  // "recovered: up after 74s", "no further sign for 15m"
  std::uint64_t first_line = 0, last_line = 0;  // stream line numbers, from 1
  std::vector<std::string> context;             // cleaned lines before it, oldest first; at most 50
  std::vector<std::string> dump;                // cleaned lines from the first on; capped
  std::vector<std::string> functions;           // first certain frames, innermost first; at most 8
  std::vector<Finding> findings;                // capped at 32
  std::vector<std::string> consoles;  // of a silence behind one server: all that fell silent
  bool unrecognised = false;          // no rule names it: it looks like a crash
  bool truncated = false;             // the dump broke off before its end
  bool interleaved = false;           // lines of two dumps are mixed
  std::uint32_t boots = 0;            // since it opened
  std::uint32_t repeats = 0;          // same fingerprint again while open
};

// The text is the one JSON form of an incident: in the store, in the API and on standard output.
std::string to_json(const Incident& incident);
// Throws Error when the text is not what to_json wrote.
Incident incident_from_json(std::string_view text);

}  // namespace lastgasp
