// Looks at all consoles together, once a second: which are silent or down, alone or with a whole
// site. Any thread; one at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collector/app/console_runner.h"
#include "collector/app/incident_desk.h"
#include "collector/transcript/writer.h"
#include "rules/incident/outage.h"

namespace lastgasp {

class OutageMonitor {
 public:
  // `desk` and `writer` outlive the monitor.
  OutageMonitor(IncidentDesk& desk, TranscriptWriter& writer) : desk_(desk), writer_(writer) {}

  // The consoles from now on; at the start and after every reload.
  void watch(std::vector<std::shared_ptr<ConsoleRunner>> consoles, const OutageSettings& settings);
  // After a restart, after the first watch(): what was open.
  void restore(std::vector<Incident> open);
  void check(Instant now);

 private:
  using Labels = IncidentDesk::Labels;
  struct Watched {
    std::shared_ptr<ConsoleRunner> runner;
    std::vector<OutageGroup> groups;
  };

  void changed(Incident& incident);
  ConsoleRunner* runner_of(const Incident& incident) const;
  const Labels& labels_of(const Incident& incident) const;

  IncidentDesk& desk_;
  TranscriptWriter& writer_;
  std::mutex mutex_;  // guards what follows
  OutageWatch outages_;
  std::vector<Watched> consoles_;
  std::unordered_map<std::string_view, ConsoleRunner*> by_name_;
  std::unordered_map<std::string, Labels> group_labels_;  // those that all consoles of it have
};

}  // namespace lastgasp
