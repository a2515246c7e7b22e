#include "rules/incident/silence.h"

#include <algorithm>
#include <unordered_map>

#include "rules/incident/fingerprint.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLeastOfGroup = 3;

struct Group {
  std::size_t watched = 0;
  std::vector<const ConsoleActivity*> silent;

  bool as_one() const { return silent.size() >= kLeastOfGroup && silent.size() * 2 >= watched; }
};

bool watched(const ConsoleActivity& c) { return c.up && c.allowed > Micros{0}; }
bool silent(const ConsoleActivity& c, Instant now) {
  return watched(c) && now.mono - c.last_received > c.allowed;
}
bool of_group(const Incident& incident) { return !incident.consoles.empty(); }

Incident opened(std::string_view name, Severity severity, std::string title,
                std::string_view subject, Instant now) {
  Incident incident;
  incident.console = name;
  incident.kind = Kind::silence;
  incident.severity = severity;
  incident.title = std::move(title);
  incident.fingerprint = fingerprint("lastgasp", Kind::silence, subject, {});
  incident.state = IncidentState::open;
  incident.opened = incident.updated = now.wall;
  return incident;
}

void resolve(Incident& incident, Instant now, std::string how) {
  incident.state = IncidentState::resolved;
  incident.resolved = now.wall;
  incident.resolution = std::move(how);
}

std::string title_of_group(const Incident& incident) {
  return std::to_string(incident.consoles.size()) + " consoles of " + incident.console +
         " fell silent";
}

// One look at all consoles against the incidents that are open.
class Check {
 public:
  Check(std::span<const ConsoleActivity> consoles, Instant now, std::vector<Incident>& open,
        const std::function<void(Incident&)>& change)
      : now_(now), open_(open), change_(change) {
    for (const ConsoleActivity& c : consoles) {
      by_name_.emplace(c.console, &c);
      if (!c.group.empty() && watched(c)) {
        Group& group = groups_[c.group];
        ++group.watched;
        if (silent(c, now)) {
          group.silent.push_back(&c);
        }
      }
    }
    for (std::size_t i = 0; i < open_.size(); ++i) {
      (of_group(open_[i]) ? group_incidents_ : single_incidents_)[open_[i].console] = i;
    }
  }

  void run(std::span<const ConsoleActivity> consoles) {
    for (const auto& [name, group] : groups_) {
      group_silence(std::string(name), group);
    }
    for (const ConsoleActivity& c : consoles) {
      if (silent(c, now_) && !single_incidents_.contains(std::string(c.console)) &&
          !in_group_incident(c)) {
        open_.push_back(opened(c.console, Severity::warning,
                               "Silent for " + format_duration(now_.mono - c.last_received),
                               "console", now_));
        single_incidents_[std::string(c.console)] = open_.size() - 1;
        change_(open_.back());
      }
    }
    for (Incident& incident : open_) {
      end(incident);
    }
    std::erase_if(open_, [](const Incident& i) { return i.state == IncidentState::resolved; });
  }

 private:
  bool in_group_incident(const ConsoleActivity& c) const {
    return group_incidents_.contains(std::string(c.group));
  }

  void group_silence(const std::string& name, const Group& group) {
    const auto known = group_incidents_.find(name);
    if (known == group_incidents_.end()) {
      if (!group.as_one()) {
        return;
      }
      open_.push_back(opened(name, Severity::critical, "", "group", now_));
      group_incidents_[name] = open_.size() - 1;
    }
    Incident& incident = open_[group_incidents_[name]];
    const std::size_t before = incident.consoles.size();
    for (const ConsoleActivity* c : group.silent) {
      const std::string console(c->console);
      if (std::find(incident.consoles.begin(), incident.consoles.end(), console) ==
          incident.consoles.end()) {
        incident.consoles.push_back(console);
      }
    }
    if (incident.consoles.size() == before) {
      return;
    }
    incident.title = title_of_group(incident);
    incident.updated = now_.wall;
    change_(incident);
  }

  void end(Incident& incident) {
    if (of_group(incident)) {
      const auto group = groups_.find(incident.console);
      if (group == groups_.end() || group->second.silent.empty()) {
        finish(incident, group == groups_.end() ? "no console of it is up" : "all speak again");
      }
      return;
    }
    const auto known = by_name_.find(incident.console);
    if (known == by_name_.end()) {
      finish(incident, "no longer watched");
    } else if (!watched(*known->second)) {
      finish(incident, known->second->up ? "no longer watched" : "the link went down");
    } else if (in_group_incident(*known->second)) {
      finish(incident, "part of the silence of " + std::string(known->second->group));
    } else if (!silent(*known->second, now_)) {
      const Micros length = std::max(now_.wall - incident.opened, Micros{0});
      finish(incident, "spoke again after " + format_duration(length));
    }
  }

  void finish(Incident& incident, std::string how) {
    resolve(incident, now_, std::move(how));
    change_(incident);
  }

  Instant now_;
  std::vector<Incident>& open_;
  const std::function<void(Incident&)>& change_;
  std::unordered_map<std::string_view, const ConsoleActivity*> by_name_;
  std::unordered_map<std::string_view, Group> groups_;
  std::unordered_map<std::string, std::size_t> group_incidents_, single_incidents_;
};

}  // namespace

void SilenceWatch::check(std::span<const ConsoleActivity> consoles, Instant now,
                         const std::function<void(Incident&)>& change) {
  Check(consoles, now, open_, change).run(consoles);
}

void SilenceWatch::restore(std::vector<Incident> open) {
  for (Incident& incident : open) {
    if (incident.kind == Kind::silence && incident.state != IncidentState::resolved) {
      open_.push_back(std::move(incident));
    }
  }
}

}  // namespace lastgasp
