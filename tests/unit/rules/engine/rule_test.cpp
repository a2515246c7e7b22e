#include "rules/engine/rule.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

TEST_CASE("names of kinds, severities and reasons lead back to their values") {
  for (const auto name : kKindNames) CHECK(name_of(*kind_named(name)) == name);
  for (const auto name : kSeverityNames) CHECK(name_of(*severity_named(name)) == name);
  for (const auto name : kBootReasonNames) CHECK(name_of(*boot_reason_named(name)) == name);
  CHECK_FALSE(kind_named("Panic"));
  CHECK_FALSE(severity_named(""));
  CHECK_FALSE(boot_reason_named("reload"));
}
