#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "rules/engine/rule_json.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostExplainedBytes = 4096;

Json rule_json(const RulesView& view, RuleIndex index) {
  const Rule& rule = view.rules->rules()[index];
  auto json = Json::parse(to_json(rule));
  for (const char* key : {"samples", "rejects"}) json.erase(key);
  const auto found = view.totals.rules.find(rule.id);
  const RuleUse use = found == view.totals.rules.end() ? RuleUse{} : found->second;
  json["matches"] = use.matches;
  json["last_match"] = use.last == WallTime{} ? Json(nullptr) : Json(format_utc(use.last));
  json["cost_ns"] = view.rules->cost_alone(index).count();
  return json;
}

Json refused_json(const RefusedRule& refused) {
  return {{"id", to_utf8(refused.id)},
          {"source", to_utf8(refused.file)},
          {"line", refused.line},
          {"why", to_utf8(refused.why)}};
}

}  // namespace

Response api_rules(const Call& call) {
  call.request.only({});
  const RulesView view = call.backend.rules();
  Json rules = Json::array(), refused = Json::array();
  for (RuleIndex i = 0; i < view.rules->rules().size(); ++i) rules.push_back(rule_json(view, i));
  for (const RefusedRule& rule : view.rules->refused()) refused.push_back(refused_json(rule));
  const Json answer = {{"rules", std::move(rules)},
                       {"refused", std::move(refused)},
                       {"lines_scanned", view.totals.lines},
                       {"scan_seconds", static_cast<double>(view.totals.scan_nanos) / 1e9}};
  return {.type = kJson, .body = answer.dump()};
}

Response api_explain(const Call& call) {
  call.request.only({"line", "platform"});
  const auto line = call.request.text("line");
  if (line.empty()) throw HttpError(400, "line: give one as the console prints it");
  if (line.size() > kMostExplainedBytes)
    throw HttpError(400, "line: longer than " + std::to_string(kMostExplainedBytes) +
                             " bytes; run `lastgasp rules explain FILE` for a whole transcript");
  return {.type = kJson,
          .body = call.backend.explain(line, std::string(call.request.text("platform")))};
}

}  // namespace lastgasp
