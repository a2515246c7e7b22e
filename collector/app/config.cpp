#include "collector/app/config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "collector/app/web_access.h"
#include "collector/core/bytes.h"
#include "exporters/web/listener.h"
#include "rules/engine/yaml_section.h"

namespace lastgasp {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint32_t kMaxPorts = 65535;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// "2001-2048" or "2001".
std::pair<std::uint32_t, std::uint32_t> ports_of(const YamlValue& value) {
  const std::string text = value.text();
  std::uint32_t first = 0, last = 0;
  const char* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, first);
  last = first;
  if (parsed.ec == std::errc{} && parsed.ptr != end && *parsed.ptr == '-')
    parsed = std::from_chars(parsed.ptr + 1, end, last);
  if (parsed.ec != std::errc{} || parsed.ptr != end || first == 0 || last < first ||
      last > kMaxPorts)
    value.fail("must be a range of ports such as 2001-2048");
  return {first, last};
}

Labels labels_of(const YamlValue& value) {
  if (!value.node().IsMap()) value.fail("must be a mapping, such as {pop: ams1}");
  Labels labels;
  for (const auto& item : value.node()) {
    if (!item.first.IsScalar() || !item.second.IsScalar())
      value.fail("must map names to texts, such as {pop: ams1}");
    const std::string problem = label_name_problem(item.first.Scalar());
    if (!problem.empty()) value.fail("has the name `" + item.first.Scalar() + "`: " + problem);
    labels.emplace_back(item.first.Scalar(), item.second.Scalar());
  }
  return labels;
}

std::uint64_t size_of(const YamlValue& value) {
  const auto bytes = parse_bytes(value.text());
  if (!bytes) value.fail("must be a size, such as 512M or 200G");
  return *bytes;
}

std::string url_of(const YamlValue& value) {
  std::string url = value.text();
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    value.fail("must be a URL, such as http://HOST:PORT");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::vector<std::string> texts_of(const YamlValue& value) {
  std::vector<std::string> texts;
  for (const YamlValue& item : value.list()) texts.push_back(item.text());
  return texts;
}

PerConsole detail_of(const YamlValue& value) {
  const std::string text = value.text();
  if (text == "full") return PerConsole::full;
  if (text == "basic") return PerConsole::basic;
  if (text == "off") return PerConsole::off;
  value.fail("must be full, basic or off");
}

// The keys that a console and the defaults of all consoles share.
void read_common(const YamlSection& section, ConsoleConfig& console) {
  if (const auto platform = section.find("platform")) console.platform = platform->text();
  if (const auto silence = section.find("silence")) console.silence = silence->duration();
  if (const auto labels = section.find("labels")) console.labels = labels_of(*labels);
  if (const auto redact = section.find("redact")) console.redact = redact->boolean();
}

ConsoleConfig with_port(ConsoleConfig console, std::uint32_t port) {
  console.name = replaced(console.name, "{port}", std::to_string(port));
  console.endpoint = replaced(console.endpoint, "{port}", std::to_string(port));
  return console;
}

void add_checked(const YamlValue& endpoint, ConsoleConfig console,
                 std::vector<ConsoleConfig>& into) {
  try {
    if (console.name.empty()) console.name = console_at(console.endpoint).name;
    parse_endpoint(console.endpoint);
  } catch (const Error& error) {
    endpoint.fail(std::string("is wrong: ") + error.what());
  }
  into.push_back(std::move(console));
}

void read_console(const YamlValue& value, ConsoleConfig console, std::vector<ConsoleConfig>& into) {
  static constexpr std::string_view keys[] = {"name",    "endpoint", "ports", "platform",
                                              "silence", "labels",   "redact"};
  const YamlSection section(value, "a console", keys);
  console.line = section.line();
  const YamlValue endpoint = section.get("endpoint");
  console.endpoint = endpoint.text();
  if (const auto name = section.find("name")) console.name = name->text();
  read_common(section, console);
  const auto ports = section.find("ports");
  if (!ports) return add_checked(endpoint, std::move(console), into);
  for (const std::string* text : {&console.name, &console.endpoint})
    if (text->find("{port}") == std::string::npos)
      ports->fail("needs {port} in both `name` and `endpoint`");
  const auto [first, last] = ports_of(*ports);
  for (std::uint32_t port = first; port <= last; ++port)
    add_checked(endpoint, with_port(console, port), into);
}

void read_outages(const YamlSection& section, OutageSettings& settings) {
  if (const auto after = section.find("down_after")) settings.down_after = after->duration();
  const auto sites = section.find("sites");
  if (!sites) return;
  settings.sites.clear();
  for (const YamlValue& label : sites->list()) {
    const std::string problem = label_name_problem(label.text());
    if (!problem.empty()) label.fail("is no label of a console: " + problem);
    settings.sites.push_back(label.text());
  }
}

void read_incidents(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"loop_boots",    "loop_window", "stuck_after",
                                              "resolve_after", "down_after",  "sites"};
  const YamlSection section(value, "incidents", keys);
  read_outages(section, config.outages);
  TrackerSettings& settings = config.incidents;
  if (const auto boots = section.find("loop_boots"))
    settings.loop_boots = static_cast<std::uint32_t>(boots->number(2, 1000));
  if (const auto window = section.find("loop_window")) settings.loop_window = window->duration();
  if (const auto stuck = section.find("stuck_after")) settings.stuck_after = stuck->duration();
  if (const auto after = section.find("resolve_after")) settings.resolve_after = after->duration();
}

void read_storage(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"path", "keep", "keep_bytes", "queue_bytes"};
  const YamlSection section(value, "storage", keys);
  if (const auto path = section.find("path")) config.storage = path->text();
  if (const auto keep = section.find("keep")) config.limits.keep = keep->duration();
  if (const auto bytes = section.find("keep_bytes")) config.limits.keep_bytes = size_of(*bytes);
  if (const auto queue = section.find("queue_bytes")) config.limits.queue_bytes = size_of(*queue);
}

WebAccess access_of(const YamlValue& file) {
  try {
    return load_web_access(file.text());
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    file.fail(std::string("is no file to read: ") + error.what());
  }
}

void name_admins(const YamlValue& names, WebAccess& access) {
  for (const YamlValue& name : names.list()) {
    try {
      make_admin(access, name.text());
    } catch (const Error& error) {
      name.fail(error.what());
    }
  }
}

void read_web(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"listen", "external_url", "config_file", "admins",
                                              "allow_unprotected"};
  const YamlSection section(value, "web", keys);
  if (const auto file = section.find("config_file")) config.access = access_of(*file);
  if (const auto names = section.find("admins")) name_admins(*names, config.access);
  if (const auto allow = section.find("allow_unprotected"))
    config.allow_unprotected = allow->boolean();
  if (const auto listen = section.find("listen")) config.listen = listen->text();
  if (const auto url = section.find("external_url")) config.external_url = url_of(*url);
}

void read_rules(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"folder", "disable"};
  const YamlSection section(value, "rules", keys);
  if (const auto folder = section.find("folder")) config.rule_folder = folder->text();
  if (const auto ids = section.find("disable")) config.disabled_rules = texts_of(*ids);
}

void read_redaction(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"folder", "disable"};
  const YamlSection section(value, "redaction", keys);
  if (const auto folder = section.find("folder")) config.redaction_folder = folder->text();
  if (const auto ids = section.find("disable")) config.disabled_redactions = texts_of(*ids);
}

void read_metrics(const YamlValue& value, Config& config) {
  static constexpr std::string_view keys[] = {"per_console"};
  const YamlSection section(value, "metrics", keys);
  if (const auto detail = section.find("per_console")) config.per_console = detail_of(*detail);
}

void read_consoles(const YamlSection& root, Config& config) {
  ConsoleConfig defaults;
  if (const auto value = root.find("defaults")) {
    static constexpr std::string_view keys[] = {"platform", "silence", "labels", "redact"};
    read_common(YamlSection(*value, "defaults", keys), defaults);
  }
  if (const auto consoles = root.find("consoles"))
    for (const YamlValue& console : consoles->list())
      read_console(console, defaults, config.consoles);
}

std::string_view name_part(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool ConsoleConfig::same_as(const ConsoleConfig& other) const {
  return name == other.name && endpoint == other.endpoint && platform == other.platform &&
         silence == other.silence && labels == other.labels && redact == other.redact;
}

std::filesystem::path default_storage() {
  if (const char* folder = std::getenv("LASTGASP_DATA"); folder && *folder) return folder;
  if (geteuid() == 0) return "/var/lib/lastgasp";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home ? home : ".") / ".local/state/lastgasp";
}

Config default_config() {
  Config config;
  config.storage = default_storage();
  return config;
}

Config parse_config(std::string_view yaml, const std::string& file) {
  static constexpr std::string_view keys[] = {"storage",  "web",       "alertmanagers", "receivers",
                                              "rules",    "redaction", "metrics",       "incidents",
                                              "defaults", "consoles"};
  Config config = default_config();
  const YamlSection root(YamlValue(file, parse_yaml(yaml, file), "the configuration"),
                         "the configuration", keys);
  if (const auto storage = root.find("storage")) read_storage(*storage, config);
  if (const auto web = root.find("web")) read_web(*web, config);
  if (const auto list = root.find("alertmanagers")) read_alertmanagers(*list, config.receivers);
  if (const auto list = root.find("receivers")) read_receivers(*list, config.receivers);
  if (const auto rules = root.find("rules")) read_rules(*rules, config);
  if (const auto redaction = root.find("redaction")) read_redaction(*redaction, config);
  if (const auto metrics = root.find("metrics")) read_metrics(*metrics, config);
  if (const auto incidents = root.find("incidents")) read_incidents(*incidents, config);
  read_consoles(root, config);
  check_consoles(config, file);
  return config;
}

Config load_config(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(errno_text("cannot read the configuration " + file.string(), errno));
  std::ostringstream text;
  text << in.rdbuf();
  return parse_config(text.str(), file.string());
}

void check_protection(const Config& config) {
  const bool users = !config.access.accounts.empty();
  if (config.allow_unprotected || (config.access.tls && users)) return;
  if (!beyond_loopback(config.listen)) return;
  const std::string lacks = users ? "TLS" : config.access.tls ? "users" : "TLS and users";
  throw Error("web.listen is " + config.listen + ", which others can reach, without " + lacks +
              ": name a file with tls_server_config and basic_auth_users in web.config_file (on "
              "the command "
              "line: --web-config FILE); or, if all who can reach it may read every console, write "
              "allow_unprotected: true under web (--allow-unprotected)");
}

ConsoleConfig console_at(const std::string& endpoint) {
  ConsoleConfig console;
  console.endpoint = endpoint;
  const Endpoint parsed = parse_endpoint(endpoint);
  if (const auto* tcp = std::get_if<TcpEndpoint>(&parsed.address)) {
    const bool v6 = tcp->host.find(':') != std::string::npos;
    console.name = (v6 ? "[" + tcp->host + "]" : tcp->host) + ":" + tcp->port;
  } else if (const auto* serial = std::get_if<SerialEndpoint>(&parsed.address)) {
    console.name = name_part(serial->device);
  } else if (const auto* file = std::get_if<FileEndpoint>(&parsed.address)) {
    console.name = name_part(file->path);
  } else if (const auto* local = std::get_if<UnixEndpoint>(&parsed.address)) {
    console.name = name_part(local->path);
  } else if (const auto* exec = std::get_if<ExecEndpoint>(&parsed.address)) {
    console.name = exec->command;
  }
  return console;
}

void check_consoles(const Config& config, const std::string& file) {
  std::map<std::string, const ConsoleConfig*> names, devices;
  for (const ConsoleConfig& console : config.consoles) {
    const auto [name, new_name] = names.emplace(console.name, &console);
    if (!new_name)
      throw FileError(file, console.line, 0,
                      "the name `" + console.name + "` is used twice (first in line " +
                          std::to_string(name->second->line) + "); give each console its own");
    const auto [device, new_device] =
        devices.emplace(parse_endpoint(console.endpoint).device_key(), &console);
    if (!new_device)
      throw FileError(file, console.line, 0,
                      "`" + console.name + "` and `" + device->second->name + "` (line " +
                          std::to_string(device->second->line) + ") both read " + console.endpoint +
                          ": each would lose what the other gets; remove one");
  }
}

}  // namespace lastgasp
