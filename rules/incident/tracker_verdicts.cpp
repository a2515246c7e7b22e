// What became of each hit, for whoever explains.
#include "rules/incident/tracker_impl.h"

namespace lastgasp {
namespace {

// Whether both go into the same place of LineHits.
bool same_purpose(Kind a, Kind b) { return a == b || (opens_incident(a) && opens_incident(b)); }

}  // namespace

Tracker::Impl::HeldHit::HeldHit(const Line& line, const RuleHit& hit)
    : index(hit.index), rule(*hit.rule), text(line.text), where(line) {}

Line Tracker::Impl::HeldHit::line() const {
  Line line = where;
  line.text = text;
  return line;
}

void Tracker::Impl::tell(const RuleHit& hit, Verdict verdict, std::string_view about) {
  for (const RuleHit& of_line : telling.hits) {
    if (same_purpose(of_line.rule->kind, hit.rule->kind)) {
      telling.sink->on_verdict(*telling.line, of_line, verdict, about);
    }
  }
}

void Tracker::Impl::tell_all(const LineHits& hits, Verdict verdict, std::string_view about) {
  for (const RuleHit* hit : hits.all()) {
    if (hit) {
      tell(*hit, verdict, about);
    }
  }
}

}  // namespace lastgasp
