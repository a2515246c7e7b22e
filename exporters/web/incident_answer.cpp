#include "exporters/web/incident_answer.h"

#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

using NoteJson = nlohmann::ordered_json;

std::string clean_lines(std::string_view text) {
  std::string clean;
  for (std::size_t end; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
    const bool returned = end > 0 && text[end - 1] == '\r';
    append_utf8(clean, text.substr(0, end - (returned ? 1 : 0)));
    clean += '\n';
  }
  append_utf8(clean, text);
  return clean;
}

NoteJson note_json(const IncidentNote& note) {
  return {{"by", to_utf8(note.by)}, {"at", format_utc(note.at)}, {"text", clean_lines(note.text)}};
}

}  // namespace

std::string incident_answer(const Incident& incident, const std::vector<IncidentNote>& notes) {
  NoteJson json = NoteJson::parse(to_json(incident));
  const IncidentNote* const by = acknowledgement(notes);
  json["acknowledged"] = by ? note_json(*by) : NoteJson();
  NoteJson& list = json["notes"] = NoteJson::array();
  for (const IncidentNote& note : notes) {
    list.push_back(note_json(note));
    list.back()["acknowledges"] = note.acknowledges;
  }
  return json.dump();
}

}  // namespace lastgasp
