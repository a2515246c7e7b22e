// What people say of an incident: POST, by a browser's form or as JSON.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/api.h"
#include "exporters/web/guard.h"
#include "exporters/web/incident_answer.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMaxAuthorBytes = 100;
constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::size_t kMaxNotes = 200;  // of one incident

bool has_type(const Request& request, std::string_view type) {
  return std::string_view(request.content_type).substr(0, type.size()) == type;
}

bool is_form(const Request& request) {
  return has_type(request, "application/x-www-form-urlencoded");
}

std::vector<Parameter> json_fields(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  const auto is_text = [](const nlohmann::json& value) { return value.is_string(); };
  if (!json.is_object() || !std::all_of(json.begin(), json.end(), is_text))
    throw HttpError(400, R"(the body is not JSON such as {"by": "ann", "text": "on my way"})");
  std::vector<Parameter> fields;
  for (const auto& [name, value] : json.items()) fields.push_back({name, value.get<std::string>()});
  return fields;
}

std::vector<Parameter> fields_of(const Request& request) {
  if (is_form(request)) return parse_query(request.body);
  if (has_type(request, "application/json")) return json_fields(request.body);
  throw HttpError(415, "send `by` and `text` as application/x-www-form-urlencoded or JSON");
}

void take_field(std::string& into, const Parameter& field, std::size_t most) {
  if (field.value.size() > most)
    throw HttpError(400, field.name + ": longer than " + std::to_string(most) + " bytes");
  into = field.value;
}

IncidentNote note_of(const Call& call, bool acknowledges) {
  IncidentNote note{.at = call.now.wall, .acknowledges = acknowledges, .by = {}, .text = {}};
  for (const Parameter& field : fields_of(call.request)) {
    if (field.name == "by")
      take_field(note.by, field, kMaxAuthorBytes);
    else if (field.name == "text")
      take_field(note.text, field, kMaxTextBytes);
    else
      throw HttpError(400, "there is no field '" + to_utf8(field.name.substr(0, 200)) +
                               "'; there are by, text");
  }
  if (!call.request.user.empty()) note.by = call.request.user;
  if (note.by.empty()) throw HttpError(400, "by: say who you are");
  if (note.text.empty() && !acknowledges) throw HttpError(400, "text: a note says something");
  return note;
}

Response annotate(const Call& call, bool acknowledges) {
  if (cross_site(call.request)) throw HttpError(403, "a page of another site may not write notes");
  call.request.only({});
  IncidentNote note = note_of(call, acknowledges);
  auto store = open_store(call.backend);
  const Incident incident = find_incident(store, call.arguments[0]);
  if (store.notes(incident.id).size() >= kMaxNotes)
    throw HttpError(409, "this incident has " + std::to_string(kMaxNotes) + " notes: no more");
  note.incident = incident.id;
  if (!call.backend.annotate(note))
    throw HttpError(503, "the disk does not take it now; it is stored as soon as it does");
  const bool browser = call.request.accept.find("text/html") != std::string::npos;
  if (is_form(call.request) && browser)
    return {.code = 303, .headers = {{"Location", "/incidents/" + std::to_string(incident.id)}}};
  auto after = open_store(call.backend);
  return {.type = kJson, .body = incident_answer(incident, after.notes(incident.id))};
}

}  // namespace

Response api_acknowledge(const Call& call) { return annotate(call, true); }

Response api_note(const Call& call) { return annotate(call, false); }

}  // namespace lastgasp
