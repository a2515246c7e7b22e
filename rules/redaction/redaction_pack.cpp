#include "rules/redaction/redaction_pack.h"

#include <algorithm>

#include "rules/engine/pack.h"
#include "rules/engine/pack_values.h"
#include "rules/redaction/keyword_scan.h"

namespace lastgasp {
namespace {

constexpr std::string_view kPackKeys[] = {"redaction", "platform", "disable", "rules"};
constexpr std::string_view kRuleKeys[] = {"id",    "platform", "keywords", "match",
                                          "block", "samples",  "rejects"};

std::vector<std::string> read_keywords(const YamlValue& value) {
  std::vector<std::string> keywords;
  for (const YamlValue& item : value.scalar_or_list()) {
    keywords.push_back(item.text());
    const std::string& word = keywords.back();
    const bool printable =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (word.size() < KeywordScan::kShortest || !printable)
      item.fail("must be printable ASCII, at least " + std::to_string(KeywordScan::kShortest) +
                " characters");
  }
  if (keywords.empty()) value.fail("is an empty list; a rule is tried where one of them stands");
  return keywords;
}

std::string read_masking(const YamlValue& value, bool must_mask) {
  const Expression expression = read_expression(value);
  const int group = expression.group_named("secret");
  if (must_mask && group == 0) value.fail("masks nothing: give it a (?P<secret>...)");
  if (group > Expression::kMostGroups)
    value.fail("has too many groups before (?P<secret>...); write (?:...) for those");
  return value.text();
}

std::vector<std::pair<std::string, std::string>> read_samples(const YamlValue& value) {
  std::vector<std::pair<std::string, std::string>> samples;
  for (const YamlValue& item : value.list()) {
    const std::vector<YamlValue> pair = item.list();
    if (pair.size() != 2) item.fail("must be a list of two: a line, and how it is stored");
    samples.emplace_back(pair[0].text(), pair[1].text());
    const auto& [line, stored] = samples.back();
    if (line.size() != stored.size()) item.fail("must be two lines of one length");
    if (line == stored) item.fail("must differ; what stays as it is belongs into rejects");
  }
  if (samples.empty()) value.fail("is an empty list; a rule needs at least one");
  return samples;
}

RedactionRule read_rule(const YamlValue& value, const std::vector<std::string>& platforms) {
  const YamlSection section(value, "a redaction rule", kRuleKeys);
  RedactionRule rule;
  rule.id = read_rule_id(section.get("id"));
  rule.line = section.line();
  rule.platforms = platforms;
  if (const auto own = section.find("platform")) rule.platforms = read_platforms(*own);
  rule.keywords = read_keywords(section.get("keywords"));
  if (const auto block = section.find("block")) rule.block = read_masking(*block, true);
  rule.match = read_masking(section.get("match"), rule.block.empty());
  rule.samples = read_samples(section.get("samples"));
  if (const auto rejects = section.find("rejects"))
    for (const YamlValue& line : rejects->list()) rule.rejects.push_back(line.text());
  return rule;
}

}  // namespace

bool applies(const RedactionRule& rule, std::string_view platform) {
  return platform.empty() || rule.platforms.empty() ||
         std::find(rule.platforms.begin(), rule.platforms.end(), platform) != rule.platforms.end();
}

RedactionPack parse_redaction_pack(std::string_view yaml, const std::string& file) {
  const YamlSection section(YamlValue(file, parse_yaml(yaml, file), "the pack"), "the pack",
                            kPackKeys);
  RedactionPack pack;
  pack.file = file;
  pack.name = read_word(section.get("redaction"));
  if (const auto disable = section.find("disable"))
    for (const YamlValue& id : disable->list()) pack.disable.push_back(read_rule_id(id));
  std::vector<std::string> platforms;
  if (const auto platform = section.find("platform")) platforms = read_platforms(*platform);
  const auto rules = section.find("rules");
  if (!rules) return pack;
  for (const YamlValue& item : rules->list()) {
    RedactionRule rule = read_rule(item, platforms);
    for (const RedactionRule& earlier : pack.rules)
      if (earlier.id == rule.id)
        item.fail("has the id " + rule.id + " of the rule in line " + std::to_string(earlier.line));
    pack.rules.push_back(std::move(rule));
  }
  return pack;
}

std::vector<RedactionPack> load_redaction_packs(const std::filesystem::path& folder) {
  std::vector<RedactionPack> packs;
  for (const auto& file : pack_files(folder))
    packs.push_back(parse_redaction_pack(pack_text(file), file.string()));
  return packs;
}

}  // namespace lastgasp
