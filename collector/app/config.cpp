#include "collector/app/config.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "collector/app/yaml_reader.h"
#include "exporters/alertmanager/alert.h"

namespace lastgasp {
namespace {

constexpr std::uint32_t kMaxPorts = 65535;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// "2001-2048" or "2001".
std::pair<std::uint32_t, std::uint32_t> parse_ports(const std::string& text) {
  std::uint32_t first = 0, last = 0;
  const char* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, first);
  last = first;
  if (error == std::errc{} && rest != end && *rest == '-')
    std::tie(rest, error) = std::from_chars(rest + 1, end, last);
  if (error != std::errc{} || rest != end || first == 0 || last < first || last > kMaxPorts)
    throw Error("`ports` must be a range such as 2001-2048");
  return {first, last};
}

void check_labels(const YamlReader& reader, const ConsoleConfig& console) {
  for (const auto& [name, value] : console.labels) {
    bool valid = !name.empty() && !name.starts_with("__");
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      valid = valid && (std::isalpha(static_cast<unsigned char>(c)) || c == '_' ||
                        (i > 0 && std::isdigit(static_cast<unsigned char>(c))));
    }
    if (!valid) reader.fail(reader.node(), "label `" + name + "` must be letters, digits and _");
    for (const char* reserved : {"alertname", "console", "kind", "severity", "transport",
                                 "platform", "state", "rule", "le", "job", "instance"})
      if (name == reserved)
        reader.fail(reader.node(), "label `" + name + "` is taken; choose another name");
  }
}

void read_common(YamlReader& reader, ConsoleConfig& console) {
  reader.text("platform", console.platform);
  reader.duration("silence", console.silence);
  reader.pairs("labels", console.labels);
  check_labels(reader, console);
}

void read_console(YamlReader& reader, ConsoleConfig console, std::vector<ConsoleConfig>& into) {
  console.line = reader.line();
  reader.text("name", console.name);
  reader.text("endpoint", console.endpoint);
  std::optional<std::pair<std::uint32_t, std::uint32_t>> ports;
  reader.checked("ports", [&](const std::string& text) { ports = parse_ports(text); });
  read_common(reader, console);
  if (console.endpoint.empty())
    reader.fail(reader.node(), "a console needs an `endpoint`, such as telnet://ts1:2001");
  const bool numbered = console.name.find("{port}") != std::string::npos &&
                        console.endpoint.find("{port}") != std::string::npos;
  if (ports && !numbered)
    reader.fail(reader.node(), "with `ports`, both `name` and `endpoint` must contain {port}");
  const auto [first, last] = ports.value_or(std::pair<std::uint32_t, std::uint32_t>{0, 0});
  for (std::uint32_t port = first; port <= last; ++port) {
    ConsoleConfig one = console;
    if (ports) {
      one.name = replaced(console.name, "{port}", std::to_string(port));
      one.endpoint = replaced(console.endpoint, "{port}", std::to_string(port));
    }
    if (port == first)
      reader.checked("endpoint", [&](const std::string&) { parse_endpoint(one.endpoint); });
    if (one.name.empty()) one.name = console_at(one.endpoint).name;
    into.push_back(std::move(one));
  }
}

void read_incidents(YamlReader& reader, TrackerSettings& settings) {
  reader.number("loop_boots", settings.loop_boots, 2);
  reader.duration("loop_window", settings.loop_window);
  reader.duration("stuck_after", settings.stuck_after);
  reader.duration("resolve_after", settings.resolve_after);
}

void read_storage(YamlReader& reader, Config& config) {
  std::string path;
  reader.text("path", path);
  if (!path.empty()) config.storage = path;
  reader.duration("keep", config.limits.keep);
  reader.bytes("keep_bytes", config.limits.keep_bytes);
  std::uint64_t queue = config.limits.queue_bytes;
  reader.bytes("queue_bytes", queue);
  config.limits.queue_bytes = queue;
}

PerConsole per_console_named(const std::string& text) {
  if (text == "full") return PerConsole::full;
  if (text == "basic") return PerConsole::basic;
  if (text == "off") return PerConsole::off;
  throw Error("`per_console` must be full, basic or off");
}

void check_url(const std::string& url) {
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw Error("`" + url + "` is no URL; write http://HOST:PORT");
}

std::string_view name_part(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool ConsoleConfig::same_as(const ConsoleConfig& other) const {
  return name == other.name && endpoint == other.endpoint && platform == other.platform &&
         silence == other.silence && labels == other.labels;
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
  Config config = default_config();
  const YAML::Node root = parse_yaml(yaml, file);
  YamlReader reader(root, file, "the configuration");
  reader.mapping("storage", [&](YamlReader& storage) { read_storage(storage, config); });
  reader.mapping("web", [&](YamlReader& web) {
    web.text("listen", config.listen);
    web.checked("external_url", [&](const std::string& url) {
      check_url(url);
      config.external_url = url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
    });
  });
  reader.sequence("alertmanagers", [&](const YAML::Node& node) {
    try {
      check_url(node.as<std::string>(""));
    } catch (const Error& error) {
      reader.fail(node, error.what());
    }
    config.alertmanagers.push_back(node.Scalar());
  });
  reader.mapping("rules", [&](YamlReader& rules) {
    std::string folder;
    rules.text("folder", folder);
    config.rule_folder = folder;
    rules.texts("disable", config.disabled_rules);
  });
  reader.mapping("metrics", [&](YamlReader& metrics) {
    metrics.checked("per_console",
                    [&](const std::string& text) { config.per_console = per_console_named(text); });
  });
  reader.mapping("incidents", [&](YamlReader& node) { read_incidents(node, config.incidents); });
  ConsoleConfig defaults;
  reader.mapping("defaults", [&](YamlReader& node) { read_common(node, defaults); });
  reader.sequence("consoles", [&](const YAML::Node& node) {
    YamlReader console(node, file, "a console");
    read_console(console, defaults, config.consoles);
    console.done();
  });
  reader.done();
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
