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
  int line = 0;      // where it stands in the file
  std::string name;  // plain ASCII
  ReceiverKind kind = ReceiverKind::alertmanager;
  std::string url;                                           // of an Alertmanager or a webhook
  std::vector<std::string> program;                          // of exec, with its arguments
  std::vector<std::pair<std::string, std::string>> headers;  // of a webhook
  Micros timeout{std::chrono::seconds(10)};
  AlertFilter filter;
};

// `alertmanagers`, the short form for Alertmanagers without a filter, and `receivers`. Throw
// FileError with line, column and the way out, also when `into` has one of this name.
void read_alertmanagers(const YamlValue& list, std::vector<ReceiverConfig>& into);
void read_receivers(const YamlValue& list, std::vector<ReceiverConfig>& into);

// What delivers to it. `external_url` may be empty.
Receiver receiver_of(const ReceiverConfig& config, const std::string& external_url);

}  // namespace lastgasp
