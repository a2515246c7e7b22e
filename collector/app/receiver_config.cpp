#include "collector/app/receiver_config.h"

#include <algorithm>

#include "exporters/alertmanager/alertmanager.h"
#include "exporters/exec/exec.h"
#include "exporters/webhook/webhook.h"

namespace lastgasp {
namespace {

constexpr Micros kLongestTimeout{std::chrono::minutes(10)};
constexpr std::size_t kMaxNameBytes = 200;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string web_url(const YamlValue& value) {
  std::string url = value.text();
  if ((!url.starts_with("http://") && !url.starts_with("https://")) || !is_plain(url))
    value.fail("must be a URL, such as http://HOST:PORT");
  return url;
}

template <typename Names>
std::string names_in(const Names& names) {
  std::string list;
  for (const auto name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

std::vector<std::string> severities_of(const YamlValue& value) {
  std::vector<std::string> chosen;
  for (const YamlValue& one : value.scalar_or_list()) {
    if (!severity_named(one.text()))
      one.fail("is no severity; there are " + names_in(kSeverityNames));
    chosen.push_back(one.text());
  }
  return chosen;
}

std::vector<std::string> kinds_of(const YamlValue& value) {
  std::vector<std::string> chosen;
  for (const YamlValue& one : value.scalar_or_list()) {
    if (!kind_named(one.text())) one.fail("is no kind; there are " + names_in(kKindNames));
    chosen.push_back(one.text());
  }
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
  auto headers = texts_by_name(value, "{Authorization: Bearer TOKEN}");
  for (const auto& [name, text] : headers)
    if (name.empty() || name.find_first_of(" :") != std::string::npos || !is_plain(name + text))
      value.fail(
          "has a name or a value that no HTTP header can have: write plain ASCII on one line");
  return headers;
}

std::vector<std::string> program_of(const YamlValue& value) {
  std::vector<std::string> program;
  for (const YamlValue& word : value.list()) program.push_back(word.text());
  if (program.empty())
    value.fail("must be a program and its arguments, such as [/usr/bin/page, noc]");
  return program;
}

AlertFilter filter_of(const YamlSection& section) {
  AlertFilter filter;
  if (const auto severity = section.find("severity")) filter.severities = severities_of(*severity);
  if (const auto kind = section.find("kind")) filter.kinds = kinds_of(*kind);
  if (const auto labels = section.find("labels"))
    for (auto& [name, glob] : texts_by_name(*labels, "{site: \"fra*\"}"))
      filter.labels.push_back({name, glob});
  return filter;
}

void read_kind(const YamlSection& section, const YamlValue& value, ReceiverConfig& receiver) {
  const auto alertmanager = section.find("alertmanager"), webhook = section.find("webhook"),
             exec = section.find("exec");
  if (int{alertmanager.has_value()} + int{webhook.has_value()} + int{exec.has_value()} != 1)
    value.fail("needs exactly one of alertmanager, webhook and exec");
  if (alertmanager) receiver = alertmanager_at(*alertmanager);
  if (webhook) {
    receiver.kind = ReceiverKind::webhook;
    receiver.url = web_url(*webhook);
    receiver.name = name_of_url(receiver.url);
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
    if (receiver.timeout <= Micros{0} || receiver.timeout > kLongestTimeout)
      timeout->fail("must be between 1s and 10m");
  }
  return receiver;
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

ReceiverConfig alertmanager_at(const YamlValue& url) {
  ReceiverConfig receiver;
  receiver.url = web_url(url);
  receiver.name = name_of_url(receiver.url);
  return receiver;
}

void read_receivers(const YamlValue& list, std::vector<ReceiverConfig>& into) {
  for (const YamlValue& value : list.list()) {
    ReceiverConfig receiver = read_receiver(value);
    for (const ReceiverConfig& other : into)
      if (other.name == receiver.name)
        value.fail("has the name of another, `" + receiver.name + "`: give each its own `name`");
    into.push_back(std::move(receiver));
  }
}

Receiver receiver_of(const ReceiverConfig& config, const std::string& external_url) {
  return {config.name, config.filter, address_of(config),
          [config, external_url] { return open_channel(config, external_url); }};
}

}  // namespace lastgasp
