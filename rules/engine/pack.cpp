#include "rules/engine/pack.h"

#include <algorithm>

#include "rules/engine/expression.h"
#include "rules/engine/pack_values.h"
#include "rules/engine/title.h"
#include "rules/engine/yaml_section.h"

namespace lastgasp {
namespace {

constexpr std::string_view kPackKeys[] = {"pack", "platform", "disable", "rules"};
constexpr std::string_view kRuleKeys[] = {
    "id",   "kind",   "severity", "platform",     "match",   "unless", "title",
    "dump", "learns", "reason",   "experimental", "samples", "rejects"};
constexpr std::string_view kDumpKeys[] = {"until", "lines", "idle", "function", "stack", "detail"};
constexpr std::size_t kMaxDumpLines = 100'000;

template <typename Names>
std::string listed(const Names& names, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    if (!text.empty()) text += ", ";
    text += names[i];
  }
  return text;
}

Kind read_kind(const YamlValue& value) {
  constexpr auto kFirstOwn = static_cast<std::size_t>(Kind::reboot_loop);
  const auto kind = kind_named(value.text());
  if (!kind) value.fail("must be one of " + listed(kKindNames, 0, kFirstOwn));
  if (*kind >= Kind::reboot_loop) {
    value.fail("is found by lastgasp itself, never by a rule; rules are " +
               listed(kKindNames, 0, kFirstOwn));
  }
  return *kind;
}

Severity default_severity(Kind kind) {
  switch (kind) {
    case Kind::panic:
    case Kind::crash:
    case Kind::hang:
    case Kind::watchdog:
      return Severity::critical;
    case Kind::stuck:
      return Severity::warning;
    default:
      return opens_incident(kind) ? Severity::warning : Severity::info;
  }
}

Severity read_severity(const YamlValue& value) {
  const auto severity = severity_named(value.text());
  if (!severity) value.fail("must be one of " + listed(kSeverityNames, 0, kSeverityNames.size()));
  return *severity;
}

BootReason read_reason(const YamlValue& value, Kind kind) {
  const auto reason = boot_reason_named(value.text());
  if (!reason || *reason == BootReason::unknown || *reason == BootReason::unexplained) {
    value.fail("must be one of operator, crash, watchdog, power");
  }
  if (kind != Kind::boot_start && kind != Kind::shutdown && kind != Kind::reset_reason) {
    value.fail("is only for rules of the kinds boot_start, shutdown and reset_reason");
  }
  return *reason;
}

Blame read_blame(const YamlValue& value) {
  if (value.text() == "entry") return Blame::entry;
  return value.boolean() ? Blame::first : Blame::nobody;
}

DumpShape read_dump(const YamlValue& value, const std::string& rule, Kind kind) {
  if (!opens_incident(kind) && kind != Kind::replay) {
    value.fail("is only for rules that open an incident");
  }
  const YamlSection section(value, "dump of rule " + rule, kDumpKeys);
  DumpShape dump;
  if (const auto until = section.find("until")) {
    read_expression(*until);
    dump.until = until->text();
  }
  if (const auto lines = section.find("lines")) dump.lines = lines->number(1, kMaxDumpLines);
  if (const auto idle = section.find("idle")) dump.idle = idle->duration();
  if (const auto function = section.find("function")) dump.function = read_blame(*function);
  if (const auto stack = section.find("stack")) {
    read_expression(*stack);
    dump.stack = stack->text();
  }
  if (const auto detail = section.find("detail")) {
    if (read_expression(*detail).names().empty())
      detail->fail("captures nothing: give it a (?P<name>...)");
    dump.detail = detail->text();
  }
  return dump;
}

std::string read_title(const YamlSection& section, const Expression& match, const Rule& rule) {
  const auto title = section.find("title");
  if (!title) {
    // Only what may become an incident needs a name.
    const bool named =
        opens_incident(rule.kind) || rule.kind == Kind::stuck || rule.kind == Kind::bootloader;
    return named ? section.get("title").text() : std::string();
  }
  std::vector<std::string> groups;
  for (const auto& [number, name] : match.names()) groups.push_back(name);
  if (rule.dump && !rule.dump->detail.empty()) {
    const Expression detail(rule.dump->detail);
    for (const auto& [number, name] : detail.names()) groups.push_back(name);
  }
  const std::string problem = title_problem(title->text(), groups);
  if (!problem.empty()) title->fail("is wrong: " + problem);
  return title->text();
}

void read_matching(const YamlSection& section, Rule& rule) {
  const YamlValue match = section.get("match");
  rule.title = read_title(section, read_expression(match), rule);
  rule.match = match.text();
  if (const auto unless = section.find("unless")) {
    read_expression(*unless);
    rule.unless = unless->text();
  }
}

void read_evidence(const YamlSection& section, Rule& rule) {
  const YamlValue samples = section.get("samples");
  rule.samples = read_lines(samples);
  if (rule.samples.empty())
    samples.fail("is an empty list; a rule needs at least one line it must match");
  if (const auto rejects = section.find("rejects")) rule.rejects = read_lines(*rejects);
  if (const auto flag = section.find("experimental")) rule.experimental = flag->boolean();
}

// The id as written, for messages about what else is wrong with the rule; empty when there is none.
std::string written_id(const YamlValue& value) {
  if (!value.node().IsMap()) return {};
  for (const auto& entry : value.node()) {
    if (entry.first.IsScalar() && entry.first.Scalar() == "id" && entry.second.IsScalar()) {
      return entry.second.Scalar();
    }
  }
  return {};
}

std::string rule_name(const std::string& id) {
  return id.empty() ? "a rule without id" : "rule " + id;
}

Rule read_rule(const YamlValue& value, const Pack& pack,
               const std::vector<std::string>& platforms) {
  const YamlSection section(value, rule_name(written_id(value)), kRuleKeys);
  Rule rule;
  rule.id = read_rule_id(section.get("id"));
  rule.pack = pack.name;
  rule.file = pack.file;
  rule.line = section.line();
  rule.platforms = platforms;
  if (const auto own = section.find("platform")) rule.platforms = read_platforms(*own);
  rule.kind = read_kind(section.get("kind"));
  rule.severity = default_severity(rule.kind);
  if (const auto severity = section.find("severity")) rule.severity = read_severity(*severity);
  if (const auto dump = section.find("dump")) rule.dump = read_dump(*dump, rule.id, rule.kind);
  read_matching(section, rule);
  if (const auto learns = section.find("learns")) rule.learns = read_word(*learns);
  if (const auto reason = section.find("reason")) rule.reason = read_reason(*reason, rule.kind);
  read_evidence(section, rule);
  return rule;
}

void add_rule(const YamlValue& item, const std::vector<std::string>& platforms, Pack& pack) {
  Rule rule = read_rule(item, pack, platforms);
  const auto same = std::find_if(pack.rules.begin(), pack.rules.end(),
                                 [&](const Rule& earlier) { return earlier.id == rule.id; });
  if (same != pack.rules.end()) {
    item.fail("has the id " + rule.id + " of the rule in line " + std::to_string(same->line));
  }
  pack.rules.push_back(std::move(rule));
}

// A mistake in one rule must not switch off the others.
void read_rules(const YamlValue& list, const std::vector<std::string>& platforms, Pack& pack) {
  for (const YamlValue& item : list.list()) {
    try {
      add_rule(item, platforms, pack);
    } catch (const FileError& error) {
      pack.refused.push_back(
          {written_id(item), pack.file, error.line(), error.column(), error.message()});
    }
  }
}

}  // namespace

std::string text_of(const RefusedRule& refused) {
  const std::string text = rule_name(refused.id) + " is refused: " + refused.why;
  return refused.file.empty() ? text
                              : FileError(refused.file, refused.line, refused.column, text).what();
}

Pack parse_pack(std::string_view yaml, const std::string& file) {
  const YamlSection section(YamlValue(file, parse_yaml(yaml, file), "the pack"), "the pack",
                            kPackKeys);
  Pack pack;
  pack.file = file;
  pack.name = read_word(section.get("pack"));
  if (const auto disable = section.find("disable")) {
    for (const YamlValue& id : disable->list()) pack.disable.push_back(read_rule_id(id));
  }
  std::vector<std::string> platforms;
  if (const auto platform = section.find("platform")) platforms = read_platforms(*platform);
  if (const auto rules = section.find("rules")) read_rules(*rules, platforms, pack);
  return pack;
}

}  // namespace lastgasp
