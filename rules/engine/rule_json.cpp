#include "rules/engine/rule_json.h"

#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json texts(const std::vector<std::string>& lines) {
  Json out = Json::array();
  for (const std::string& line : lines) out.push_back(to_utf8(line));
  return out;
}

Json json_of(const DumpShape& dump) {
  Json json{{"until", to_utf8(dump.until)},
            {"lines", dump.lines},
            {"idle", format_duration(dump.idle)},
            {"function", dump.function == Blame::entry ? Json(name_of(dump.function))
                                                       : Json(dump.function == Blame::first)}};
  if (!dump.stack.empty()) json["stack"] = to_utf8(dump.stack);
  if (!dump.detail.empty()) json["detail"] = to_utf8(dump.detail);
  return json;
}

}  // namespace

std::string to_json(const Rule& rule) {
  Json json{{"id", rule.id},
            {"pack", to_utf8(rule.pack)},
            {"source", to_utf8(rule.file)},
            {"line", rule.line},
            {"platforms", texts(rule.platforms)},
            {"kind", name_of(rule.kind)},
            {"severity", name_of(rule.severity)},
            {"match", to_utf8(rule.match)},
            {"title", to_utf8(rule.title)},
            {"experimental", rule.experimental},
            {"samples", texts(rule.samples)},
            {"rejects", texts(rule.rejects)}};
  if (!rule.unless.empty()) json["unless"] = to_utf8(rule.unless);
  if (!rule.learns.empty()) json["learns"] = to_utf8(rule.learns);
  if (rule.reason != BootReason::unknown) json["reason"] = name_of(rule.reason);
  if (rule.dump) json["dump"] = json_of(*rule.dump);
  return json.dump();
}

}  // namespace lastgasp
