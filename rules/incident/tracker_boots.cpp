// Boots, why they came, and what they end.
#include <algorithm>
#include <utility>

#include "rules/engine/characters.h"
#include "rules/incident/fingerprint.h"
#include "rules/incident/title.h"
#include "rules/incident/tracker_impl.h"

namespace lastgasp {
namespace {

std::string span_text(Micros span) {
  return span < std::chrono::seconds(1) ? "within a second" : "in " + format_duration(span);
}

}  // namespace

Draft Tracker::Impl::own_draft(Kind kind, Severity severity, std::string title,
                               std::string_view subject, Instant at, std::uint64_t number) const {
  Draft draft;
  Incident& incident = draft.incident;
  incident.kind = kind;
  incident.severity = severity;
  incident.platform = platform;
  incident.title = std::move(title);
  incident.fingerprint = fingerprint("lastgasp", kind, subject, {});
  incident.state = IncidentState::open;
  incident.opened = incident.updated = at.wall;
  incident.first_line = incident.last_line = number;
  incident.context = context.lines();
  draft.notes.opened = draft.notes.last_sign = at.mono;
  draft.notes.cause_kind = kind;
  return draft;
}

void Tracker::Impl::drop_held() {
  if (capture && capture->fate == Fate::held) {
    capture.reset();
  }
  held.reset();
  held_boot.reset();
}

// No prompt came back: what looked like quoted text was the end of the system.
void Tracker::Impl::commit_held(TrackerSink& sink) {
  if (capture && capture->fate == Fate::held) {
    end_capture(true);
  }
  if (const std::unique_ptr<HeldCrash> crash = std::move(held)) {
    Draft& draft = crash->draft;
    sink.on_verdict(crash->hit.line(), crash->hit.hit(), Verdict::opened, draft.incident.title);
    draft.incident.state = IncidentState::open;
    crashed(draft.as_case());
    book.open(std::move(draft));
  }
  if (const std::unique_ptr<HeldHit> boot = std::move(held_boot)) {
    const Line line = boot->line();
    const RuleHit hit = boot->hit();
    const Telling at_hand = std::exchange(telling, {&line, {&hit, 1}, &sink});
    banner(line, hit, sink);
    telling = at_hand;
  }
}

void Tracker::Impl::boot_line(const Line& line, const LineHits& hits, TrackerSink& sink) {
  if (hits.shutdown) {
    tell(*hits.shutdown, Verdict::noted, name_of(hits.shutdown->rule->reason));
    boots.shutdown(hits.shutdown->rule->reason, line.text, line.at.mono);
  }
  if (hits.boot_start) {
    end_capture(true);
    unknown_before_boot(line, *hits.boot_start, sink);
    banner(line, *hits.boot_start, sink);
  } else if (!line.partial && !is_blank(line.text)) {
    boots.text();
  }
  if (hits.reset_reason) {
    const Rule& rule = *hits.reset_reason->rule;
    tell(*hits.reset_reason, Verdict::noted, name_of(rule.reason));
    if (const auto boot = boots.reset_reason(rule.reason, line.text, line.at.mono)) {
      reboot_explained(*boot, line, sink);
    }
  }
  if (hits.boot_done || hits.login) {
    const Verdict verdict = boots.booting() ? Verdict::boot : Verdict::noted;
    for (const RuleHit* hit : {hits.boot_done, hits.login}) {
      if (hit) {
        tell(*hit, verdict, boots.booting() ? name_of(boots.reason()) : std::string_view{});
      }
    }
    is_up(line.at, sink);
  }
  if ((hits.prompt || hits.login) && !hits.trouble) {
    end_capture(false);
  }
}

void Tracker::Impl::banner(const Line& line, const RuleHit& hit, TrackerSink& sink) {
  const std::optional<Boot> boot = boots.banner(hit.rule->id, line.text, hit.rule->reason, line.at);
  tell(hit, Verdict::boot, name_of(boots.reason()));
  stuck.leave();
  replay.reset();
  if (!boot) {
    return;
  }
  sink.on_boot(*boot);
  began(*boot, line.at, line.number);
}

void Tracker::Impl::began(const Boot& boot, Instant at, std::uint64_t number) {
  boot_began = at.mono;
  book.each([&](Case c) {
    if (c.incident->kind == Kind::stuck) {
      IncidentBook::resolve(c, at, "boots again");
    } else if (is_fatal(c.incident->kind)) {
      ++c.incident->boots;
      c.notes->booted = c.notes->dirty = true;
    } else if (c.notes->of_dump) {
      c.notes->booted = true;
    }
  });
  if (!boots.wanted() && loop(at, number)) {
    pending.reset();  // one of many: the loop is the incident
    return;
  }
  open_reboot();  // nobody explained the one before
  const bool told = bool(book.first(
      [&](Case c) { return is_fatal(c.incident->kind) && c.incident->title == boot.evidence; }));
  const bool wanting =
      !told && (boot.reason == BootReason::unexplained || boot.reason == BootReason::watchdog ||
                boot.reason == BootReason::power);
  if (wanting) {
    pending = PendingReboot{boot, at.mono + kExplainWithin, at.mono, number};
  }
  if (wanting && boot.reason != BootReason::unexplained) {
    open_reboot();
  }
}

// Whether the boot is one of a loop.
bool Tracker::Impl::loop(Instant at, std::uint64_t number) {
  const std::size_t count = loops.boot(at.mono);
  if (const Case open = book.first([](Case c) { return c.incident->kind == Kind::reboot_loop; })) {
    ++open.incident->boots;
    open.incident->updated = at.wall;
    open.incident->last_line = number;
    open.notes->last_sign = at.mono;
    open.notes->dirty = true;
    return true;
  }
  if (!loops.looping()) {
    return false;
  }
  book.each([&](Case c) {
    if (c.incident->kind == Kind::unexpected_reboot) {
      IncidentBook::resolve(c, at, "became a reboot loop");
    }
  });
  const Case cause = book.first(
      [](Case c) { return c.notes->of_dump && is_fatal(c.incident->kind) && c.notes->booted; });
  const std::string after = cause ? cause.incident->title : std::string();
  std::string title = "Reboot loop: " + std::to_string(count) + " boots " +
                      span_text(loops.span()) + (cause ? ", after " + after : "");
  Draft draft =
      own_draft(Kind::reboot_loop, Severity::critical, std::move(title), after, at, number);
  draft.incident.boots = static_cast<std::uint32_t>(count);
  book.open(std::move(draft));
  return true;
}

// A reset reason within the boot: an operator's reset is no incident.
void Tracker::Impl::reboot_explained(const Boot& boot, const Line& line, TrackerSink& sink) {
  sink.on_boot(boot);
  if (boot.reason == BootReason::operator_) {
    pending.reset();
    book.each([&](Case c) {
      if (c.incident->kind == Kind::unexpected_reboot && c.notes->opened >= boot_began) {
        IncidentBook::resolve(c, line.at, "an operator asked for it");
      }
    });
    return;
  }
  if (book.first([](Case c) { return c.incident->kind == Kind::reboot_loop; })) {
    return;
  }
  // The first boot in sight may just be the day the power came: only a dead system's word counts.
  const bool first = !pending;
  if (first && boot.reason != BootReason::watchdog && boot.reason != BootReason::crash) {
    return;
  }
  pending = PendingReboot{boot, line.at.mono, boot_began, line.number};
  open_reboot();
}

void Tracker::Impl::open_reboot() {
  if (!pending) {
    return;
  }
  const PendingReboot reboot = std::move(*pending);
  pending.reset();
  const Instant at{reboot.boot.began, reboot.began};
  if (const Case open =
          book.first([](Case c) { return c.incident->kind == Kind::unexpected_reboot; })) {
    if (open.notes->opened < reboot.began) {
      IncidentBook::repeat(open, at, reboot.line);
    }
    return;
  }
  const bool known = reboot.boot.reason != BootReason::unexplained;
  const std::string why(name_of(reboot.boot.reason));
  Draft draft = own_draft(Kind::unexpected_reboot, Severity::warning,
                          known ? "Unexpected reboot (" + why + ")" : "Unexpected reboot", why, at,
                          reboot.line);
  draft.incident.boots = 1;
  if (!reboot.boot.evidence.empty()) {
    draft.incident.dump.push_back(reboot.boot.evidence);
  }
  book.open(std::move(draft));
}

void Tracker::Impl::is_up(Instant now, TrackerSink& sink) {
  const std::optional<Boot> boot = boots.up(now);
  stuck.leave();
  if (boot) {
    sink.on_boot(*boot);
  }
  book.each([&](Case c) {
    const bool by_boot = boot && c.notes->booted && is_fatal(c.incident->kind);
    const bool rebooted = boot && c.incident->kind == Kind::unexpected_reboot;
    if (by_boot || rebooted || c.incident->kind == Kind::stuck) {
      IncidentBook::resolve(c, now,
                            "recovered: up after " + format_duration(now.mono - c.notes->opened));
    }
  });
  if (boot) {
    open_reboot();
  }
}

}  // namespace lastgasp
