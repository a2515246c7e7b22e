// Reads a YAML mapping strictly: every key must be asked for, and every mistake is a FileError that
// names its line and column and what would be right. Belongs to one thread.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "collector/core/error.h"

namespace lastgasp {

class YamlReader {
 public:
  YamlReader(const YAML::Node& node, std::string file, std::string where);

  // Each takes one key, if it is there.
  void text(const std::string& key, std::string& into);
  void number(const std::string& key, std::uint32_t& into, std::uint32_t least);
  void duration(const std::string& key, Micros& into);
  void bytes(const std::string& key, std::uint64_t& into);
  void texts(const std::string& key, std::vector<std::string>& into);
  void pairs(const std::string& key, std::vector<std::pair<std::string, std::string>>& into);
  void mapping(const std::string& key, const std::function<void(YamlReader&)>& read);
  void sequence(const std::string& key, const std::function<void(const YAML::Node&)>& read);
  // Checks a text with `check`, which throws Error; the message gets the key's place.
  void checked(const std::string& key, const std::function<void(const std::string&)>& check);
  bool has(const std::string& key) const;
  // Throws if a key was written that nobody asked for.
  void done() const;

  [[noreturn]] void fail(const YAML::Node& node, const std::string& message) const;
  const YAML::Node& node() const { return node_; }
  int line() const { return node_.Mark().line + 1; }

 private:
  YAML::Node take(const std::string& key);
  std::string scalar(const YAML::Node& node, const std::string& key) const;

  YAML::Node node_;
  std::string file_;
  std::string where_;
  std::vector<std::string> known_;
};

// Parses a document; a syntax error is a FileError.
YAML::Node parse_yaml(std::string_view text, const std::string& file);

}  // namespace lastgasp
