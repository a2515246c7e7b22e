#include "rules/engine/rule.h"

#include <algorithm>

namespace lastgasp {
namespace {

template <typename Enum, std::size_t n>
std::optional<Enum> value_named(const std::array<std::string_view, n>& names,
                                std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

bool applies(const Rule& rule, std::string_view platform) {
  return platform.empty() || rule.platforms.empty() ||
         std::find(rule.platforms.begin(), rule.platforms.end(), platform) != rule.platforms.end();
}

std::optional<Kind> kind_named(std::string_view name) {
  return value_named<Kind>(kKindNames, name);
}

std::optional<Severity> severity_named(std::string_view name) {
  return value_named<Severity>(kSeverityNames, name);
}

std::optional<BootReason> boot_reason_named(std::string_view name) {
  return value_named<BootReason>(kBootReasonNames, name);
}

}  // namespace lastgasp
