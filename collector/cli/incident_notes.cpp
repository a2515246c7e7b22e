#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/incident_commands.h"
#include "collector/cli/running_collector.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/transcript/incident_row.h"

namespace lastgasp {
namespace {

constexpr int kNotFound = 404;

struct NoteOptions {
  IncidentId id = 0;
  std::string by, text;
  CollectorOption collector;
};

std::string login_name() {
  const char* const name = std::getenv("USER");
  return name ? name : "";
}

// What the server says is wrong; whoever answers there, it may be another program.
std::string reason_of(const RunningCollector::Answer& answer) {
  const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, false);
  const bool told = json.is_object() && json.contains("error") && json["error"].is_string();
  return "the collector answers " + std::to_string(answer.status) +
         (told ? ": " + escaped(json["error"].get<std::string>()) : "");
}

// The note that was just kept, which is the last of the incident.
std::string kept_note(const std::string& body) {
  const nlohmann::json incident = nlohmann::json::parse(body, nullptr, false);
  if (!incident.is_object() || !incident.contains("notes") || incident["notes"].empty())
    throw Error("what answers at this address is no lastgasp");
  const nlohmann::json& note = incident["notes"].back();
  return escaped(note.at("by").get<std::string>()) +
         (note.at("acknowledges").get<bool>() ? " acknowledged it" : " wrote a note");
}

int say(const NoteOptions& options, const std::string& what) {
  if (options.by.empty()) throw Error("say who you are: --by NAME");
  const nlohmann::json fields{{"by", to_utf8(options.by)}, {"text", to_utf8(options.text)}};
  const std::string id = std::to_string(options.id);
  const auto answer = RunningCollector(options.collector)
                          .post("/api/v1/incidents/" + id + '/' + what, fields.dump(), options.by);
  if (answer.status == kNotFound) {
    std::fprintf(stderr, "lastgasp: there is no incident %s; `lastgasp incidents` lists them\n",
                 id.c_str());
    return kNothing;
  }
  if (answer.status != 200) throw Error(reason_of(answer));
  print_line("incident " + id + ": " + kept_note(answer.body));
  return kFound;
}

void add_author(CLI::App& command, NoteOptions& options) {
  command
      .add_option("--by", options.by, "Who says so; where the collector has users, which of them")
      ->default_str("$USER");
  add_collector(command, options.collector);
}

}  // namespace

void add_incident_notes(CLI::App& incidents, Chosen& chosen) {
  auto options = std::make_shared<NoteOptions>();
  options->by = login_name();
  auto* ack =
      incidents.add_subcommand("ack", "Say that you look after one: the collector must run");
  ack->add_option("id", options->id, "Its number")->required();
  ack->add_option("--note", options->text, "What there is to say of it");
  auto* note = incidents.add_subcommand("note", "Write down what you found out about one");
  note->add_option("id", options->id, "Its number")->required();
  note->add_option("text", options->text, "What you found")->required();
  for (auto* command : {ack, note}) add_author(*command, *options);
  ack->callback([=, &chosen] { chosen = [=] { return say(*options, "acknowledge"); }; });
  note->callback([=, &chosen] { chosen = [=] { return say(*options, "notes"); }; });
}

}  // namespace lastgasp
