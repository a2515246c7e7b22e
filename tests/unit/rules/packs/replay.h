// A recorded console through the real path: bytes, lines, the built-in rules, the tracker.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collector/line/line_assembler.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/tracker.h"
#include "rules/packs/built_in_packs.h"

namespace lastgasp::recorded {

inline std::shared_ptr<const RuleSet> built_in_rules() {
  static const std::shared_ptr<const RuleSet> rules = [] {
    std::vector<Pack> packs;
    for (const BuiltInPack& pack : built_in_packs()) {
      packs.push_back(parse_pack(pack.yaml, std::string(pack.file)));
    }
    return RuleSet::compile(packs);
  }();
  return rules;
}

// The tests' folder, from where this file was compiled.
inline std::string capture_file(const std::string& name) {
  const std::string here = __FILE__;
  return here.substr(0, here.rfind("/unit/")) + "/data/captures/" + name;
}

inline std::string capture_bytes(const std::string& name) {
  std::ifstream in(capture_file(name), std::ios::binary);
  INFO(name);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Plays a capture at 115200 baud.
class Replay final : TrackerSink, LineSink {
 public:
  static constexpr std::size_t kSlice = 115;  // bytes in 10 ms

  explicit Replay(const std::string& name) : Replay(name, capture_bytes(name)) {}
  Replay(const std::string& name, std::string_view bytes)
      : matcher_(built_in_rules()), tracker_(name, "", {}) {
    tracker_.link(true, now_, *this);
    for (std::size_t at = 0; at < bytes.size(); at += kSlice) {
      assembler_.feed(bytes.substr(at, kSlice), now_, *this);
      wait(std::chrono::milliseconds(10));
    }
  }
  void wait(Micros time) {
    now_ = now_ + time;
    assembler_.quiet(now_, *this);
    if (tracker_.due() <= now_.mono) {
      tracker_.tick(now_, *this);
    }
  }
  void end() {
    assembler_.flush(*this);
    tracker_.finish(now_, *this);
  }

  std::map<std::int64_t, Incident> incidents;
  std::vector<Boot> boots;  // each with what was known of it last
  std::string platform;

 private:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) {
      incident.id = static_cast<std::int64_t>(incidents.size()) + 1;
    }
    incidents[incident.id] = incident;
  }
  void on_boot(const Boot& boot) override {
    if (boots.empty() || boots.back().began != boot.began) {
      boots.push_back(boot);
    }
    boots.back() = boot;
  }
  void on_platform(std::string_view name) override { platform = name; }
  void on_line(const Line& line) override {
    tracker_.line(line, matcher_.match(line.text, tracker_.platform()), *this);
  }

  Instant now_{from_unix_micros(1'800'000'000'000'000), MonoTime{}};
  Matcher matcher_;
  LineAssembler assembler_;
  Tracker tracker_;
};

// What became of it, for a person to compare: the platform, why each boot came (+ when the system
// came up, - when not), and a line for each incident with its first line's number.
inline std::string told(const Replay& replay) {
  std::string out = replay.platform.empty() ? "?" : replay.platform;
  out += ", boots:";
  for (const Boot& boot : replay.boots) {
    out += ' ' + std::string(name_of(boot.reason));
    out += boot.done == WallTime{} ? "-" : "+";
  }
  for (const auto& [id, incident] : replay.incidents) {
    out += '\n' + std::string(name_of(incident.severity)) + ' ' +
           std::string(name_of(incident.kind)) + " at " + std::to_string(incident.first_line) +
           ": " + incident.title;
    out += incident.truncated ? " [truncated]" : "";
  }
  return out;
}

}  // namespace lastgasp::recorded
