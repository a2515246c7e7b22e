// Strict reading of YAML maps: every key must be known, every value of the right form, and every
// mistake is a FileError at its line and column. For packs and for the collector's configuration.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"

namespace lastgasp {

// One value, with where it stands and how messages call it ("match of rule linux.oops").
class YamlValue {
 public:
  YamlValue(const std::string& file, YAML::Node node, std::string name);

  [[noreturn]] void fail(std::string_view message) const;  // "NAME MESSAGE" at its position
  int line() const;                                        // from 1
  const YAML::Node& node() const { return node_; }
  const std::string& file() const { return file_; }

  std::string text() const;  // a scalar that is not empty
  bool boolean() const;      // true or false
  Micros duration() const;   // "20s"
  std::size_t number(std::size_t least, std::size_t most) const;
  std::vector<YamlValue> list() const;  // a sequence
  std::vector<YamlValue> scalar_or_list() const;

 private:
  const std::string& file_;  // outlives this: the caller's
  YAML::Node node_;
  std::string name_;
};

// A map whose keys are all among `keys`, each at most once.
class YamlSection {
 public:
  YamlSection(const YamlValue& map, std::string_view name, std::span<const std::string_view> keys);

  std::optional<YamlValue> find(std::string_view key) const;
  YamlValue get(std::string_view key) const;  // a FileError when it is missing
  int line() const { return map_.line(); }

 private:
  YamlValue map_;
  std::string name_;
  std::vector<std::pair<std::string, YAML::Node>> entries_;
};

// The one document in `yaml`.
YAML::Node parse_yaml(std::string_view yaml, const std::string& file);

}  // namespace lastgasp
