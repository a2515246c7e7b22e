#include <memory>
#include <nlohmann/json.hpp>

#include "collector/app/rule_source.h"
#include "collector/cli/options.h"
#include "collector/cli/rule_options.h"
#include "collector/cli/rules_commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/engine/coverage.h"
#include "rules/engine/rule_json.h"

namespace lastgasp {
namespace {

struct ListOptions {
  std::string folder, kind, platform, pack, id;
  bool experimental = false;
  Output output = Output::text;
};

bool wanted(const Rule& rule, const ListOptions& options) {
  return (options.kind.empty() || name_of(rule.kind) == options.kind) &&
         (options.platform.empty() || applies(rule, options.platform)) &&
         (options.pack.empty() || rule.pack == options.pack) &&
         (!options.experimental || rule.experimental);
}

int list(const ListOptions& options) {
  const auto rules = load_rules(options.folder);
  Table table({"RULE", "KIND", "SEVERITY", "PLATFORM", "EVIDENCE"});
  auto document = nlohmann::ordered_json::array();
  std::size_t listed = 0;
  for (const Rule& rule : rules->rules()) {
    if (!wanted(rule, options)) continue;
    ++listed;
    if (options.output == Output::jsonl) print_line(to_json(rule));
    if (options.output == Output::json)
      document.push_back(nlohmann::ordered_json::parse(to_json(rule)));
    table.add({rule.id, std::string(name_of(rule.kind)), std::string(name_of(rule.severity)),
               platforms_text(rule), rule.experimental ? "experimental" : "verified"});
  }
  if (options.output == Output::text) table.print();
  if (options.output == Output::json) print_line(document.dump(2));
  return listed > 0 && rules->refused().empty() ? kFound : kNothing;
}

int show(const ListOptions& options) {
  const auto rules = load_rules(options.folder);
  for (const Rule& rule : rules->rules()) {
    if (rule.id != options.id) continue;
    print_line(nlohmann::ordered_json::parse(to_json(rule)).dump(2));
    return kFound;
  }
  std::fprintf(stderr, "lastgasp: no rule is called `%s`; `lastgasp rules list` names them all\n",
               escaped(options.id).c_str());
  return kNothing;
}

std::vector<std::string> kinds() {
  return {kKindNames.begin(), kKindNames.begin() + static_cast<int>(Kind::reboot_loop)};
}

void add_filters(CLI::App& command, ListOptions& options) {
  command.add_option("--kind", options.kind, "Only this kind, such as panic")
      ->check(CLI::IsMember(kinds()).description(""));
  command.add_option("--platform", options.platform, "Only what applies on this platform");
  command.add_option("--pack", options.pack, "Only those of this pack");
  command.add_flag("--experimental", options.experimental, "Only those no device has shown yet");
  add_rules_folder(command, options.folder);
  add_output(command, options.output);
}

}  // namespace

void add_rules_list(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<ListOptions>();
  auto* command = rules.add_subcommand("list", "List all active rules (the default)");
  add_filters(rules, *options);
  add_filters(*command, *options);
  rules.callback([options, &rules, &chosen] {
    if (rules.get_subcommands().empty()) chosen = [options] { return list(*options); };
  });
  command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

void add_rules_show(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<ListOptions>();
  auto* command = rules.add_subcommand("show", "Print one rule as JSON");
  command->add_option("id", options->id, "Its id")->required();
  add_rules_folder(*command, options->folder);
  command->callback([options, &chosen] { chosen = [options] { return show(*options); }; });
}

void add_rules_coverage(CLI::App& rules, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto* command = rules.add_subcommand(
      "coverage", "Print which events each pack recognises, as a Markdown table");
  add_rules_folder(*command, *folder);
  command->callback([folder, &chosen] {
    chosen = [folder] {
      std::fputs(coverage_table(all_packs(*folder)).c_str(), stdout);
      return kFound;
    };
  });
}

}  // namespace lastgasp
