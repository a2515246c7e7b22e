// The running collector: wires sources, rules, transcript and exporters together, reloads the
// configuration, and shuts down in order. run() belongs to the thread that calls it; stop() and the
// WebBackend functions may come from any thread.
#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/app/active_rules.h"
#include "collector/app/certificate_watch.h"
#include "collector/app/config.h"
#include "collector/app/console_runner.h"
#include "collector/app/incident_desk.h"
#include "collector/app/outage_monitor.h"
#include "collector/app/shard.h"
#include "exporters/delivery/receivers.h"
#include "exporters/web/backend.h"
#include "exporters/web/server.h"

namespace lastgasp {

struct Version {
  std::string number;    // "0.1.0"
  std::string revision;  // of the source; empty when unknown
};
Version version();

class Daemon final : public WebBackend {
 public:
  // Reads the configuration from `file`, if any, and adds `endpoints` as consoles to it, at the
  // start and at every reload. `storage` and `listen` win over the file's. `web_access` is the file
  // of TLS and users, `admins` who of them may do everything, when there is no configuration file.
  // Throws Error.
  struct Options {
    std::optional<std::filesystem::path> file;
    std::vector<std::string> endpoints;
    std::optional<std::filesystem::path> storage;
    std::optional<std::string> listen;
    std::optional<std::filesystem::path> web_access;
    std::vector<std::string> admins;
    bool allow_unprotected = false;
  };
  Daemon(Options options, const Clock& clock);
  ~Daemon() override;

  // Collects until SIGINT, SIGTERM or stop(). SIGHUP reloads.
  void run();
  void stop();

  std::string address() const { return web_->address(); }

  std::string version() const override { return lastgasp::version().number; }
  std::vector<ConsoleView> consoles() const override;
  RulesView rules() const override;
  std::string explain(std::string_view line, const std::string& platform) const override;
  std::string metrics() const override;
  bool ready() const override;
  ReloadResult reload() override;
  OpenFiles& transcripts() override { return files_; }
  Instant now() const override { return clock_.now(); }
  std::vector<DeliveryRecord> deliveries(std::int64_t incident) const override;
  bool annotate(const IncidentNote& note) override;
  void served(std::string_view handler, int code, Micros took) override;

 private:
  using Runners = std::map<std::string, std::shared_ptr<ConsoleRunner>>;
  using OpenIncidents = std::map<std::string, std::vector<Incident>>;  // by console

  Config read_config() const;
  Config parsed_config() const;
  void start_shards();
  void start_alerts();
  IncidentDesk::Acknowledged acknowledged_incidents() const;
  void resume_incidents();
  void add_console(const ConsoleConfig& console, OpenIncidents& open);
  std::string apply(Config next);
  std::string apply_rules(const Config& next);
  void show_rules();
  Shard& shard_of(const std::string& console, const std::string& server);
  void resolve_orphans(OpenIncidents& open);
  void drop_console(const std::shared_ptr<ConsoleRunner>& runner, bool for_ever,
                    OpenIncidents& open);
  std::vector<std::shared_ptr<ConsoleRunner>> runners() const;
  void tend();
  void renew_certificate();
  bool shards_alive() const;
  void await_signal();

  const Options options_;
  const Clock& clock_;
  Config config_;
  Metrics metrics_;
  std::unique_ptr<TranscriptWriter> writer_;
  OpenFiles files_;  // of what it writes
  std::unique_ptr<Receivers> receivers_;
  std::unique_ptr<IncidentDesk> desk_;
  ActiveRules rules_;
  std::vector<std::unique_ptr<Shard>> shards_;
  mutable std::mutex shown_mutex_;              // guards what follows
  std::shared_ptr<const RuleSet> shown_rules_;  // of rules_, for whoever asks by HTTP
  Redactor::Rules shown_redaction_;
  std::mutex reload_mutex_;           // one reload at a time; guards config_.access
  CertificateWatch certificate_;      // under reload_mutex_
  mutable std::mutex runners_mutex_;  // the map only
  Runners runners_;
  std::unique_ptr<OutageMonitor> outages_;
  std::unique_ptr<WebServer> web_;
  asio::io_context context_{1};
  asio::signal_set signals_;
  asio::steady_timer tend_timer_;
};

}  // namespace lastgasp
