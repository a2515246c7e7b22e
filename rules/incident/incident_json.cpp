#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "rules/incident/incident.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order they are written

Json texts(const std::vector<std::string>& lines) {
  Json out = Json::array();
  for (const std::string& line : lines) {
    out.push_back(to_utf8(line));
  }
  return out;
}

// Null for a time that has not come.
Json time_json(WallTime at) { return at == WallTime{} ? Json() : Json(format_utc(at)); }

WallTime time_of(const Json& json) {
  if (json.is_null()) {
    return {};
  }
  const auto at = parse_time(json.get<std::string>(), {});
  if (!at) {
    throw Error("incident: bad time \"" + json.get<std::string>() + "\"");
  }
  return *at;
}

template <typename Names>
std::size_t index_of(const Names& names, const Json& json) {
  const auto at = std::find(names.begin(), names.end(), json.get<std::string>());
  if (at == names.end()) {
    throw Error("incident: unknown value " + json.dump());
  }
  return static_cast<std::size_t>(at - names.begin());
}

Json finding_json(const Finding& finding) {
  return {{"rule", to_utf8(finding.rule)},
          {"kind", name_of(finding.kind)},
          {"title", to_utf8(finding.title)},
          {"line", finding.line},
          {"at", time_json(finding.at)}};
}

Finding finding_of(const Json& json) {
  Finding finding;
  finding.rule = json.at("rule");
  finding.kind = static_cast<Kind>(index_of(kKindNames, json.at("kind")));
  finding.title = json.at("title");
  finding.line = json.at("line");
  finding.at = time_of(json.at("at"));
  return finding;
}

Incident incident_of(const Json& json) {
  Incident out;
  out.id = json.at("id");
  out.console = json.at("console");
  out.kind = static_cast<Kind>(index_of(kKindNames, json.at("kind")));
  out.severity = static_cast<Severity>(index_of(kSeverityNames, json.at("severity")));
  out.rule = json.at("rule");
  out.platform = json.at("platform");
  out.title = json.at("title");
  out.fingerprint = json.at("fingerprint");
  out.state = static_cast<IncidentState>(index_of(kIncidentStateNames, json.at("state")));
  out.opened = time_of(json.at("opened"));
  out.updated = time_of(json.at("updated"));
  out.resolved = time_of(json.at("resolved"));
  out.resolution = json.at("resolution");
  out.first_line = json.at("first_line");
  out.last_line = json.at("last_line");
  out.context = json.at("context");
  out.dump = json.at("dump");
  out.functions = json.at("functions");
  for (const Json& finding : json.at("findings")) {
    out.findings.push_back(finding_of(finding));
  }
  out.consoles = json.at("consoles");
  out.unrecognised = json.value("unrecognised", false);
  out.truncated = json.at("truncated");
  out.interleaved = json.at("interleaved");
  out.boots = json.at("boots");
  out.repeats = json.at("repeats");
  return out;
}

}  // namespace

std::string to_json(const Incident& incident) {
  Json findings = Json::array();
  for (const Finding& finding : incident.findings) {
    findings.push_back(finding_json(finding));
  }
  const Json json{{"id", incident.id},
                  {"console", to_utf8(incident.console)},
                  {"kind", name_of(incident.kind)},
                  {"severity", name_of(incident.severity)},
                  {"rule", to_utf8(incident.rule)},
                  {"platform", to_utf8(incident.platform)},
                  {"title", to_utf8(incident.title)},
                  {"fingerprint", incident.fingerprint},
                  {"state", kIncidentStateNames[static_cast<std::size_t>(incident.state)]},
                  {"opened", time_json(incident.opened)},
                  {"updated", time_json(incident.updated)},
                  {"resolved", time_json(incident.resolved)},
                  {"resolution", to_utf8(incident.resolution)},
                  {"first_line", incident.first_line},
                  {"last_line", incident.last_line},
                  {"context", texts(incident.context)},
                  {"dump", texts(incident.dump)},
                  {"functions", texts(incident.functions)},
                  {"findings", std::move(findings)},
                  {"consoles", texts(incident.consoles)},
                  {"unrecognised", incident.unrecognised},
                  {"truncated", incident.truncated},
                  {"interleaved", incident.interleaved},
                  {"boots", incident.boots},
                  {"repeats", incident.repeats}};
  return json.dump();
}

Incident incident_from_json(std::string_view text) {
  try {
    return incident_of(Json::parse(text));
  } catch (const Json::exception& e) {
    throw Error(std::string("incident: not what the collector wrote: ") + e.what());
  }
}

}  // namespace lastgasp
