#include <nlohmann/json.hpp>

#include "collector/cli/explanation.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const WithheldRule& withheld) {
  Json json{{"rule", withheld.rule->id}};
  if (withheld.other_platform) json["platforms"] = withheld.rule->platforms;
  if (withheld.unless) json["unless"] = withheld.rule->unless;
  return json;
}

Json json_of(std::uint64_t line, const Boot& boot) {
  Json json{{"line", line},
            {"began", format_utc(boot.began)},
            {"reason", name_of(boot.reason)},
            {"evidence", to_utf8(boot.evidence)}};
  if (boot.done != WallTime{}) json["done"] = format_utc(boot.done);
  return json;
}

}  // namespace

// The one document is written as it goes, since a transcript may be long.
void Explanation::put_json(const std::string& object) {
  if (output_ == Output::jsonl) {
    print_line(object);
  } else {
    print_line((first_object_ ? "{\"lines\":[" : ",") + object);
  }
  first_object_ = false;
}

void Explanation::tell_json(const Explained& line) {
  Json json{{"line", line.number}, {"text", to_utf8(line.text)}, {"hits", Json::array()}};
  if (line.partial) json["partial"] = true;
  if (line.later) json["later"] = true;
  for (const Hit& hit : line.hits) {
    Json& one = json["hits"].emplace_back();
    one = {{"rule", hit.rule},
           {"kind", name_of(hit.kind)},
           {"severity", name_of(hit.severity)},
           {"captures", Json::object()}};
    for (const auto& [name, value] : hit.captures) one["captures"][name] = to_utf8(value);
    if (!hit.verdict) continue;
    one["verdict"] = kVerdictNames[static_cast<std::size_t>(*hit.verdict)];
    one["about"] = to_utf8(hit.about);
    if (const auto id = incident_of(hit)) one["incident"] = id;
  }
  for (const WithheldRule& withheld : line.withheld) json["withheld"].push_back(json_of(withheld));
  put_json(json.dump());
}

void Explanation::end_json() {
  Json incidents = Json::array(), boots = Json::array();
  for (const auto& [id, seen] : incidents_)
    incidents.push_back(Json::parse(to_json(seen.incident)));
  for (const SeenBoot& seen : boots_) boots.push_back(json_of(seen.line, seen.boot));
  if (output_ == Output::jsonl) {
    for (const Json& incident : incidents) print_line(Json{{"incident", incident}}.dump());
    for (const Json& boot : boots) print_line(Json{{"boot", boot}}.dump());
    return;
  }
  print_line((first_object_ ? "{\"lines\":[" : "") + std::string("],\"incidents\":") +
             incidents.dump() + ",\"boots\":" + boots.dump() +
             ",\"platform\":" + Json(to_utf8(platform_)).dump() + "}");
}

}  // namespace lastgasp
