#include "exporters/delivery/alert_filter.h"

#include <algorithm>

namespace lastgasp {
namespace {

bool among(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

}  // namespace

bool AlertFilter::passes(const Alert& alert) const {
  return among(severities, label(alert, "severity")) && among(kinds, label(alert, "kind")) &&
         matches(alert.labels, labels);
}

}  // namespace lastgasp
