#include "collector/app/receiver_config.h"

#include <algorithm>
#include <array>

#include "collector/core/bytes.h"
#include "exporters/alertmanager/alertmanager.h"
#include "exporters/exec/exec.h"
#include "exporters/metrics/console_metrics.h"
#include "exporters/webhook/webhook.h"
#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

constexpr Micros kShortestTimeout{std::chrono::seconds(1)};
constexpr Micros kLongestTimeout{std::chrono::minutes(10)};
constexpr std::size_t kMaxNameBytes = 200;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// As RFC 9110 has the names of header fields.
bool is_token(std::string_view text) {
  static constexpr std::string_view odd = " \"(),/:;<=>?@[\\]{}";
  return !text.empty() && is_plain(text) && text.find_first_of(odd) == text.npos;
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

// The error of reading the URL, at its place.
template <typename Read>
std::string named_after(const YamlValue& url, Read read) {
  try {
    return read(url.text());
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    url.fail(error.what());
  }
}

template <typename Names>
std::string names_in(const Names& names) {
  std::string list;
  for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

std::vector<std::string_view> incident_kinds() {
  std::vector<std::string_view> kinds;
  for (std::size_t slot = 0; slot < kIncidentSlots; ++slot)
    kinds.push_back(name_of(incident_kind(slot)));
  return kinds;
}

template <typename Names>
std::vector<std::string> chosen_of(const YamlValue& value, const std::string& what,
                                   const Names& names) {
  std::vector<std::string> chosen;
  for (const YamlValue& one : value.scalar_or_list()) {
    chosen.push_back(one.text());
    if (std::find(names.begin(), names.end(), chosen.back()) == names.end())
      one.fail("is no " + what + "; there are " + names_in(names));
  }
  if (chosen.empty()) value.fail("lets nothing pass; leave it out to let all pass");
  return chosen;
}

std::vector<std::pair<std::string, std::string>> texts_by_name(const YamlValue& value,
                                                               const std::string& example) {
  if (!value.node().IsMap()) value.fail("must be a mapping, such as " + example);
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& item : value.node()) {
    if (!item.first.IsScalar() || !item.second.IsScalar())
      value.fail("must map names to texts, such as " + example);
    texts.emplace_back(item.first.Scalar(), item.second.Scalar());
  }
  return texts;
}

HttpPost::Headers headers_of(const YamlValue& value) {
  static constexpr std::array ours{"content-type", "content-length", "transfer-encoding", "expect"};
  auto headers = texts_by_name(value, "{Authorization: Bearer TOKEN}");
  for (const auto& [name, text] : headers) {
    if (!is_token(name) || text.empty() || !is_plain(text))
      value.fail("has `" + escaped(name) + "`, which no HTTP header can be: write " +
                 "NAME: TEXT in plain ASCII on one line");
    if (std::find(ours.begin(), ours.end(), in_lower_case(name)) != ours.end())
      value.fail("has `" + name + "`, which the collector sets itself; leave it out");
  }
  return headers;
}

std::vector<std::string> program_of(const YamlValue& value) {
  if (!value.node().IsSequence() || value.node().size() == 0)
    value.fail("must be a list of a program and its arguments, such as [/usr/bin/page, noc]");
  std::vector<std::string> program;
  for (const YamlValue& word : value.list()) {
    program.push_back(word.text());
    if (program.back().find('\0') != std::string::npos) word.fail("has a NUL byte; leave it out");
  }
  const std::string problem = program_problem(program.front());
  if (!problem.empty()) value.list().front().fail(problem);
  return program;
}

AlertFilter filter_of(const YamlSection& section) {
  AlertFilter filter;
  if (const auto severity = section.find("severity"))
    filter.severities = chosen_of(*severity, "severity", kSeverityNames);
  if (const auto kind = section.find("kind"))
    filter.kinds = chosen_of(*kind, "kind of incident", incident_kinds());
  if (const auto labels = section.find("labels"))
    for (auto& [name, glob] : texts_by_name(*labels, "{site: \"fra*\"}"))
      filter.labels.push_back({name, glob});
  return filter;
}

ReceiverConfig alertmanager_at(const YamlValue& url) {
  ReceiverConfig receiver;
  receiver.url = url.text();
  receiver.name = named_after(url, name_of_url);
  if (receiver.url.find_first_of("?#") != std::string::npos)
    url.fail("must end with the host or a path: the API's own path comes behind it");
  return receiver;
}

void read_kind(const YamlSection& section, const YamlValue& value, ReceiverConfig& receiver) {
  const auto alertmanager = section.find("alertmanager"), webhook = section.find("webhook"),
             exec = section.find("exec");
  if (alertmanager.has_value() + webhook.has_value() + exec.has_value() != 1)
    value.fail("needs exactly one of alertmanager, webhook and exec");
  if (alertmanager) receiver = alertmanager_at(*alertmanager);
  if (webhook) {
    receiver.kind = ReceiverKind::webhook;
    receiver.url = webhook->text();
    receiver.name = named_after(*webhook, origin_of_url);
  }
  if (exec) {
    receiver.kind = ReceiverKind::exec;
    receiver.program = program_of(*exec);
    receiver.name = receiver.program.front();
    receiver.timeout = std::chrono::seconds(30);
  }
}

ReceiverConfig read_receiver(const YamlValue& value) {
  static constexpr std::string_view keys[] = {"name",     "alertmanager", "webhook",
                                              "exec",     "headers",      "timeout",
                                              "severity", "kind",         "labels"};
  const YamlSection section(value, "a receiver", keys);
  ReceiverConfig receiver;
  read_kind(section, value, receiver);
  receiver.filter = filter_of(section);
  if (const auto name = section.find("name")) {
    receiver.name = name->text();
    if (receiver.name.size() > kMaxNameBytes || !is_plain(receiver.name))
      name->fail("must be at most 200 plain characters");
  }
  if (const auto headers = section.find("headers")) {
    if (receiver.kind != ReceiverKind::webhook) headers->fail("are sent to a webhook only");
    receiver.headers = headers_of(*headers);
  }
  if (const auto timeout = section.find("timeout")) {
    receiver.timeout = timeout->duration();
    if (receiver.timeout < kShortestTimeout || receiver.timeout > kLongestTimeout)
      timeout->fail("must be between 1s and 10m");
  }
  return receiver;
}

void add(ReceiverConfig receiver, const YamlValue& value, const std::string& way_out,
         std::vector<ReceiverConfig>& into) {
  receiver.line = value.line();
  for (const ReceiverConfig& other : into)
    if (other.name == receiver.name)
      value.fail("has the name of the one in line " + std::to_string(other.line) + ", `" +
                 receiver.name + "`; " + way_out);
  into.push_back(std::move(receiver));
}

// Changes with whatever the channel is made from.
std::string address_of(const ReceiverConfig& config) {
  std::string address = std::to_string(static_cast<int>(config.kind)) + config.url;
  for (const std::string& word : config.program) address += '\0' + word;
  for (const auto& [name, value] : config.headers) address += '\0' + name + '\0' + value;
  return address + '\0' + std::to_string(config.timeout.count());
}

std::unique_ptr<Channel> open_channel(const ReceiverConfig& config,
                                      const std::string& external_url) {
  switch (config.kind) {
    case ReceiverKind::webhook:
      return webhook_channel(
          {config.url, config.headers, config.timeout, config.name, external_url});
    case ReceiverKind::exec:
      return exec_channel({config.program, config.timeout, config.name, external_url});
    case ReceiverKind::alertmanager:
      break;
  }
  return alertmanager_channel(config.url, config.timeout);
}

}  // namespace

void read_alertmanagers(const YamlValue& list, std::vector<ReceiverConfig>& into) {
  for (const YamlValue& url : list.list())
    add(alertmanager_at(url), url, "name each Alertmanager once", into);
}

void read_receivers(const YamlValue& list, std::vector<ReceiverConfig>& into) {
  for (const YamlValue& value : list.list())
    add(read_receiver(value), value, "give each its own `name`", into);
}

Receiver receiver_of(const ReceiverConfig& config, const std::string& external_url) {
  return {config.name, config.filter, address_of(config),
          [config, external_url] { return open_channel(config, external_url); }};
}

}  // namespace lastgasp
