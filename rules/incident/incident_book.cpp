#include "rules/incident/incident_book.h"

#include <algorithm>
#include <functional>

#include "rules/incident/fingerprint.h"
#include "rules/incident/frames.h"
#include "rules/incident/title.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxFindings = 32;

std::string family_of(const std::string& rule) { return rule.substr(0, rule.find('.')); }

void take_title(Case c, const Sign& sign) {
  if (c.incident->unrecognised) {  // now it has a name
    std::erase_if(c.incident->findings,
                  [](const Finding& f) { return f.rule == kUnrecognisedRule; });
    c.incident->kind = sign.rule->kind;
    c.incident->severity = sign.rule->severity;
  }
  c.incident->unrecognised = sign.rule->id == kUnrecognisedRule;
  c.incident->rule = sign.rule->id;
  c.incident->title = sign.title;
  c.notes->family = family_of(sign.rule->id);
  c.notes->cause = sign.title;
  c.notes->cause_kind = sign.rule->kind;
  c.notes->cause_key = sign.key;
  c.notes->blame = sign.rule->dump ? sign.rule->dump->function : Blame::nobody;
  c.notes->open_title = sign.open_title;
}

// Whether a later sign tells more of what happened than the one that gave the title. A warning is
// the cause of what breaks in the middle of it, and chance when it was over before.
bool tells_more(Case c, const Sign& sign, bool apart) {
  if (c.incident->unrecognised) {
    return gravity(sign.rule->kind) >= gravity(Kind::process_crash);
  }
  const bool better = is_fatal(sign.rule->kind) && !is_echo(sign.rule->kind, sign.title);
  if (!better || is_fatal(c.notes->cause_kind)) {
    return false;
  }
  return apart || c.notes->cause_kind != Kind::kernel_warning;
}

bool is_power_of_ten(std::uint32_t n) {
  while (n >= 10 && n % 10 == 0) {
    n /= 10;
  }
  return n == 1;
}

}  // namespace

Sign sign_of(const RuleHit& hit, const Line& line) {
  Sign sign{.rule = hit.rule, .title = title_of(hit), .at = line.at, .line = line.number};
  if (hit.rule->dump && !hit.rule->dump->detail.empty()) {
    sign.open_title = OpenTitle{hit.rule->title, {}};
    for (const Capture& capture : hit.captures) {
      sign.open_title->captured.emplace_back(capture.name, capture.value);
    }
  }
  sign.key = std::hash<std::string>{}(hit.rule->id + '\n' + normalised(sign.title));
  return sign;
}

Draft draft_of(const Sign& sign) {
  Draft draft;
  Incident& incident = draft.incident;
  incident.opened = sign.at.wall;
  incident.first_line = sign.line;
  draft.notes.opened = sign.at.mono;
  draft.notes.of_dump = true;
  incident.kind = sign.rule->kind;
  take_title(draft.as_case(), sign);
  add_sign(draft.as_case(), sign, false);
  return draft;
}

bool add_sign(Case c, const Sign& sign, bool apart) {
  Incident& incident = *c.incident;
  incident.updated = sign.at.wall;
  incident.last_line = std::max(incident.last_line, sign.line);
  c.notes->last_sign = sign.at.mono;
  if (std::find(c.notes->keys.begin(), c.notes->keys.end(), sign.key) != c.notes->keys.end()) {
    IncidentBook::repeat(c, sign.at, sign.line);
    return false;
  }
  if (incident.findings.size() >= kMaxFindings) {
    return false;
  }
  c.notes->keys.push_back(sign.key);
  incident.findings.push_back(
      {sign.rule->id, sign.rule->kind, sign.title, sign.line, sign.at.wall});
  c.notes->dirty = true;
  if (gravity(sign.rule->kind) > gravity(incident.kind)) {
    incident.kind = sign.rule->kind;
  }
  incident.severity = std::max(incident.severity, sign.rule->severity);
  const bool takes = tells_more(c, sign, apart);
  if (takes) {
    take_title(c, sign);
  }
  return takes;
}

void complete_title(Case c, const Expression& detail, std::string_view line) {
  if (!c.notes->open_title) {
    return;
  }
  auto captured = detail.captured(line);
  OpenTitle& title = *c.notes->open_title;
  for (auto& [name, value] : captured) {
    const bool told = std::any_of(
        title.captured.begin(), title.captured.end(),
        [&told_name = name](const auto& earlier) { return earlier.first == told_name; });
    if (!told && !value.empty()) {
      title.captured.emplace_back(std::move(name), std::move(value));
    }
  }
  c.notes->cause = title_of(title);
}

void name_case(Case c, std::vector<std::string> functions) {
  Incident& incident = *c.incident;
  incident.title = with_function(c.notes->cause, functions);
  incident.fingerprint =
      fingerprint(c.notes->family, c.notes->cause_kind, incident.title, functions);
  incident.functions = std::move(functions);
}

IncidentBook::IncidentBook(std::string console, const TrackerSettings& settings)
    : console_(std::move(console)), settings_(settings) {}

std::uint64_t IncidentBook::open(Draft draft) {
  if (std::size_t(std::count_if(incidents_.begin(), incidents_.end(), [](const Incident& i) {
        return i.state != IncidentState::resolved;
      })) >= kMaxOpen) {
    const Case oldest = first([](Case) { return true; });
    resolve(oldest, {draft.incident.opened, draft.notes.opened}, "too many open incidents");
  }
  draft.incident.console = console_;
  draft.notes.serial = next_serial_++;
  draft.notes.dirty = true;
  incidents_.push_back(std::move(draft.incident));
  notes_.push_back(std::move(draft.notes));
  return notes_.back().serial;
}

Case IncidentBook::find(std::uint64_t serial) {
  return first([&](Case c) { return c.notes->serial == serial; });
}

namespace {

// Whether the crash of this case is over, so that the same sign tells of the next one.
bool came_to_its_end(Case c) {
  const bool over =
      c.notes->booted || c.notes->complete || c.incident->state == IncidentState::resolved;
  return over && gravity(c.notes->cause_kind) >= gravity(Kind::crash) &&
         c.notes->before + 1 < IncidentBook::kMaxAlike;
}

}  // namespace

Case IncidentBook::just_before(const Sign& sign) {
  return first([&](Case c) {
    if (c.notes->cause_key == sign.key && came_to_its_end(c)) {
      return false;
    }
    const bool major = gravity(c.incident->kind) >= gravity(Kind::watchdog) ||
                       c.incident->kind == Kind::kernel_warning;
    return c.notes->of_dump && !c.notes->booted &&
           sign.at.mono - c.notes->last_sign <= kJoinWithin &&
           sign.line <= c.incident->last_line + (major ? kJoinLines : kJoinLinesOfMinor);
  });
}

Case IncidentBook::grave() {
  return first(
      [](Case c) { return c.notes->of_dump && gravity(c.incident->kind) >= gravity(Kind::crash); });
}

Case IncidentBook::same_as(const Sign& sign) {
  // Who is hung or killed next is no new trouble; any other repetition says the same again.
  const bool any_victim = sign.rule->kind == Kind::hang || sign.rule->kind == Kind::oom;
  const auto same = [&](Case c) {
    return c.notes->of_dump && !came_to_its_end(c) &&
           (c.notes->cause_key == sign.key || (any_victim && c.incident->rule == sign.rule->id));
  };
  if (const Case open = first(same)) {
    return open;
  }
  std::erase_if(recent_, [&](const Draft& r) {
    return sign.at.mono - r.notes.last_sign > settings_.loop_window;
  });
  for (std::size_t i = 0; i < recent_.size(); ++i) {
    if (same(recent_[i].as_case())) {
      return reopen(i);
    }
  }
  return {};
}

Case IncidentBook::told_before(std::string_view line) {
  const std::string_view timed = message_of(line).timed;
  if (timed.empty()) {
    return {};
  }
  const auto holds = [&](Case c) {
    return came_to_its_end(c) &&
           std::any_of(c.incident->dump.begin(), c.incident->dump.end(),
                       [&](const std::string& told) { return message_of(told).timed == timed; });
  };
  if (const Case open = first(holds)) {
    return open;
  }
  for (Draft& resolved : recent_) {
    if (holds(resolved.as_case())) {
      return resolved.as_case();
    }
  }
  return {};
}

std::uint32_t IncidentBook::died_before(const Sign& sign) {
  std::uint32_t before = 0;
  const auto count = [&](const CaseNotes& notes) {
    if (notes.cause_key == sign.key) {
      before = std::max(before, notes.before + 1);
    }
  };
  each([&](Case c) {
    count(*c.notes);
    if (c.notes->cause_key == sign.key) {
      resolve(c, sign.at, "crashed again");
    }
  });
  for (const Draft& resolved : recent_) {
    count(resolved.notes);
  }
  return before;
}

Case IncidentBook::reopen(std::size_t recent) {
  incidents_.push_back(std::move(recent_[recent].incident));
  notes_.push_back(std::move(recent_[recent].notes));
  recent_.erase(recent_.begin() + static_cast<std::ptrdiff_t>(recent));
  const Case c = at(incidents_.size() - 1);
  c.incident->state = IncidentState::open;
  c.incident->resolved = {};
  c.incident->resolution.clear();
  c.notes->booted = false;
  c.notes->dirty = true;
  return c;
}

void IncidentBook::repeat(Case c, Instant now, std::uint64_t line) {
  c.incident->updated = now.wall;
  c.incident->last_line = std::max(c.incident->last_line, line);
  c.notes->last_sign = now.mono;
  c.notes->dirty |= is_power_of_ten(++c.incident->repeats);
}

void IncidentBook::resolve(Case c, Instant now, std::string how) {
  c.incident->state = IncidentState::resolved;
  c.incident->resolved = now.wall;
  c.incident->resolution = std::move(how);
  c.notes->dirty = true;
}

namespace {

// Whether time without a further sign ends it: not what only a boot or good health ends.
bool fades(const Incident& incident) {
  return incident.state == IncidentState::open && !is_fatal(incident.kind) &&
         incident.kind != Kind::stuck;
}

Micros fade_time(const Incident& incident, const TrackerSettings& settings) {
  return incident.kind == Kind::reboot_loop ? settings.loop_window : settings.resolve_after;
}

}  // namespace

void IncidentBook::expire(Instant now) {
  each([&](Case c) {
    const Micros time = fade_time(*c.incident, settings_);
    if (fades(*c.incident) && now.mono - c.notes->last_sign >= time) {
      const bool loop = c.incident->kind == Kind::reboot_loop;
      resolve(c, now, (loop ? "no boot for " : "no further sign for ") + format_duration(time));
    }
  });
}

MonoTime IncidentBook::due() const {
  MonoTime due = MonoTime::max();
  for (std::size_t i = 0; i < incidents_.size(); ++i) {
    if (fades(incidents_[i])) {
      due = std::min(due, notes_[i].last_sign + fade_time(incidents_[i], settings_));
    }
  }
  return due;
}

void IncidentBook::flush(TrackerSink& sink) {
  for (std::size_t i = 0; i < incidents_.size();) {
    if (notes_[i].dirty) {
      notes_[i].dirty = false;
      sink.on_incident(incidents_[i]);
    }
    if (incidents_[i].state != IncidentState::resolved) {
      ++i;
      continue;
    }
    if (is_fatal(incidents_[i].kind)) {
      if (recent_.size() >= kMaxRecent) {
        recent_.erase(recent_.begin());
      }
      recent_.push_back({std::move(incidents_[i]), std::move(notes_[i])});
    }
    incidents_.erase(incidents_.begin() + static_cast<std::ptrdiff_t>(i));
    notes_.erase(notes_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void IncidentBook::restore(std::vector<Incident> open, Instant now) {
  for (Incident& incident : open) {
    if (incident.kind == Kind::silence || incident.state == IncidentState::resolved) {
      continue;
    }
    if (incident.state == IncidentState::capturing) {
      incident.state = IncidentState::open;
      incident.truncated = true;
    }
    CaseNotes notes{
        .serial = next_serial_++,
        .family = family_of(incident.rule),
        .cause = incident.findings.empty() ? incident.title : incident.findings[0].title,
        .cause_kind = incident.findings.empty() ? incident.kind : incident.findings[0].kind,
        .of_dump = opens_incident(incident.kind)};
    // The wall clock may have been set back meanwhile: nothing lies in the future.
    const auto ago = [&](WallTime at) { return now.mono - std::max(now.wall - at, Micros{0}); };
    notes.opened = ago(incident.opened);
    notes.last_sign = ago(incident.updated);
    notes.booted = incident.boots > 0;
    for (const Finding& finding : incident.findings) {
      notes.keys.push_back(
          std::hash<std::string>{}(finding.rule + '\n' + normalised(finding.title)));
    }
    notes.cause_key = notes.keys.empty() ? 0 : notes.keys.front();
    incidents_.push_back(std::move(incident));
    notes_.push_back(std::move(notes));
  }
}

}  // namespace lastgasp
