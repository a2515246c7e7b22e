#include "collector/cli/explanation.h"

#include <algorithm>

#include "collector/cli/rule_options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"

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

}  // namespace

void Explanation::watch(Pipeline& pipeline) {
  pipeline_ = &pipeline;
  pipeline.watch(*this);
}

Explanation::Hit Explanation::kept(const RuleHit& hit) {
  Hit kept{hit.rule->id, hit.rule->kind, hit.rule->severity, {}, {}, {}};
  for (const Capture& capture : hit.captures)
    kept.captures.emplace_back(capture.name, capture.value);
  return kept;
}

void Explanation::on_line(const Line& line, std::span<const RuleHit> hits) {
  tell();
  Explained explained{
      line.number, line.partial, false, std::string(line.text), pipeline_->tracker().platform(), {},
      {}};
  for (const RuleHit& hit : hits) explained.hits.push_back(kept(hit));
  explained.withheld = matcher_.withheld(line.text, explained.platform);
  hits_ += hits.size();
  if (all_ || !explained.hits.empty() || !explained.withheld.empty()) line_ = std::move(explained);
}

void Explanation::on_verdict(const Line& line, const RuleHit& hit, Verdict verdict,
                             std::string_view about) {
  const auto judge = [&](Hit& judged) {
    judged.verdict = verdict;
    judged.about = about;
  };
  if (verdict == Verdict::boot) boot_line_ = line.number;
  if (line_ && line_->number == line.number) {
    for (Hit& of_line : line_->hits)
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

void Explanation::on_platform(std::string_view platform) { platform_ = platform; }

void Explanation::tell() {
  if (line_) tell(*line_);
  line_.reset();
  for (const Explained& line : later_) tell(line);
  later_.clear();
}

void Explanation::tell(const Explained& line) {
  if (output_ == Output::text) {
    tell_text(line);
  } else {
    tell_json(line);
  }
}

void Explanation::end() {
  tell();
  if (output_ == Output::text) {
    end_text();
  } else {
    end_json();
  }
}

// The newest incident that has, or had, the title the verdict is about.
std::int64_t Explanation::incident_of(const Hit& hit) const {
  if (!hit.verdict || *hit.verdict > Verdict::repeated) return 0;
  const auto found = std::find_if(incidents_.rbegin(), incidents_.rend(), [&](const auto& entry) {
    const auto& titles = entry.second.titles;
    return std::find(titles.begin(), titles.end(), hit.about) != titles.end();
  });
  return found == incidents_.rend() ? 0 : found->first;
}

std::string Explanation::words_of(const Hit& hit) const {
  const std::int64_t id = incident_of(hit);
  const bool effect =
      hit.verdict == Verdict::joined && id > 0 && incidents_.at(id).incident.rule != hit.rule;
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

void Explanation::tell_text(const Explained& line) const {
  const std::string place = "line " + std::to_string(line.number) +
                            (line.partial ? " (not ended)" : "") +
                            (line.later ? " (decided later)" : "");
  print_line(styled(Style::dim, place + "  ") + escaped(line.text));
  for (const Hit& hit : line.hits) {
    print_line("    " + styled(Style::bold, hit.rule) + "  " +
               styled(style_of(hit.severity),
                      std::string(name_of(hit.severity)) + " " + std::string(name_of(hit.kind))));
    for (const auto& [name, value] : hit.captures)
      print_line("        " + name + " = " + escaped(value));
    if (hit.verdict) print_line("        " + words_of(hit));
  }
  for (const WithheldRule& withheld : line.withheld) {
    std::string why;
    if (withheld.other_platform)
      why = "it is for " + platforms_text(*withheld.rule) + ", and this is " + line.platform;
    if (withheld.unless) why += std::string(why.empty() ? "" : "; ") + "its `unless` holds it back";
    print_line(styled(Style::dim, "    not " + withheld.rule->id + ": " + escaped(why)));
  }
}

void Explanation::end_text() const {
  if (hits_ == 0) print_line("no rule matches");
  for (const auto& [id, seen] : incidents_) {
    const Incident& incident = seen.incident;
    print_line("incident " + std::to_string(id) + "  lines " + std::to_string(incident.first_line) +
               "-" + std::to_string(incident.last_line) + "  " +
               styled(style_of(incident.severity), std::string(name_of(incident.severity)) + " " +
                                                       std::string(name_of(incident.kind))) +
               "  " + styled(Style::bold, escaped(incident.title)) +
               (incident.resolution.empty() ? "" : "  (" + escaped(incident.resolution) + ")"));
  }
  for (const SeenBoot& seen : boots_) {
    const std::string done = seen.boot.done == WallTime{} ? "not up yet" : "came up";
    print_line("boot at line " + std::to_string(seen.line) + "  reason " +
               std::string(name_of(seen.boot.reason)) +
               (seen.boot.evidence.empty() ? "" : ": " + escaped(seen.boot.evidence)) + "  (" +
               done + ")");
  }
  if (!platform_.empty()) print_line("platform " + escaped(platform_));
}

}  // namespace lastgasp
