// Which consoles a request is about: its parameters `console` and `label`. Plain data.
#pragma once

#include <string>
#include <vector>

#include "exporters/web/backend.h"
#include "exporters/web/request.h"

namespace lastgasp {

struct ConsoleFilter {
  std::vector<std::string> globs;  // any of them; none is all
  std::vector<LabelMatch> labels;  // all of them

  bool wants(const std::string& name, const ConsoleLabels& of_console) const;
  bool wants(const ConsoleView& console) const { return wants(console.name, console.labels); }
};

// Throws HttpError 400.
ConsoleFilter console_filter(const Request& request);

}  // namespace lastgasp
