#include <nlohmann/json.hpp>

#include "collector/app/explanation.h"
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

}  // namespace

std::string json_of(const Explanation::SeenBoot& seen) {
  Json json{{"line", seen.line},
            {"began", format_utc(seen.boot.began)},
            {"reason", name_of(seen.boot.reason)},
            {"evidence", to_utf8(seen.boot.evidence)}};
  if (seen.boot.done != WallTime{}) json["done"] = format_utc(seen.boot.done);
  return json.dump();
}

std::string json_of(const Explanation& explanation, const ExplainedLine& line) {
  Json json{{"line", line.number}, {"text", to_utf8(line.text)}, {"hits", Json::array()}};
  if (line.partial) json["partial"] = true;
  if (line.later) json["later"] = true;
  for (const ExplainedHit& hit : line.hits) {
    Json& one = json["hits"].emplace_back();
    one = {{"rule", hit.rule},
           {"kind", name_of(hit.kind)},
           {"severity", name_of(hit.severity)},
           {"title", to_utf8(hit.title)},
           {"captures", Json::object()}};
    for (const auto& [name, value] : hit.captures) one["captures"][name] = to_utf8(value);
    if (!hit.verdict) continue;
    one["verdict"] = kVerdictNames[static_cast<std::size_t>(*hit.verdict)];
    one["about"] = to_utf8(hit.about);
    one["why"] = words_of(explanation, hit);
    if (const auto id = explanation.incident_of(hit)) one["incident"] = id;
  }
  for (const WithheldRule& withheld : line.withheld) json["withheld"].push_back(json_of(withheld));
  return json.dump();
}

std::string rest_json(const Explanation& explanation) {
  std::string incidents, boots;
  for (const auto& [id, seen] : explanation.incidents())
    incidents += (incidents.empty() ? "" : ",") + to_json(seen.incident);
  for (const Explanation::SeenBoot& seen : explanation.boots())
    boots += (boots.empty() ? "" : ",") + json_of(seen);
  return "],\"incidents\":[" + incidents + "],\"boots\":[" + boots +
         "],\"platform\":" + Json(to_utf8(explanation.platform())).dump() + "}";
}

std::string explain_text(std::string_view text, const std::string& platform, Matching& matching,
                         WallTime now) {
  std::vector<ExplainedLine> lines;
  Explanation explanation(*matching.matcher, true,
                          [&](const ExplainedLine& line) { lines.push_back(line); });
  Pipeline pipeline("", platform, TrackerSettings{}, matching, explanation);
  explanation.watch(pipeline);
  const Instant at{now, MonoTime{}};
  pipeline.link(true, at);
  pipeline.bytes(redacted(matching.redaction, text), at);
  pipeline.finish(at);
  explanation.end();
  std::string json;
  for (const ExplainedLine& line : lines)
    json += (json.empty() ? "" : ",") + json_of(explanation, line);
  return "{\"lines\":[" + json + rest_json(explanation);
}

}  // namespace lastgasp
