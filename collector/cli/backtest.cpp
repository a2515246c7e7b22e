#include "collector/cli/backtest.h"

#include <algorithm>
#include <tuple>

namespace lastgasp {
namespace {

// What came shortly before decides what a line means: whether a boot was going on, which platform
// it is, whether a crash is a repetition.
constexpr Micros kWarmUp = std::chrono::hours(1);
constexpr Micros kDay = std::chrono::hours(24);
// An incident's end is when its last line came, and a dump may have grown by a rule.
constexpr Micros kSameTime = std::chrono::seconds(30);

class Replay final : public TrackerSink {
 public:
  Replay(const std::string& console, const std::string& platform, const TrackerSettings& settings,
         Matching& matching)
      : stored_(console, platform, settings, matching, *this) {}

  StoredConsole& console() { return stored_; }
  const std::map<std::int64_t, Incident>& incidents() const { return incidents_; }

 private:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) incident.id = static_cast<std::int64_t>(incidents_.size()) + 1;
    Incident& kept = incidents_[incident.id];
    kept = incident;
    kept.context = {};
    kept.dump = {};
  }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}

  StoredConsole stored_;
  std::map<std::int64_t, Incident> incidents_;
};

using Replays = std::map<std::string, std::unique_ptr<Replay>, std::less<>>;

Replay& replay_of(std::string_view console, Replays& replays, Matching& matching,
                  const BacktestSettings& settings) {
  const auto found = replays.find(console);
  if (found != replays.end()) return *found->second;
  const std::string name(console);
  const auto platform = settings.platforms.find(name);
  return *replays
              .emplace(name, std::make_unique<Replay>(
                                 name, platform == settings.platforms.end() ? "" : platform->second,
                                 settings.incidents, matching))
              .first->second;
}

std::vector<Incident> replayed_incidents(Replays& replays, const TimeRange& range) {
  std::vector<Incident> incidents;
  for (auto& [name, replay] : replays) {
    replay->console().finish(range.to);
    for (const auto& [id, incident] : replay->incidents())
      if (incident.opened >= range.from && incident.opened < range.to)
        incidents.push_back(incident);
  }
  return incidents;
}

// Day by day, since a row holds the whole dump.
std::vector<Incident> stored_incidents(TranscriptReader& reader, const BacktestSettings& settings) {
  std::vector<Incident> incidents;
  IncidentQuery query;
  query.consoles = settings.consoles;
  query.limit = SIZE_MAX;
  for (WallTime day = settings.range.from; day < settings.range.to; day += kDay) {
    query.range = {day, std::min(day + kDay, settings.range.to)};
    for (const IncidentRow& row : reader.incidents(query)) {
      Incident incident = incident_from_json(row.body);
      if (incident.kind == Kind::silence) continue;
      incident.id = row.id;
      incident.context = {};
      incident.dump = {};
      incidents.push_back(std::move(incident));
    }
  }
  return incidents;
}

bool overlap(const Incident& a, const Incident& b) {
  return a.opened <= std::max(b.opened, b.updated) + kSameTime &&
         b.opened <= std::max(a.opened, a.updated) + kSameTime;
}

bool is_same(const Incident& a, const Incident& b) {
  return overlap(a, b) &&
         (a.title == b.title || a.fingerprint == b.fingerprint || a.rule == b.rule);
}

bool earlier(const Incident& a, const Incident& b) {
  return std::tie(a.opened, a.console, a.id) < std::tie(b.opened, b.console, b.id);
}

}  // namespace

void compare(std::vector<Incident> replayed, std::vector<Incident> stored, Backtest& result) {
  std::sort(replayed.begin(), replayed.end(), earlier);
  std::sort(stored.begin(), stored.end(), earlier);
  std::map<std::string, std::vector<Incident*>> by_console;
  for (Incident& incident : stored) by_console[incident.console].push_back(&incident);
  for (Incident& incident : replayed) {
    std::vector<Incident*>& others = by_console[incident.console];
    const auto match = std::find_if(others.begin(), others.end(), [&](const Incident* other) {
      return is_same(incident, *other);
    });
    if (match == others.end()) {
      result.fresh.push_back(std::move(incident));
    } else {
      result.same.push_back({std::move(incident), std::move(**match)});
      others.erase(match);
    }
  }
  for (auto& [console, left] : by_console)
    for (Incident* incident : left) result.gone.push_back(std::move(*incident));
  std::sort(result.gone.begin(), result.gone.end(), earlier);
}

Backtest backtest(TranscriptReader& reader, Matching& matching, const BacktestSettings& settings,
                  const std::function<void(std::uint64_t, WallTime)>& progress) {
  Backtest result;
  Replays replays;
  const TimeRange read{settings.range.from - kWarmUp, settings.range.to};
  result.damaged_blocks =
      reader.records(settings.consoles, read, [&](std::string_view console, const Record& record) {
        replay_of(console, replays, matching, settings).console().take(record);
        progress(result.bytes += record.bytes.size(), record.at);
      });
  result.consoles = replays.size();
  compare(replayed_incidents(replays, settings.range), stored_incidents(reader, settings), result);
  return result;
}

}  // namespace lastgasp
