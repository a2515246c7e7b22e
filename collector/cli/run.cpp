#include <memory>

#include "collector/app/daemon.h"
#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

struct RunOptions {
  std::string config, data, listen;
  std::vector<std::string> endpoints;
  std::string web_config;
  std::vector<std::string> web_admins;
  bool allow_unprotected = false, verbose = false;
};

int run(const RunOptions& options) {
  if (options.verbose) set_log_level(LogLevel::debug);
  Daemon::Options daemon_options;
  if (!options.config.empty()) daemon_options.file = options.config;
  if (options.config.empty() && options.endpoints.empty()) {
    if (!std::filesystem::exists(kSystemConfig))
      throw Error(
          "nothing to collect: name an endpoint (lastgasp run telnet://ts1:2001), give "
          "--config FILE, or write " +
          std::string(kSystemConfig));
    daemon_options.file = kSystemConfig;
  }
  if (daemon_options.file && !(options.web_config.empty() && options.web_admins.empty()))
    throw Error("with a configuration file, write config_file and admins under web in it");
  if (!options.web_config.empty()) daemon_options.web_access = options.web_config;
  daemon_options.admins = options.web_admins;
  daemon_options.endpoints = options.endpoints;
  if (!options.data.empty()) daemon_options.storage = options.data;
  if (!options.listen.empty()) daemon_options.listen = options.listen;
  daemon_options.allow_unprotected = options.allow_unprotected;
  const SystemClock clock;
  Daemon daemon(std::move(daemon_options), clock);
  daemon.run();
  return kFound;
}

}  // namespace

void add_run(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<RunOptions>();
  auto* command = program.add_subcommand("run", "Collect until stopped; SIGHUP reloads");
  command->add_option("endpoint", options->endpoints,
                      "serial:///dev/ttyUSB0?baud=9600, telnet://HOST:PORT, tcp://HOST:PORT, "
                      "unix:/PATH, exec:COMMAND, file:/PATH");
  command->add_option("--config", options->config, "Configuration file (YAML)");
  command->add_option("--data", options->data, "Folder for the transcripts");
  command->add_option("--listen", options->listen, "HOST:PORT of the page and the metrics");
  command->add_option("--web-config", options->web_config,
                      "File of TLS and users, as Prometheus exporters take it");
  command
      ->add_option("--web-admin", options->web_admins,
                   "User who may also acknowledge and reload; may be repeated")
      ->allow_extra_args(false);
  command->add_flag("--allow-unprotected", options->allow_unprotected,
                    "Let others than this machine in without TLS and users");
  command->add_flag("--verbose", options->verbose, "Log more");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace lastgasp
