// The whole way of one console's bytes to incidents: lines, matching, tracking. The live collector
// and the offline scan run exactly this. Belongs to one thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "collector/core/clock.h"
#include "collector/line/line_assembler.h"
#include "exporters/metrics/metrics.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/tracker.h"
#include "rules/redaction/redactor.h"

namespace lastgasp {

// The rules in force on one thread, with what they cost. Replaced as a whole at a reload.
struct Matching {
  std::unique_ptr<Matcher> matcher;
  std::shared_ptr<MatchMetrics> metrics;
  Redactor::Rules redaction;  // for whoever keeps what a console prints; null where nobody does
};
// `rules` should be this thread's own copy.
Matching make_matching(std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction = nullptr);

// Sees each line with its hits before the tracker does: for whoever explains, or looks for what the
// rules miss. A collector needs none.
class LineWatch {
 public:
  virtual void on_line(const Line& line, std::span<const RuleHit> hits) = 0;

 protected:
  ~LineWatch() = default;
};

class Pipeline final : public LineSink {
 public:
  // `matching` and `sink` outlive the pipeline.
  Pipeline(const std::string& console, const std::string& platform, const TrackerSettings& settings,
           Matching& matching, TrackerSink& sink);

  void bytes(std::string_view bytes, Instant at);
  void link(bool up, Instant at);
  // Partial lines and everything that waits for time. Call when `now` has reached due().
  void tick(Instant now);
  MonoTime due() const;
  // The input is over: the last line counts, captures end.
  void finish(Instant at);
  // `watch` outlives the pipeline.
  void watch(LineWatch& watch) { watch_ = &watch; }
  Tracker& tracker() { return tracker_; }
  // Whole lines since the start.
  std::uint64_t lines() const { return lines_; }

 private:
  void on_line(const Line& line) override;

  Matching& matching_;
  TrackerSink& sink_;
  LineAssembler assembler_;
  Tracker tracker_;
  LineWatch* watch_ = nullptr;
  std::uint64_t lines_ = 0;
};

}  // namespace lastgasp
