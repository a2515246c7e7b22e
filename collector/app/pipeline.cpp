#include "collector/app/pipeline.h"

#include <algorithm>
#include <chrono>

namespace lastgasp {
namespace {

using CostClock = std::chrono::steady_clock;  // measures cost only; never decides anything

}  // namespace

Matching make_matching(std::shared_ptr<const RuleSet> rules, Redactor::Rules redaction) {
  std::vector<std::string> ids;
  for (const Rule& rule : rules->rules()) ids.push_back(rule.id);
  Matching matching;
  matching.matcher = std::make_unique<Matcher>(std::move(rules));
  matching.metrics = std::make_shared<MatchMetrics>(std::move(ids));
  matching.redaction = std::move(redaction);
  return matching;
}

Pipeline::Pipeline(const std::string& console, const std::string& platform,
                   const TrackerSettings& settings, Matching& matching, TrackerSink& sink)
    : matching_(matching), sink_(sink), tracker_(console, platform, settings) {}

void Pipeline::bytes(std::string_view bytes, Instant at) {
  const auto began = CostClock::now();
  const std::uint64_t lines_before = lines_;
  assembler_.feed(bytes, at, *this);
  const auto took = CostClock::now() - began;
  matching_.metrics->scan_nanos.fetch_add(
      static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()),
      std::memory_order_relaxed);
  matching_.metrics->lines.fetch_add(lines_ - lines_before, std::memory_order_relaxed);
}

void Pipeline::on_line(const Line& line) {
  const auto hits = matching_.matcher->match(line.text, tracker_.platform());
  if (!line.partial) {
    ++lines_;
    for (const RuleHit& hit : hits) {
      matching_.metrics->rule_matches[hit.index].fetch_add(1, std::memory_order_relaxed);
      matching_.metrics->rule_last_us[hit.index].store(unix_micros(line.at.wall),
                                                       std::memory_order_relaxed);
    }
  }
  if (watch_) watch_->on_line(line, hits);
  tracker_.line(line, hits, sink_);
}

void Pipeline::link(bool up, Instant at) {
  if (!up) assembler_.flush(*this);
  tracker_.link(up, at, sink_);
}

void Pipeline::tick(Instant now) {
  assembler_.quiet(now, *this);
  if (now.mono >= tracker_.due()) tracker_.tick(now, sink_);
}

MonoTime Pipeline::due() const { return std::min(assembler_.partial_due(), tracker_.due()); }

void Pipeline::finish(Instant at) {
  assembler_.flush(*this);
  tracker_.finish(at, sink_);
}

}  // namespace lastgasp
