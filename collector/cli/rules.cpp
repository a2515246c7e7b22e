#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/app/rule_source.h"
#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "collector/line/line_assembler.h"

namespace lastgasp {
namespace {

struct RulesOptions {
  std::string folder, id, pack, line, platform;
  Output output = Output::text;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text.empty() ? "any" : text;
}

nlohmann::ordered_json json_of(const Rule& rule) {
  nlohmann::ordered_json json{{"id", rule.id},
                              {"pack", rule.pack},
                              {"platforms", rule.platforms},
                              {"kind", name_of(rule.kind)},
                              {"severity", name_of(rule.severity)},
                              {"match", rule.match},
                              {"title", rule.title},
                              {"experimental", rule.experimental},
                              {"samples", rule.samples},
                              {"rejects", rule.rejects}};
  if (!rule.unless.empty()) json["unless"] = rule.unless;
  if (!rule.learns.empty()) json["learns"] = rule.learns;
  if (rule.reason != BootReason::unknown) json["reason"] = name_of(rule.reason);
  if (rule.dump) {
    json["dump"] = {{"until", rule.dump->until},
                    {"lines", rule.dump->lines},
                    {"idle", format_duration(rule.dump->idle)},
                    {"function", rule.dump->function}};
  }
  return json;
}

int list(const RulesOptions& options) {
  const auto rules = compile_rules(options.folder, {});
  Table table({"RULE", "KIND", "SEVERITY", "PLATFORM", "EVIDENCE"});
  nlohmann::ordered_json document = nlohmann::ordered_json::array();
  for (const Rule& rule : rules->rules()) {
    if (options.output == Output::jsonl) print_line(json_of(rule).dump());
    if (options.output == Output::json) document.push_back(json_of(rule));
    table.add({rule.id, std::string(name_of(rule.kind)), std::string(name_of(rule.severity)),
               joined(rule.platforms), rule.experimental ? "experimental" : "verified"});
  }
  if (options.output == Output::text) table.print();
  if (options.output == Output::json) print_line(document.dump(2));
  for (const RefusedRule& refused : rules->refused())
    std::fprintf(stderr, "lastgasp: %s is left out: %s\n", refused.id.c_str(), refused.why.c_str());
  return rules->refused().empty() ? kFound : kNothing;
}

int show(const RulesOptions& options) {
  const auto rules = compile_rules(options.folder, {});
  for (const Rule& rule : rules->rules()) {
    if (rule.id != options.id) continue;
    print_line(json_of(rule).dump(2));
    return kFound;
  }
  std::fprintf(stderr, "lastgasp: no rule is called `%s`; `lastgasp rules list` names them all\n",
               escaped(options.id).c_str());
  return kNothing;
}

int test(const RulesOptions& options) {
  const Pack pack = load_pack(options.pack);
  const auto problems = test_pack(pack);
  for (const PackProblem& problem : problems)
    print_line(pack.file + ":" + std::to_string(problem.line) + ": " + problem.rule + ": " +
               escaped(problem.text));
  const auto set = RuleSet::compile({&pack, 1});
  for (const RefusedRule& refused : set->refused())
    print_line(pack.file + ":" + std::to_string(refused.line) + ": " + refused.id + ": " +
               refused.why);
  if (!problems.empty() || !set->refused().empty()) return kNothing;
  print_line(pack.file + ": fine, " + std::to_string(pack.rules.size()) + " rules");
  return kFound;
}

// The line as the rules see it, then every rule that matches, with its captures.
class Explainer final : public LineSink {
 public:
  Explainer(Matcher& matcher, std::string platform)
      : matcher_(matcher), platform_(std::move(platform)) {}

  void on_line(const Line& line) override {
    print_line(styled(Style::dim, "line      ") + escaped(line.text));
    for (const RuleHit& hit : matcher_.match(line.text, platform_)) {
      ++hits_;
      print_line("matches   " + styled(Style::bold, hit.rule->id) + "  " +
                 styled(style_of(hit.rule->severity), name_of(hit.rule->kind)) +
                 (opens_incident(hit.rule->kind) ? ", opens an incident" : ""));
      for (const Capture& capture : hit.captures)
        print_line("          " + std::string(capture.name) + " = " + escaped(capture.value));
    }
  }
  std::size_t hits() const { return hits_; }

 private:
  Matcher& matcher_;
  std::string platform_;
  std::size_t hits_ = 0;
};

int explain(const RulesOptions& options) {
  Matcher matcher(compile_rules(options.folder, {}));
  Explainer explainer(matcher, options.platform);
  LineAssembler assembler;
  assembler.feed(options.line, Instant{}, explainer);
  assembler.flush(explainer);
  if (explainer.hits() == 0) print_line("no rule matches");
  return explainer.hits() > 0 ? kFound : kNothing;
}

}  // namespace

void add_rules(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<RulesOptions>();
  auto* command = program.add_subcommand("rules", "List, show, test and explain rules");
  command->require_subcommand(0, 1);
  command->add_option("--rules", options->folder, "Folder of additional rule packs");
  add_output(*command, options->output);
  auto* list_command = command->add_subcommand("list", "List all active rules (the default)");
  list_command->add_option("--rules", options->folder, "Folder of additional rule packs");
  add_output(*list_command, options->output);
  auto* show_command = command->add_subcommand("show", "Print one rule as JSON");
  show_command->add_option("id", options->id, "Its id")->required();
  auto* test_command = command->add_subcommand("test", "Run the samples and rejects of a pack");
  test_command->add_option("file", options->pack, "The pack, a YAML file")->required();
  auto* explain_command = command->add_subcommand("explain", "Say which rules match a line");
  explain_command->add_option("line", options->line, "The line as the console prints it")
      ->required();
  explain_command->add_option("--platform", options->platform, "What the console is, if known");
  explain_command->add_option("--rules", options->folder, "Folder of additional rule packs");
  command->callback([=, &chosen] {
    chosen = [=] {
      if (show_command->parsed()) return show(*options);
      if (test_command->parsed()) return test(*options);
      if (explain_command->parsed()) return explain(*options);
      return list(*options);
    };
  });
}

}  // namespace lastgasp
