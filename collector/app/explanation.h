// Why a transcript came to its incidents: for each line that a rule matches, or nearly does, the
// hits, what they captured and what became of them. Told as it goes on. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/app/pipeline.h"

namespace lastgasp {

struct ExplainedHit {
  std::string rule;  // its id
  std::string title;
  Kind kind{};
  Severity severity{};
  std::vector<std::pair<std::string, std::string>> captures;
  std::optional<Verdict> verdict;
  std::string about;
};

struct ExplainedLine {
  std::uint64_t number = 0;
  bool partial = false;
  bool later = false;  // what its hit was worth showed only after other lines
  std::string text;
  std::string platform;
  std::vector<ExplainedHit> hits;
  std::vector<WithheldRule> withheld;
};

class Explanation final : public LineWatch, public TrackerSink {
 public:
  struct Seen {
    Incident incident;                // without its text
    std::vector<std::string> titles;  // all it has had, the last is its own
  };
  struct SeenBoot {
    std::uint64_t line = 0;
    Boot boot;
  };

  // `all` tells also the lines about which there is nothing to tell. `tell` is called for each line
  // when its verdicts and incidents are known.
  Explanation(const Matcher& matcher, bool all, std::function<void(const ExplainedLine&)> tell)
      : matcher_(matcher), all_(all), tell_(std::move(tell)) {}

  // `pipeline` is the one watched, for the platform it knows.
  void watch(Pipeline& pipeline);
  // The input is over: tells the last line.
  void end();

  std::size_t hits() const { return hits_; }
  const std::map<std::int64_t, Seen>& incidents() const { return incidents_; }
  const std::vector<SeenBoot>& boots() const { return boots_; }
  const std::string& platform() const { return platform_; }  // as learned; empty when not
  std::int64_t incident_of(const ExplainedHit& hit) const;   // 0 when it is of none

 private:
  void on_line(const Line& line, std::span<const RuleHit> hits) override;
  void on_verdict(const Line& line, const RuleHit& hit, Verdict verdict,
                  std::string_view about) override;
  void on_incident(Incident& incident) override;
  void on_boot(const Boot& boot) override;
  void on_platform(std::string_view platform) override { platform_ = platform; }

  const Matcher& matcher_;
  const bool all_;
  const std::function<void(const ExplainedLine&)> tell_;
  Pipeline* pipeline_ = nullptr;
  std::optional<ExplainedLine> line_;
  std::vector<ExplainedLine> later_;
  std::uint64_t boot_line_ = 0;  // the last that was part of a boot
  std::map<std::int64_t, Seen> incidents_;
  std::vector<SeenBoot> boots_;
  std::string platform_;
  std::size_t hits_ = 0;
};

// What became of a hit, for people: "opened incident 1: Kernel panic". Escaped.
std::string words_of(const Explanation& explanation, const ExplainedHit& hit);

// {"line", "text", "hits": [{"rule", "kind", "severity", "title", "captures", "verdict", "about",
// "incident", "why"}], "withheld"}: the one form of the API and of the command line.
std::string json_of(const Explanation& explanation, const ExplainedLine& line);
std::string json_of(const Explanation::SeenBoot& boot);

// Plays `text`, some lines that a console printed now, and explains all of them, as
// {"lines": [...], "incidents", "boots", "platform"}.
std::string explain_text(std::string_view text, const std::string& platform, Matching& matching,
                         WallTime now);
// The end of such a document, from behind its lines.
std::string rest_json(const Explanation& explanation);

}  // namespace lastgasp
