#include "collector/app/explanation.h"

#include <algorithm>

#include "collector/core/bytes.h"
#include "rules/incident/title.h"

namespace lastgasp {
namespace {

// What a line is good for that is no trouble.
std::string noted_words(Kind kind, const std::string& about) {
  switch (kind) {
    case Kind::shutdown:
    case Kind::reset_reason:
      return "explains a boot, reason " + about;
    case Kind::prompt:
      return about.empty() ? "a prompt" : "a prompt, where an operator typed `" + about + "`";
    case Kind::boot_done:
    case Kind::login:
      return "the system is up";
    case Kind::bootloader:
    case Kind::stuck:
      return "stuck, if it stays here: " + about;
    default:
      return "noted: " + about;
  }
}

ExplainedHit kept(const RuleHit& hit) {
  ExplainedHit kept{hit.rule->id, title_of(hit), hit.rule->kind, hit.rule->severity, {}, {}, {}};
  for (const Capture& capture : hit.captures)
    kept.captures.emplace_back(capture.name, capture.value);
  return kept;
}

}  // namespace

void Explanation::watch(Pipeline& pipeline) {
  pipeline_ = &pipeline;
  pipeline.watch(*this);
}

void Explanation::on_line(const Line& line, std::span<const RuleHit> hits) {
  end();
  ExplainedLine explained{
      line.number, line.partial, false, std::string(line.text), pipeline_->tracker().platform(), {},
      {}};
  for (const RuleHit& hit : hits) explained.hits.push_back(kept(hit));
  explained.withheld = matcher_.withheld(line.text, explained.platform);
  hits_ += hits.size();
  if (all_ || !explained.hits.empty() || !explained.withheld.empty()) line_ = std::move(explained);
}

void Explanation::on_verdict(const Line& line, const RuleHit& hit, Verdict verdict,
                             std::string_view about) {
  const auto judge = [&](ExplainedHit& judged) {
    judged.verdict = verdict;
    judged.about = about;
  };
  if (verdict == Verdict::boot) boot_line_ = line.number;
  if (line_ && line_->number == line.number) {
    for (ExplainedHit& of_line : line_->hits)
      if (of_line.rule == hit.rule->id) judge(of_line);
    return;
  }
  later_.push_back({line.number,
                    line.partial,
                    true,
                    std::string(line.text),
                    pipeline_->tracker().platform(),
                    {kept(hit)},
                    {}});
  judge(later_.back().hits[0]);
}

void Explanation::on_incident(Incident& incident) {
  if (incident.id == 0) incident.id = static_cast<std::int64_t>(incidents_.size()) + 1;
  Seen& seen = incidents_[incident.id];
  seen.incident = incident;
  seen.incident.dump.clear();
  seen.incident.context.clear();
  if (seen.titles.empty() || seen.titles.back() != incident.title)
    seen.titles.push_back(incident.title);
}

void Explanation::on_boot(const Boot& boot) {
  const bool again = !boots_.empty() && boots_.back().boot.began == boot.began;
  if (!again) boots_.push_back({boot_line_, {}});
  boots_.back().boot = boot;
}

void Explanation::end() {
  if (line_) tell_(*line_);
  line_.reset();
  for (const ExplainedLine& line : later_) tell_(line);
  later_.clear();
}

// The newest incident that has, or had, the title the verdict is about.
std::int64_t Explanation::incident_of(const ExplainedHit& hit) const {
  if (!hit.verdict || *hit.verdict > Verdict::repeated) return 0;
  const auto found = std::find_if(incidents_.rbegin(), incidents_.rend(), [&](const auto& entry) {
    const auto& titles = entry.second.titles;
    return std::find(titles.begin(), titles.end(), hit.about) != titles.end();
  });
  return found == incidents_.rend() ? 0 : found->first;
}

std::string words_of(const Explanation& explanation, const ExplainedHit& hit) {
  const std::int64_t id = explanation.incident_of(hit);
  const bool effect = hit.verdict == Verdict::joined && id > 0 &&
                      explanation.incidents().at(id).incident.rule != hit.rule;
  const std::string about = escaped(hit.about);
  const std::string incident = "incident" + (id > 0 ? " " + std::to_string(id) : "") +
                               (effect ? " as an effect" : "") + ": " + about;
  switch (*hit.verdict) {
    case Verdict::opened:
      return "opened " + incident;
    case Verdict::joined:
      return "joined " + incident;
    case Verdict::repeated:
      return "counted as the same again, of " + incident;
    case Verdict::quoted:
      return "no incident: quoted by `" + about + "`, which an operator typed";
    case Verdict::replayed:
      return "no incident: old messages told again, says " + about;
    case Verdict::seen:
      return "told already, when the line had not ended yet";
    case Verdict::boot:
      return "part of a boot, reason " + about;
    case Verdict::noted:
      return noted_words(hit.kind, about);
  }
  return {};
}

}  // namespace lastgasp
