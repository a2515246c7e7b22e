#include "collector/app/yaml_reader.h"

#include <algorithm>
#include <charconv>

#include "collector/core/bytes.h"

namespace lastgasp {

YAML::Node parse_yaml(std::string_view text, const std::string& file) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    throw FileError(file, error.mark.line + 1, error.mark.column + 1, error.msg);
  }
}

YamlReader::YamlReader(const YAML::Node& node, std::string file, std::string where)
    : node_(node), file_(std::move(file)), where_(std::move(where)) {
  if (!node_.IsMap()) fail(node_, where_ + " must be a mapping of keys to values");
}

void YamlReader::fail(const YAML::Node& node, const std::string& message) const {
  throw FileError(file_, node.Mark().line + 1, node.Mark().column + 1, message);
}

YAML::Node YamlReader::take(const std::string& key) {
  known_.push_back(key);
  const YAML::Node& constant = node_;
  return constant[key];
}

bool YamlReader::has(const std::string& key) const { return node_[key].IsDefined(); }

std::string YamlReader::scalar(const YAML::Node& node, const std::string& key) const {
  if (!node.IsScalar()) fail(node, "`" + key + "` must be a single value");
  return node.Scalar();
}

void YamlReader::text(const std::string& key, std::string& into) {
  if (const auto node = take(key)) into = scalar(node, key);
}

void YamlReader::number(const std::string& key, std::uint32_t& into, std::uint32_t least) {
  const auto node = take(key);
  if (!node) return;
  const std::string value = scalar(node, key);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into);
  if (error != std::errc{} || end != value.data() + value.size() || into < least)
    fail(node, "`" + key + "` must be a whole number of at least " + std::to_string(least));
}

void YamlReader::duration(const std::string& key, Micros& into) {
  const auto node = take(key);
  if (!node) return;
  const auto value = parse_duration(scalar(node, key));
  if (!value) fail(node, "`" + key + "` must be a time with its unit, such as 90s, 15m, 2h or 30d");
  into = *value;
}

void YamlReader::bytes(const std::string& key, std::uint64_t& into) {
  const auto node = take(key);
  if (!node) return;
  const auto value = parse_bytes(scalar(node, key));
  if (!value) fail(node, "`" + key + "` must be a size, such as 512M or 200G");
  into = *value;
}

void YamlReader::texts(const std::string& key, std::vector<std::string>& into) {
  const auto list = take(key);
  if (!list) return;
  if (!list.IsSequence()) fail(list, "`" + key + "` must be a list, such as [a, b]");
  for (const auto& item : list) into.push_back(scalar(item, key));
}

void YamlReader::pairs(const std::string& key,
                       std::vector<std::pair<std::string, std::string>>& into) {
  const auto map = take(key);
  if (!map) return;
  if (!map.IsMap()) fail(map, "`" + key + "` must be a mapping, such as {pop: ams1}");
  into.clear();
  for (const auto& item : map) into.emplace_back(scalar(item.first, key), scalar(item.second, key));
}

void YamlReader::mapping(const std::string& key, const std::function<void(YamlReader&)>& read) {
  const auto node = take(key);
  if (!node) return;
  YamlReader reader(node, file_, "`" + key + "`");
  read(reader);
  reader.done();
}

void YamlReader::sequence(const std::string& key,
                          const std::function<void(const YAML::Node&)>& read) {
  const auto list = take(key);
  if (!list) return;
  if (!list.IsSequence()) fail(list, "`" + key + "` must be a list (lines that begin with `- `)");
  for (const auto& item : list) read(item);
}

void YamlReader::checked(const std::string& key,
                         const std::function<void(const std::string&)>& check) {
  const auto node = take(key);
  if (!node) return;
  try {
    check(scalar(node, key));
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    fail(node, error.what());
  }
}

void YamlReader::done() const {
  for (const auto& item : node_) {
    const std::string key = item.first.IsScalar() ? item.first.Scalar() : "?";
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string message = where_ + " has no key `" + key + "`; known are ";
    for (std::size_t i = 0; i < known_.size(); ++i) message += (i ? ", " : "") + known_[i];
    fail(item.first, message);
  }
}

}  // namespace lastgasp
