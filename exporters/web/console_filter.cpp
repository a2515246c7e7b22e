#include "exporters/web/console_filter.h"

#include <algorithm>

#include "collector/core/bytes.h"

namespace lastgasp {

bool ConsoleFilter::wants(const std::string& name, const ConsoleLabels& of_console) const {
  const auto wanted = [&](const std::string& glob) { return glob_match(glob, name); };
  return (globs.empty() || std::any_of(globs.begin(), globs.end(), wanted)) &&
         matches(of_console, labels);
}

ConsoleFilter console_filter(const Request& request) {
  return {request.all("console"), request.labels()};
}

}  // namespace lastgasp
