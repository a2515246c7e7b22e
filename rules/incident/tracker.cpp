#include "rules/incident/tracker.h"

#include <algorithm>
#include <utility>

#include "rules/incident/title.h"
#include "rules/incident/tracker_impl.h"

namespace lastgasp {

std::array<const RuleHit*, 10> LineHits::all() const {
  return {trouble,  boot_start,   boot_done, login,  bootloader,
          shutdown, reset_reason, stuck,     prompt, replay};
}

bool LineHits::any() const {
  const auto hits = all();
  return std::any_of(hits.begin(), hits.end(), [](const RuleHit* hit) { return hit != nullptr; });
}

LineHits sorted(std::span<const RuleHit> hits) {
  LineHits out;
  const auto keep_first = [](const RuleHit*& slot, const RuleHit& hit) {
    slot = slot ? slot : &hit;
  };
  for (const RuleHit& hit : hits) {
    switch (hit.rule->kind) {
      case Kind::boot_start:
        keep_first(out.boot_start, hit);
        break;
      case Kind::boot_done:
        keep_first(out.boot_done, hit);
        break;
      case Kind::login:
        keep_first(out.login, hit);
        break;
      case Kind::bootloader:
        keep_first(out.bootloader, hit);
        break;
      case Kind::shutdown:
        keep_first(out.shutdown, hit);
        break;
      case Kind::reset_reason:
        keep_first(out.reset_reason, hit);
        break;
      case Kind::stuck:
        keep_first(out.stuck, hit);
        break;
      case Kind::prompt:
        keep_first(out.prompt, hit);
        break;
      case Kind::replay:
        keep_first(out.replay, hit);
        break;
      default:
        if (!out.trouble || gravity(hit.rule->kind) > gravity(out.trouble->rule->kind)) {
          out.trouble = &hit;
        }
    }
  }
  return out;
}

Tracker::Impl::Impl(std::string console_name, std::string console_platform,
                    const TrackerSettings& tracker_settings)
    : console(std::move(console_name)),
      platform(std::move(console_platform)),
      platform_given(!platform.empty()),
      settings(tracker_settings),
      loops(settings),
      book(console, settings),
      stuck(settings.stuck_after) {}

// A system's banner tells more than the kernel's under it: Junos runs FreeBSD, many run Linux.
void Tracker::Impl::learn(std::span<const RuleHit> hits, TrackerSink& sink) {
  if (platform_given || operator_text.quoting()) {
    return;
  }
  for (const RuleHit& hit : hits) {
    const std::string& proves = hit.rule->learns;
    const bool general = proves == "linux" || proves == "freebsd";
    if (!proves.empty() && proves != platform && (platform.empty() || !general)) {
      platform = proves;
      sink.on_platform(platform);
    }
  }
}

// An unended line is seen again whole, with the same hits and perhaps more.
void Tracker::Impl::drop_seen_in_partial(const Line& line, LineHits& hits) {
  if (partial.begin != line.begin) {
    partial = {};
    partial.begin = line.partial ? line.begin : kNoLine;
  }
  const auto seen = [&](const Rule*& before, const RuleHit*& hit) {
    if (!hit) {
      return;
    }
    const Rule* rule = hit->rule;
    if (before) {
      tell(*hit, Verdict::seen, {});
      hit = nullptr;
    }
    before = before ? before : rule;
  };
  seen(partial.trouble, hits.trouble);
  seen(partial.boot_start, hits.boot_start);
  if (hits.shutdown) {
    if (partial.shutdown) {
      tell(*hits.shutdown, Verdict::seen, {});
      hits.shutdown = nullptr;
    }
    partial.shutdown = true;
  }
}

void Tracker::Impl::operator_prompt(const Line& line, LineHits& hits) {
  const MonoTime now = line.at.mono;
  const std::string_view command = hits.prompt->capture("command");
  tell(*hits.prompt, Verdict::noted, command);
  drop_held();
  operator_text.prompt(command, now);
  if (!command.empty()) {
    stuck.typed(now);
  }
  if (is_reboot_command(command) && !line.partial) {
    boots.operator_reboots(line.text, now);
  }
  boots.reached_prompt();
  const RuleHit* prompt = std::exchange(hits.prompt, nullptr);
  if (is_quoting_command(command)) {
    tell_all(hits, Verdict::quoted, command);
    hits = {};
  }
  hits.prompt = prompt;
}

// Takes away from `hits` what an operator's own text only quotes.
void Tracker::Impl::operator_line(const Line& line, LineHits& hits, TrackerSink& sink) {
  const MonoTime now = line.at.mono;
  if (hits.prompt) {
    operator_prompt(line, hits);
    return;
  }
  if (!operator_text.quoting()) {
    return;
  }
  if (hits.login || ((hits.bootloader || hits.stuck) && (line.partial || held_boot))) {
    commit_held(sink);
    operator_text.end();
    return;
  }
  operator_text.line(line.text, line.partial, now);
  if (hits.trouble && is_fatal(hits.trouble->rule->kind)) {
    hold_trouble(line, *hits.trouble);
  }
  if (hits.boot_start && !held_boot) {
    end_capture(true);
    held_boot = std::make_unique<HeldHit>(line, *hits.boot_start);
  }
  tell_all(hits, Verdict::quoted, operator_text.command());
  hits = {};
}

// Old messages: one line, or a block when the rule gives its shape.
void Tracker::Impl::replay_line(const Line& line, LineHits& hits) {
  const auto drop_replayed = [&](std::string_view by) {
    if (hits.trouble) {
      tell(*hits.trouble, Verdict::replayed, by);
      hits.trouble = nullptr;
    }
  };
  if (hits.replay) {
    tell(*hits.replay, Verdict::replayed, hits.replay->rule->id);
    replay.reset();
    if (hits.replay->rule->dump) {
      replay.emplace(*hits.replay->rule, line.at.mono);
    }
    drop_replayed(hits.replay->rule->id);
    return;
  }
  if (!replay) {
    return;
  }
  if (hits.prompt || hits.login || hits.boot_start || hits.bootloader ||
      !replay->holds(line.text, line.at.mono)) {
    replay.reset();
    return;
  }
  drop_replayed(replay->rule());
}

void Tracker::Impl::stuck_line(const Line& line, const LineHits& hits) {
  const RuleHit* hit = hits.stuck ? hits.stuck : hits.bootloader;
  if (!hit) {
    stuck.line(line.begin, line.text, line.at.mono);
    return;
  }
  // A debugger's prompt after a panic is the panic's last word.
  const Case crash =
      captured_case() && !hits.bootloader ? captured_case() : book.first([&](Case c) {
        return c.notes->of_dump && is_fatal(c.incident->kind) && !c.notes->booted;
      });
  if (crash && hits.stuck) {
    add_sign(crash, sign_of(*hit, line), true);
    tell(*hit, Verdict::joined, crash.incident->title);
    return;
  }
  const std::string title = title_of(*hit);
  tell(*hit, Verdict::noted, title);
  stuck.seen(*hit->rule, title, line.begin, line.text, line.at.mono, line.number);
}

// Normal life: what broke without a boot has mended when it goes on for long enough.
void Tracker::Impl::healthy_line(Instant now) {
  book.each([&](Case c) {
    if (c.incident->state == IncidentState::open && is_fatal(c.incident->kind) &&
        now.mono - std::max(c.notes->last_sign, c.notes->booted ? boot_began : MonoTime{}) >=
            settings.resolve_after) {
      IncidentBook::resolve(c, now,
                            "no further sign for " + format_duration(settings.resolve_after));
    }
  });
}

void Tracker::Impl::advance(Instant now, TrackerSink& sink) {
  if (capture && now.mono >= capture->shape.due()) {
    end_capture(true);
  }
  if (now.mono >= operator_text.quiet_at()) {
    commit_held(sink);
    operator_text.end();
  }
  if (pending && now.mono >= pending->due) {
    open_reboot();
  }
  if (now.mono >= stuck.due()) {
    stuck.leave();
    if (!book.first([](Case c) { return c.incident->kind == Kind::stuck; })) {
      Draft draft = own_draft(Kind::stuck, stuck.severity(), "Stuck: " + stuck.title(),
                              stuck.rule(), now, stuck.number());
      draft.incident.rule = stuck.rule();
      book.open(std::move(draft));
    }
  }
  book.expire(now);
}

MonoTime Tracker::Impl::due() const {
  MonoTime due = std::min({operator_text.quiet_at(), stuck.due(), book.due()});
  if (capture) {
    due = std::min(due, capture->shape.due());
  }
  return pending ? std::min(due, pending->due) : due;
}

void Tracker::Impl::line(const Line& line, std::span<const RuleHit> hits, TrackerSink& sink) {
  advance(line.at, sink);
  last_number = line.number;
  telling = {.line = &line, .hits = hits, .sink = &sink};
  LineHits sorted_hits = sorted(hits);
  const bool quiet_before =
      (hits.empty() || !sorted_hits.any()) && !capture && !replay && !operator_text.quoting();
  if (!quiet_before || partial.begin != kNoLine || line.partial) {
    drop_seen_in_partial(line, sorted_hits);
    learn(hits, sink);
    operator_line(line, sorted_hits, sink);
    replay_line(line, sorted_hits);
  }
  boot_line(line, sorted_hits, sink);
  if (sorted_hits.trouble) {
    trouble(line, *sorted_hits.trouble);
  } else if (capture) {
    capture_line(line);
  }
  stuck_line(line, sorted_hits);
  if (!line.partial) {
    context.push(line.text);
    watch_unknown(line, sorted_hits, !hits.empty(), sink);
    if (!sorted_hits.trouble && !boots.booting()) {
      healthy_line(line.at);
    }
  }
  book.flush(sink);
}

Tracker::Tracker(std::string console, std::string platform, const TrackerSettings& settings)
    : impl_(std::make_unique<Impl>(std::move(console), std::move(platform), settings)) {}
Tracker::~Tracker() = default;

void Tracker::line(const Line& line, std::span<const RuleHit> hits, TrackerSink& sink) {
  impl_->line(line, hits, sink);
}

void Tracker::link(bool, Instant now, TrackerSink& sink) {
  impl_->advance(now, sink);
  impl_->end_capture(true);
  impl_->drop_held();
  impl_->operator_text.end();
  impl_->replay.reset();
  impl_->stuck.leave();
  impl_->boots.lost_sight();
  impl_->partial = {};
  impl_->book.flush(sink);
}

void Tracker::tick(Instant now, TrackerSink& sink) {
  impl_->advance(now, sink);
  impl_->book.flush(sink);
}

MonoTime Tracker::due() const { return impl_->due(); }

void Tracker::finish(Instant now, TrackerSink& sink) {
  impl_->advance(now, sink);
  if (impl_->held_boot) {
    impl_->commit_held(sink);
  }
  impl_->drop_held();
  impl_->end_capture(true);
  impl_->open_reboot();
  impl_->book.flush(sink);
}

void Tracker::restore(std::vector<Incident> open, Instant now) {
  impl_->book.restore(std::move(open), now);
}

const std::string& Tracker::platform() const { return impl_->platform; }
const std::vector<Incident>& Tracker::open_incidents() const {
  return impl_->book.open_incidents();
}

}  // namespace lastgasp
