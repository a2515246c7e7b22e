// The configuration: what a person wrote, checked and expanded. Plain values; read once and never
// changed. README.md beside this file is its reference.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/app/receiver_config.h"
#include "collector/console/endpoint.h"
#include "collector/core/clock.h"
#include "collector/transcript/writer.h"
#include "exporters/metrics/metrics.h"
#include "exporters/web/access.h"
#include "rules/incident/outage.h"
#include "rules/incident/tracker.h"

namespace lastgasp {

struct ConsoleConfig {
  std::string name;
  std::string endpoint;  // as written, ports expanded; parse_endpoint takes it
  std::string platform;  // empty: learned from what it prints
  Micros silence{0};     // longer than this without a byte is an incident; 0 is never
  std::vector<std::pair<std::string, std::string>> labels;
  bool redact = true;  // secrets are masked before anything keeps or shows them
  int line = 0;        // in the configuration file; 0 when it came from the command line

  // Whether both describe the same console in every respect.
  bool same_as(const ConsoleConfig& other) const;
};

struct Config {
  std::filesystem::path storage;
  StorageLimits limits;
  std::string listen = "127.0.0.1:11520";
  bool allow_unprotected = false;  // listen beyond loopback without TLS and users
  WebAccess access;
  std::string external_url;               // of our own pages, for links in alerts
  std::vector<ReceiverConfig> receivers;  // with those of `alertmanagers`
  std::filesystem::path rule_folder;      // user packs; empty is none
  std::vector<std::string> disabled_rules;
  std::filesystem::path redaction_folder;  // user packs; empty is none
  std::vector<std::string> disabled_redactions;
  PerConsole per_console = PerConsole::full;
  TrackerSettings incidents;
  OutageSettings outages;
  std::vector<ConsoleConfig> consoles;
};

// $LASTGASP_DATA, or /var/lib/lastgasp for root, or ~/.local/state/lastgasp.
std::filesystem::path default_storage();
// Defaults for everything, and no console.
Config default_config();

// Throws FileError with line, column and the way out. `file` is only used in messages.
Config parse_config(std::string_view yaml, const std::string& file);
Config load_config(const std::filesystem::path& file);
// A console given by its endpoint alone; named after it. Throws Error.
ConsoleConfig console_at(const std::string& endpoint);

// Throws Error, which says what to write, when others could reach the web server without TLS and
// users and nobody said that they may.
void check_protection(const Config& config);

// Throws FileError when two consoles have one name or read one device.
void check_consoles(const Config& config, const std::string& file);

}  // namespace lastgasp
