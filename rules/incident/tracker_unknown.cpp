// Crashes that no rule names.
#include <utility>

#include "rules/incident/title.h"
#include "rules/incident/tracker_impl.h"

namespace lastgasp {
namespace {

constexpr Micros kSignedLately{std::chrono::seconds(30)};
constexpr Micros kSignedNearFor{std::chrono::minutes(5)};
constexpr std::uint64_t kSignedNear = 100;  // lines after a rule's incident that may belong to it

const Rule& unrecognised_rule() {
  static const Rule rule = [] {
    Rule r;
    r.id = kUnrecognisedRule;
    r.kind = Kind::crash;
    r.severity = Severity::critical;
    r.title = "{what}";
    r.dump = DumpShape{};
    return r;
  }();
  return rule;
}

}  // namespace

// A rule that recognised something here speaks for what follows.
bool Tracker::Impl::signed_lately(const Line& line) {
  return bool(book.first([&](Case c) {
    const Micros ago = line.at.mono - c.notes->last_sign;
    const bool near = ago <= kSignedNearFor && !c.incident->unrecognised &&
                      line.number <= c.incident->last_line + kSignedNear;
    return c.notes->of_dump && !c.notes->booted && (ago <= kSignedLately || near);
  }));
}

// Takes the last lines of the context, the whole of `found`, as the beginning of a dump.
void Tracker::Impl::open_unrecognised(const UnknownWatch::Found& found, const Line& line,
                                      std::uint64_t last_line, TrackerSink& sink) {
  std::vector<std::string> lines = context.lines();
  const std::size_t before = lines.size() - std::min(found.lines, lines.size());
  const Rule& rule = unrecognised_rule();
  const lastgasp::Capture what{.name = "what", .value = found.title};
  const RuleHit hit{.index = 0, .rule = &rule, .captures = {&what, 1}};
  const Telling at_hand = std::exchange(telling, {&line, {&hit, 1}, &sink});
  for (std::size_t i = before; i < lines.size(); ++i) {
    Line earlier = line;
    earlier.text = lines[i];
    earlier.number = last_line - std::min<std::uint64_t>(lines.size() - 1 - i, last_line - 1);
    if (i == before) {
      trouble(earlier, hit);
    } else if (capture) {
      capture_line(earlier);
    }
  }
  telling = at_hand;
  if (const Case c = captured_case(); c && c.incident->context.size() >= lines.size() - before) {
    c.incident->context.resize(c.incident->context.size() - (lines.size() - before));
  }
}

// After a whole line went into the context.
void Tracker::Impl::watch_unknown(const Line& line, const LineHits& hits, bool known,
                                  TrackerSink& sink) {
  if (capture || replay || operator_text.quoting()) {
    unknown.forget();
    return;
  }
  if (hits.prompt) {
    hits.prompt->capture("command").empty() ? unknown.prompt() : unknown.typed();
  }
  if (!unknown.line(line.text, known, line.at.mono) || signed_lately(line)) {
    return;
  }
  const std::vector<std::string> last = context.lines();
  if (const auto found = unknown.dump(last)) {
    open_unrecognised(*found, line, line.number, sink);
    unknown.forget();
  }
}

// A boot nobody asked for: the words before it may tell why.
void Tracker::Impl::unknown_before_boot(const Line& line, const RuleHit& hit, TrackerSink& sink) {
  const auto reason = boots.foresee(hit.rule->id, line.text, hit.rule->reason, line.at.mono);
  const bool unexplained = reason == BootReason::unexplained || reason == BootReason::unknown;
  if (unexplained && !signed_lately(line)) {
    const std::vector<std::string> last = context.lines();
    if (const auto found = unknown.before_boot(last, line.at.mono)) {
      open_unrecognised(*found, line, line.number > 1 ? line.number - 1 : 1, sink);
      end_capture(false);
    }
  }
  unknown.forget();
}

}  // namespace lastgasp
