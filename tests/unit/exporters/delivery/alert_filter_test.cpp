#include "exporters/delivery/alert_filter.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

namespace {

Alert alert(const std::string& kind, const std::string& severity, bool resolved) {
  Alert made;
  made.labels = {{"console", "core1"}, {"kind", kind}, {"severity", severity}, {"site", "fra1"}};
  made.resolved = resolved;
  return made;
}

}  // namespace

TEST_CASE("a filter by severity, kind and label, for what fires and what is over") {
  const bool resolved = GENERATE(false, true);
  const Alert panic = alert("panic", "critical", resolved);
  CHECK(AlertFilter{}.passes(panic));
  CHECK(
      AlertFilter{.severities = {"warning", "critical"}, .kinds = {}, .labels = {}}.passes(panic));
  CHECK_FALSE(AlertFilter{.severities = {"warning"}, .kinds = {}, .labels = {}}.passes(panic));
  CHECK(AlertFilter{.severities = {}, .kinds = {"panic", "hang"}, .labels = {}}.passes(panic));
  CHECK_FALSE(AlertFilter{.severities = {}, .kinds = {"hang"}, .labels = {}}.passes(panic));
  const auto labelled = [&](std::vector<LabelMatch> labels) {
    return AlertFilter{.severities = {}, .kinds = {}, .labels = std::move(labels)}.passes(panic);
  };
  CHECK(labelled({{"site", "fra*"}}));
  CHECK(labelled({{"site", "fra*"}, {"console", "core?"}}));
  CHECK_FALSE(labelled({{"site", "fra*"}, {"console", "edge*"}}));
  CHECK_FALSE(labelled({{"pop", "*"}}));
  CHECK_FALSE(
      AlertFilter{.severities = {"critical"}, .kinds = {"hang"}, .labels = {}}.passes(panic));
}
