#include "rules/engine/yaml_section.h"

#include <algorithm>
#include <charconv>

namespace lastgasp {
namespace {

// yaml-cpp counts from 0, and -1 is unknown.
[[noreturn]] void fail_at(const std::string& file, const YAML::Mark& mark,
                          std::string_view message) {
  throw FileError(file, mark.line + 1, mark.column + 1, message);
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

// The line, from 1, where a second document begins; 0 when none does. Found here, since asking
// yaml-cpp for all documents never ends on a text that begins with a comma.
int second_document(std::string_view yaml) {
  bool begun = false;
  for (int line = 1; !yaml.empty(); ++line) {
    const auto end = std::min(yaml.find('\n'), yaml.size() - 1) + 1;
    const std::string_view text = yaml.substr(0, end);
    if (text.starts_with("---") && begun) return line;
    const auto first = text.find_first_not_of(" \t\r\n");
    begun = begun || (first != text.npos && text[first] != '#' && text[first] != '%');
    yaml.remove_prefix(end);
  }
  return 0;
}

}  // namespace

YamlValue::YamlValue(const std::string& file, YAML::Node node, std::string name)
    : file_(file), node_(std::move(node)), name_(std::move(name)) {}

void YamlValue::fail(std::string_view message) const {
  fail_at(file_, node_.Mark(), name_ + " " + std::string(message));
}

int YamlValue::line() const { return node_.Mark().line + 1; }

std::string YamlValue::text() const {
  if (!node_.IsScalar()) fail("must be a text");
  if (node_.Scalar().empty()) fail("is empty");
  return node_.Scalar();
}

bool YamlValue::boolean() const {
  const std::string value = text();
  if (value != "true" && value != "false") fail("must be true or false");
  return value == "true";
}

Micros YamlValue::duration() const {
  const auto value = parse_duration(text());
  if (!value) fail("must be a duration such as 20s, 500ms or 2m");
  return *value;
}

std::size_t YamlValue::number(std::size_t least, std::size_t most) const {
  const std::string digits = text();
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < least ||
      value > most) {
    fail("must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

std::vector<YamlValue> YamlValue::list() const {
  if (!node_.IsSequence()) fail("must be a list");
  std::vector<YamlValue> values;
  for (const YAML::Node& item : node_) values.emplace_back(file_, item, "an entry of " + name_);
  return values;
}

std::vector<YamlValue> YamlValue::scalar_or_list() const {
  if (node_.IsScalar()) return {*this};
  if (!node_.IsSequence()) fail("must be a text or a list of texts");
  return list();
}

YamlSection::YamlSection(const YamlValue& map, std::string_view name,
                         std::span<const std::string_view> keys)
    : map_(map), name_(name) {
  if (!map.node().IsMap()) map_.fail("must be a map with the keys " + joined(keys));
  for (const auto& entry : map.node()) {
    const YAML::Node& key = entry.first;
    const std::string& text = key.Scalar();
    if (!key.IsScalar() || std::find(keys.begin(), keys.end(), text) == keys.end()) {
      fail_at(map.file(), key.Mark(),
              "unknown key '" + text + "' in " + name_ + "; valid keys are " + joined(keys));
    }
    if (find(text)) fail_at(map.file(), key.Mark(), text + " is given twice in " + name_);
    entries_.emplace_back(text, entry.second);
  }
}

std::optional<YamlValue> YamlSection::find(std::string_view key) const {
  for (const auto& [name, node] : entries_) {
    if (name == key) return YamlValue(map_.file(), node, name + " of " + name_);
  }
  return std::nullopt;
}

YamlValue YamlSection::get(std::string_view key) const {
  auto value = find(key);
  if (!value) fail_at(map_.file(), map_.node().Mark(), name_ + " has no " + std::string(key));
  return *std::move(value);
}

YAML::Node parse_yaml(std::string_view yaml, const std::string& file) {
  try {
    const YAML::Node document = YAML::Load(std::string(yaml));
    if (document.IsNull()) throw FileError(file, 0, 0, "holds no map of keys and values");
    if (const int line = second_document(yaml)) {
      throw FileError(file, line, 1, "a second document; one is allowed");
    }
    return document;
  } catch (const YAML::Exception& error) {
    fail_at(file, error.mark, error.msg);
  }
}

}  // namespace lastgasp
