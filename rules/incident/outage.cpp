#include "rules/incident/outage.h"

#include <algorithm>
#include <utility>

#include "rules/incident/fingerprint.h"
#include "rules/incident/outage_choice.h"

namespace lastgasp {
namespace {

constexpr std::size_t kOverBelow = 4;  // a group has recovered when fewer than 1 of so many are out

Incident opened(std::string_view name, Severity severity, std::string title, std::string print,
                Instant now) {
  Incident incident;
  incident.console = name;
  incident.kind = Kind::silence;
  incident.severity = severity;
  incident.title = std::move(title);
  incident.fingerprint = std::move(print);
  incident.state = IncidentState::open;
  incident.opened = incident.updated = now.wall;
  return incident;
}

std::string lasted(const Incident& incident, Instant now) {
  return format_duration(std::max(now.wall - incident.opened, Micros{0}));
}

}  // namespace

OutageGroup site_group(std::string_view label, std::string_view value) {
  const std::string name = std::string(label) + " " + std::string(value);
  return {name, "at " + name};
}

OutageGroup server_group(std::string_view host) {
  return {std::string(host), "behind " + std::string(host)};
}

// One look at all consoles.
class OutageCheck {
 public:
  OutageCheck(OutageWatch& watch, Instant now, const std::function<void(Incident&)>& change)
      : watch_(watch), now_(now), change_(change) {}

  void run(std::span<const ConsoleActivity> consoles) {
    ++watch_.round_;
    for (const ConsoleActivity& c : consoles) {
      judge(c);
    }
    std::erase_if(watch_.out_, [&](const auto& o) { return o.second.seen != watch_.round_; });
    tally(consoles);
    grow();
    open_groups();
    open_singles();
    end_singles();
    end_groups();
  }

 private:
  using Out = OutageWatch::Out;
  using GroupOutage = OutageWatch::GroupOutage;

  struct Member {
    const ConsoleActivity* console = nullptr;
    Out* out = nullptr;
  };

  bool is_silent(const ConsoleActivity& c) const {
    return c.up && c.allowed > Micros{0} &&
           now_.mono - std::max(c.link_since, c.last_byte) > c.allowed;
  }
  bool is_down(const ConsoleActivity& c) const {
    return !c.up && now_.mono - c.link_since > watch_.settings_.down_after;
  }
  // Power that comes and goes: it was out with its group a moment ago.
  bool falls_back(const ConsoleActivity& c) const {
    return !c.up && std::any_of(c.groups.begin(), c.groups.end(), [&](const OutageGroup& group) {
      const auto outage = watch_.groups_.find(group.name);
      return outage != watch_.groups_.end() &&
             outage->second.members.contains(std::string(c.console));
    });
  }
  // A link that is back proves the end of what a dead link was; of a silence only a byte does.
  static bool is_back(const ConsoleActivity& c, const Out& out) {
    return c.up && (out.down || c.allowed == Micros{0} || c.last_byte > out.since);
  }

  void judge(const ConsoleActivity& c) {
    const bool silent = is_silent(c);
    const bool down = is_down(c);
    auto known = watch_.out_.find(c.console);
    if (known == watch_.out_.end() && (silent || down || falls_back(c))) {
      known = watch_.out_.emplace(c.console, Out{.down = !silent, .since = now_.mono}).first;
    }
    if (known == watch_.out_.end()) {
      return;
    }
    Out& out = known->second;
    if (!silent && is_back(c, out)) {
      if (c.allowed > Micros{0}) {
        spoke_.insert(c.console);
      }
      watch_.out_.erase(known);
      return;
    }
    out.down = down || (out.down && !silent);
    out.seen = watch_.round_;
    members_.push_back({&c, &out});
  }

  void tally(std::span<const ConsoleActivity> consoles) {
    if (members_.empty() && watch_.groups_.empty()) {
      return;
    }
    for (const ConsoleActivity& c : consoles) {
      for (std::size_t rank = 0; rank < c.groups.size(); ++rank) {
        OutageTally& group = groups_[c.groups[rank].name];
        group.group = &c.groups[rank];
        group.rank = std::max(group.rank, rank);
        ++group.total;
      }
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
      for (const OutageGroup& group : members_[i].console->groups) {
        groups_[group.name].out.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  // What is out and belongs to a group whose incident is open is part of it.
  void grow() {
    std::unordered_map<GroupOutage*, const OutageTally*> grown;
    for (const Member& member : members_) {
      if (member.out->part_of) {
        continue;
      }
      const OutageTally* best = nullptr;
      for (const OutageGroup& group : member.console->groups) {
        const OutageTally& tally = groups_[group.name];
        if (watch_.groups_.contains(group.name) && (!best || tally.out.size() > best->out.size())) {
          best = &tally;
        }
      }
      if (best) {
        GroupOutage& outage = watch_.groups_.find(best->group->name)->second;
        if (join(outage, member)) {
          grown[&outage] = best;
        }
      }
    }
    for (const auto& [outage, tally] : grown) {
      tell_size(*outage, *tally);
    }
  }

  // Whether it was never part of it before.
  bool join(GroupOutage& outage, const Member& member) {
    member.out->part_of = &outage;
    const auto [name, is_new] = outage.members.emplace(member.console->console);
    if (is_new) {
      outage.incident.consoles.push_back(*name);
    }
    return is_new;
  }

  void tell_size(GroupOutage& outage, const OutageTally& tally) {
    std::size_t down = 0, all = 0;
    for (const std::uint32_t i : tally.out) {
      if (members_[i].out->part_of == &outage) {
        ++all;
        down += members_[i].out->down;
      }
    }
    const std::size_t count = outage.members.size();
    const std::size_t total = std::max(count, tally.total);
    const std::string what = down == all ? "down" : down == 0 ? "silent" : "silent or down";
    outage.incident.title =
        (count == total ? "All " + std::to_string(total)
                        : std::to_string(count) + " of " + std::to_string(total)) +
        " consoles " + tally.group->place + " " + what;
    outage.incident.updated = now_.wall;
    change_(outage.incident);
  }

  void open_groups() {
    std::vector<GroupOutage*> open;
    std::unordered_map<const GroupOutage*, std::uint32_t> number;
    for (auto& [name, outage] : watch_.groups_) {
      outage.out = 0;
      number[&outage] = static_cast<std::uint32_t>(open.size());
      open.push_back(&outage);
    }
    std::vector<std::uint32_t> part_of;
    for (const Member& member : members_) {
      GroupOutage* outage = member.out->part_of;
      part_of.push_back(outage ? number[outage] : OutageChoice::kNone);
      if (outage) {
        ++outage->out;
      }
    }
    std::vector<std::size_t> sizes;
    for (const GroupOutage* outage : open) {
      sizes.push_back(outage->out);
    }
    OutageChoice choice(part_of, sizes);
    for (const OutageChoice::Chosen& chosen : choice.choose(pending(choice))) {
      std::vector<GroupOutage*> absorbed;
      for (const std::uint32_t incident : chosen.absorbed) {
        absorbed.push_back(open[incident]);
      }
      open_group(*chosen.group, absorbed);
    }
  }

  // Groups that could be an incident, each with whether it has shown its extent.
  std::vector<const OutageTally*> pending(const OutageChoice& choice) {
    std::vector<const OutageTally*> candidates;
    OutageWatch::ByName<MonoTime> since;
    for (auto& [name, group] : groups_) {
      if (watch_.groups_.contains(name) || group.out.size() < OutageChoice::kLeast ||
          choice.score(group) < 0) {
        continue;
      }
      const auto known = watch_.pending_.find(name);
      const MonoTime from = known == watch_.pending_.end() ? now_.mono : known->second;
      since.emplace(name, from);
      group.settled = now_.mono - from >= watch_.settings_.settle();
      candidates.push_back(&group);
    }
    watch_.pending_ = std::move(since);
    return candidates;
  }

  void open_group(const OutageTally& group, const std::vector<GroupOutage*>& absorbed) {
    GroupOutage& outage = watch_.groups_[group.group->name];
    // The name counts as it is: what differs between two servers is often a number.
    outage.incident =
        opened(group.group->name, Severity::critical, "",
               fingerprint("lastgasp", Kind::silence, "group", {&group.group->name, 1}), now_);
    for (const std::uint32_t i : group.out) {
      Out& out = *members_[i].out;
      const bool moves = std::find(absorbed.begin(), absorbed.end(), out.part_of) != absorbed.end();
      if (!out.part_of || moves) {
        join(outage, members_[i]);
        ++outage.out;
      }
    }
    tell_size(outage, group);
    for (GroupOutage* other : absorbed) {
      finish(other->incident, part_of(outage));
      watch_.groups_.erase(other->incident.console);
    }
    watch_.pending_.erase(outage.incident.console);
  }

  static std::string part_of(const GroupOutage& outage) {
    return "part of incident " + std::to_string(outage.incident.id) + ", " +
           outage.incident.console;
  }

  // One that has neighbours waits for what becomes of them.
  bool waits(const Member& member) const {
    bool neighbours = false;
    for (const OutageGroup& group : member.console->groups) {
      if (watch_.pending_.contains(group.name)) {
        return true;
      }
      neighbours |= groups_.at(group.name).total >= OutageChoice::kLeast;
    }
    return neighbours && now_.mono - member.out->since < watch_.settings_.settle();
  }

  void open_singles() {
    for (const Member& member : members_) {
      const ConsoleActivity& c = *member.console;
      if (member.out->part_of || !is_silent(c) || watch_.singles_.contains(c.console) ||
          waits(member)) {
        continue;
      }
      const Micros quiet = now_.mono - std::max(c.link_since, c.last_byte);
      Incident incident =
          opened(c.console, Severity::warning, "Silent for " + format_duration(quiet),
                 fingerprint("lastgasp", Kind::silence, "console", {}), now_);
      change_(watch_.singles_.emplace(c.console, std::move(incident)).first->second);
    }
  }

  void end_singles() {
    for (auto at = watch_.singles_.begin(); at != watch_.singles_.end();) {
      const std::string how = end_of(at->second);
      if (how.empty()) {
        ++at;
        continue;
      }
      finish(at->second, how);
      at = watch_.singles_.erase(at);
    }
  }

  // How the silence of one console ended; empty while it goes on.
  std::string end_of(const Incident& single) const {
    const auto out = watch_.out_.find(single.console);
    if (out == watch_.out_.end()) {
      return spoke_.contains(single.console) ? "spoke again after " + lasted(single, now_)
                                             : "no longer watched";
    }
    if (out->second.part_of) {
      return part_of(*out->second.part_of);
    }
    return out->second.down ? "the link went down" : "";
  }

  void end_groups() {
    for (auto at = watch_.groups_.begin(); at != watch_.groups_.end();) {
      const std::string how = end_of(at->second);
      if (how.empty()) {
        ++at;
        continue;
      }
      for (const Member& member : members_) {
        if (member.out->part_of == &at->second) {
          member.out->part_of = nullptr;
        }
      }
      finish(at->second.incident, how);
      at = watch_.groups_.erase(at);
    }
  }

  std::string end_of(GroupOutage& outage) const {
    const auto tally = groups_.find(outage.incident.console);
    if (tally == groups_.end()) {
      return "no longer watched";
    }
    if (outage.out * kOverBelow >= tally->second.total) {
      outage.recovering = {};
      return "";
    }
    if (outage.recovering == MonoTime{}) {
      outage.recovering = now_.mono;
    }
    if (now_.mono - outage.recovering < watch_.settings_.settle()) {
      return "";
    }
    const std::size_t all = outage.members.size();
    const std::string who =
        outage.out == 0 ? "all are"
                        : std::to_string(all - outage.out) + " of " + std::to_string(all) + " are";
    return who + " back after " + lasted(outage.incident, now_);
  }

  void finish(Incident& incident, std::string how) {
    incident.state = IncidentState::resolved;
    incident.resolved = now_.wall;
    incident.resolution = std::move(how);
    change_(incident);
  }

  OutageWatch& watch_;
  Instant now_;
  const std::function<void(Incident&)>& change_;
  std::vector<Member> members_;
  std::unordered_set<std::string_view> spoke_;
  std::unordered_map<std::string_view, OutageTally> groups_;
};

void OutageWatch::check(std::span<const ConsoleActivity> consoles, Instant now,
                        const std::function<void(Incident&)>& change) {
  OutageCheck(*this, now, change).run(consoles);
}

void OutageWatch::restore(std::vector<Incident> open) {
  for (Incident& incident : open) {
    if (incident.kind != Kind::silence || incident.state == IncidentState::resolved) {
      continue;
    }
    if (incident.consoles.empty()) {
      out_[incident.console];
      singles_[incident.console] = std::move(incident);
      continue;
    }
    GroupOutage& outage = groups_[incident.console];
    outage.members.insert(incident.consoles.begin(), incident.consoles.end());
    for (const std::string& console : incident.consoles) {
      out_[console].part_of = &outage;
    }
    outage.incident = std::move(incident);
  }
}

std::vector<Incident> OutageWatch::open_incidents() const {
  std::vector<Incident> open;
  for (const auto& [console, incident] : singles_) {
    open.push_back(incident);
  }
  for (const auto& [name, outage] : groups_) {
    open.push_back(outage.incident);
  }
  return open;
}

}  // namespace lastgasp
