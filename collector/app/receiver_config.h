// Who is told of incidents, as the configuration says.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "exporters/delivery/receivers.h"
#include "rules/engine/yaml_section.h"

namespace lastgasp {

enum class ReceiverKind : std::uint8_t { alertmanager, webhook, exec };

struct ReceiverConfig {
  std::string name;
  ReceiverKind kind = ReceiverKind::alertmanager;
  std::string url;                                           // of an Alertmanager or a webhook
  std::vector<std::string> program;                          // of exec, with its arguments
  std::vector<std::pair<std::string, std::string>> headers;  // of a webhook
  Micros timeout{std::chrono::seconds(10)};
  AlertFilter filter;
};

// `receivers` and its short form for Alertmanagers without a filter, `alertmanagers`. Throw
// FileError with line, column and the way out; the second also when a name is used twice.
ReceiverConfig alertmanager_at(const YamlValue& url);
void read_receivers(const YamlValue& list, std::vector<ReceiverConfig>& into);

// What delivers to it. `external_url` may be empty.
Receiver receiver_of(const ReceiverConfig& config, const std::string& external_url);

}  // namespace lastgasp
