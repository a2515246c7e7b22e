// Troubles and the dumps they print.
#include <algorithm>

#include "rules/incident/dump_expression.h"
#include "rules/incident/frames.h"
#include "rules/incident/title.h"
#include "rules/incident/tracker_impl.h"

namespace lastgasp {

namespace {

std::size_t room_of(std::string_view line) { return line.size() + 1; }  // empty ones too

}  // namespace

void Tracker::Impl::Capture::blame_by(const DumpShape& about) {
  stacks = StackDump(dump_expression(about.stack));
  detail = dump_expression(about.detail);
}

Case Tracker::Impl::captured_case() {
  if (!capture) {
    return {};
  }
  return capture->fate == Fate::opened ? book.find(capture->serial) : capture->draft.as_case();
}

void Tracker::Impl::crashed(Case c) {
  if (is_fatal(c.incident->kind)) {
    boots.crashed(c.incident->kind == Kind::watchdog ? BootReason::watchdog : BootReason::crash,
                  c.incident->title);
  }
}

// Adds the line to the dump being captured, in place of its unended beginning.
void Tracker::Impl::keep_line(const Line& line) {
  Incident& incident = *captured_case().incident;
  incident.updated = line.at.wall;
  incident.last_line = std::max(incident.last_line, line.number);
  std::vector<std::string>& dump = incident.dump;
  if (capture->partial_begin == line.begin && !dump.empty()) {
    capture->bytes -= std::min(capture->bytes, room_of(dump.back()));
    dump.pop_back();
  }
  capture->partial_begin = line.partial ? line.begin : kNoLine;
  if (capture->bytes + room_of(line.text) > kMaxDumpBytes) {
    incident.truncated = true;
    return;
  }
  capture->bytes += room_of(line.text);
  dump.emplace_back(line.text);
  if (!line.partial) {
    capture->stacks.line(line.text);
    if (capture->detail) {
      complete_title(captured_case(), *capture->detail, message_of(line.text).text);
    }
  }
}

void Tracker::Impl::begin_capture(Fate fate, std::uint64_t serial, Draft draft, const Line& line,
                                  const DumpShape& shape) {
  capture = std::make_unique<Capture>(Capture{.shape = DumpCapture(shape, line.at.mono),
                                              .fate = fate,
                                              .serial = serial,
                                              .draft = std::move(draft)});
  capture->blame_by(shape);
  for (const std::string& earlier : captured_case().incident->dump) {
    capture->bytes += room_of(earlier);  // what joins a dump shares its bound
  }
  keep_line(line);
}

void Tracker::Impl::join(Case c, const Sign& sign, const Line& line, const RuleHit& hit) {
  const bool dump_goes_on = capture && !capture->shape.in_tail();
  const std::uint32_t repeats = c.incident->repeats;
  const bool retitled = add_sign(c, sign, !dump_goes_on);
  if (capture) {
    if (retitled) {
      capture->blame_by(sign.rule->dump.value_or(DumpShape{}));
    } else if (is_fatal(sign.rule->kind)) {
      const std::string_view caller = message_of(line.text).caller;
      const std::vector<std::string>& dump = c.incident->dump;
      c.incident->interleaved |= dump_goes_on && !caller.empty() && !dump.empty() &&
                                 message_of(dump.front()).caller != caller;
    }
    capture->shape.line(line.text, line.at.mono);
    if (sign.rule->dump) {
      capture->shape.extend(*sign.rule->dump, line.at.mono);
    }
    keep_line(line);
  } else if (sign.rule->dump) {
    c.incident->state = IncidentState::capturing;
    const std::uint64_t serial = c.notes->serial;
    begin_capture(Fate::opened, serial, {}, line, *sign.rule->dump);
    if (!retitled && !c.incident->functions.empty()) {
      capture->stacks.close();
    }
  } else if (retitled) {
    name_case(c, {});
  }
  crashed(c);
  tell(hit, c.incident->repeats > repeats ? Verdict::repeated : Verdict::joined, c.incident->title);
}

void Tracker::Impl::trouble(const Line& line, const RuleHit& hit) {
  const Sign sign = sign_of(hit, line);
  if (const Case current = captured_case()) {
    if (!capture->shape.in_tail() || current.notes->cause_key != sign.key) {
      join(current, sign, line, hit);
      return;
    }
    end_capture(false);
  }
  if (const Case told = book.told_before(line.text)) {
    tell(hit, Verdict::replayed, told.incident->title);
    return;
  }
  if (const Case grave = hit.rule->kind == Kind::process_crash ? book.grave() : Case{}) {
    join(grave, sign, line, hit);
    return;
  }
  const Case cause = book.just_before(sign);
  const bool by_chance =
      cause && is_fatal(hit.rule->kind) && !is_fatal(cause.incident->kind) && book.same_as(sign);
  if (cause && !by_chance) {
    join(book.just_before(sign), sign, line, hit);
    return;
  }
  Draft draft = draft_of(sign);
  draft.incident.platform = platform;
  draft.incident.context = context.lines();
  name_case(draft.as_case(), {});
  if (const Case same = book.same_as(sign)) {
    IncidentBook::repeat(same, line.at, line.number);
    crashed(same);
    tell(hit, Verdict::repeated, same.incident->title);
    if (hit.rule->dump) {
      begin_capture(Fate::repeats, same.notes->serial, std::move(draft), line, *hit.rule->dump);
    }
    return;
  }
  draft.notes.before = book.died_before(sign);
  crashed(draft.as_case());
  tell(hit, Verdict::opened, draft.incident.title);
  if (!hit.rule->dump) {
    draft.incident.state = IncidentState::open;
    draft.incident.dump.emplace_back(line.text);
    book.open(std::move(draft));
    return;
  }
  const std::uint64_t serial = book.open(std::move(draft));
  begin_capture(Fate::opened, serial, {}, line, *hit.rule->dump);
}

void Tracker::Impl::hold_trouble(const Line& line, const RuleHit& hit) {
  const Sign sign = sign_of(hit, line);
  if (capture && capture->fate == Fate::held) {
    add_sign(capture->draft.as_case(), sign, capture->shape.in_tail());
    return;
  }
  Draft draft = draft_of(sign);
  draft.incident.platform = platform;
  draft.incident.context = context.lines();
  end_capture(false);
  const DumpShape shape = hit.rule->dump ? *hit.rule->dump : DumpShape{.lines = 1};
  begin_capture(Fate::held, 0, std::move(draft), line, shape);
  capture->hit.emplace(line, hit);
}

void Tracker::Impl::capture_line(const Line& line) {
  if (line.partial) {
    if (looks_like_dump(line.text) && line.at.mono < capture->shape.due()) {
      keep_line(line);
    }
    return;
  }
  if (capture->shape.line(line.text, line.at.mono) == DumpCapture::Step::over) {
    end_capture(false);
    return;
  }
  keep_line(line);
}

void Tracker::Impl::end_opened(Capture& over, bool truncated) {
  const Case c = book.find(over.serial);
  if (!c) {
    return;
  }
  c.incident->truncated |= truncated;
  c.incident->state = IncidentState::open;
  c.incident->interleaved |= c.notes->blame == Blame::first && over.stacks.interleaved();
  c.notes->complete |= over.shape.in_tail();
  c.notes->dirty = true;
  const std::vector<std::string> functions = over.stacks.functions(c.notes->blame);
  if (c.incident->functions.empty() || !functions.empty()) {
    name_case(c, functions);
  }
}

// The same crash once more, or one that only began in the same words.
void Tracker::Impl::end_repeat(Capture& over, bool truncated) {
  const Case same = book.find(over.serial);
  name_case(over.draft.as_case(), over.stacks.functions(over.draft.notes.blame));
  const Incident& draft = over.draft.incident;
  const bool any_victim = draft.kind == Kind::hang || draft.kind == Kind::oom;
  if (same && (any_victim || draft.functions.empty() || same.incident->functions.empty() ||
               same.incident->fingerprint == draft.fingerprint)) {
    same.notes->last_sign = std::max(same.notes->last_sign, over.draft.notes.last_sign);
    same.incident->updated = std::max(same.incident->updated, draft.updated);
    same.incident->last_line = std::max(same.incident->last_line, draft.last_line);
    return;
  }
  if (same) {
    --same.incident->repeats;
  }
  over.draft.incident.truncated |= truncated;
  over.draft.incident.state = IncidentState::open;
  book.open(std::move(over.draft));
}

void Tracker::Impl::end_capture(bool broken_off) {
  if (!capture) {
    return;
  }
  Incident* incident = captured_case().incident;
  if (incident) {
    std::vector<std::string>& dump = incident->dump;
    const std::size_t strangers = std::min(capture->shape.strangers(), dump.size() - 1);
    dump.resize(dump.size() - strangers);
    incident->last_line -= std::min<std::uint64_t>(strangers, incident->last_line);
  }
  const std::unique_ptr<Capture> over = std::move(capture);
  const bool truncated = broken_off && !over->shape.complete();
  switch (over->fate) {
    case Fate::opened:
      end_opened(*over, truncated);
      break;
    case Fate::repeats:
      end_repeat(*over, truncated);
      break;
    case Fate::held:
      over->draft.incident.truncated |= truncated;
      name_case(over->draft.as_case(), over->stacks.functions(over->draft.notes.blame));
      held = std::make_unique<HeldCrash>(HeldCrash{std::move(over->draft), std::move(*over->hit)});
      break;
  }
}

}  // namespace lastgasp
