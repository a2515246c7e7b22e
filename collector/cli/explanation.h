// Why a transcript came to its incidents: for each line that a rule matches, or nearly does, the
// hits, what they captured and what became of them. Printed as it goes on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/app/pipeline.h"
#include "collector/cli/options.h"

namespace lastgasp {

class Explanation final : public LineWatch, public TrackerSink {
 public:
  // `all` shows also the lines about which there is nothing to tell.
  Explanation(const Matcher& matcher, Output output, bool all)
      : matcher_(matcher), output_(output), all_(all) {}

  // `pipeline` is the one watched, for the platform it knows.
  void watch(Pipeline& pipeline);
  // The last line, then incidents and boots.
  void end();
  std::size_t hits() const { return hits_; }

 private:
  struct Hit {
    std::string rule;  // its id
    Kind kind{};
    Severity severity{};
    std::vector<std::pair<std::string, std::string>> captures;
    std::optional<Verdict> verdict;
    std::string about;
  };
  struct Explained {
    std::uint64_t number = 0;
    bool partial = false;
    bool later = false;  // what its hit was worth showed only after other lines
    std::string text;
    std::string platform;
    std::vector<Hit> hits;
    std::vector<WithheldRule> withheld;
  };
  struct Seen {
    Incident incident;                // without its text
    std::vector<std::string> titles;  // all it has had, the last is its own
  };
  struct SeenBoot {
    std::uint64_t line = 0;
    Boot boot;
  };

  void on_line(const Line& line, std::span<const RuleHit> hits) override;
  void on_verdict(const Line& line, const RuleHit& hit, Verdict verdict,
                  std::string_view about) override;
  void on_incident(Incident& incident) override;
  void on_boot(const Boot& boot) override;
  void on_platform(std::string_view platform) override;

  static Hit kept(const RuleHit& hit);
  void tell();
  void tell(const Explained& line);
  void tell_text(const Explained& line) const;
  void tell_json(const Explained& line);
  void end_text() const;
  void end_json();
  std::int64_t incident_of(const Hit& hit) const;  // 0 when it is of none
  std::string words_of(const Hit& hit) const;
  void put_json(const std::string& object);

  const Matcher& matcher_;
  const Output output_;
  const bool all_;
  Pipeline* pipeline_ = nullptr;
  std::optional<Explained> line_;  // told when its verdicts and incidents are known
  std::vector<Explained> later_;
  std::uint64_t boot_line_ = 0;  // the last that was part of a boot
  std::map<std::int64_t, Seen> incidents_;
  std::vector<SeenBoot> boots_;
  std::string platform_;
  std::size_t hits_ = 0;
  bool first_object_ = true;
};

}  // namespace lastgasp
