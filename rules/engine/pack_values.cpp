#include "rules/engine/pack_values.h"

#include <algorithm>

namespace lastgasp {
namespace {

bool is_word(std::string_view text, std::string_view extra) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || extra.find(c) != extra.npos;
  });
}

// [a-z0-9_]+(\.[a-z0-9_]+)+
bool is_rule_id(std::string_view id) {
  if (id.find('.') == id.npos) return false;
  for (;;) {
    const auto dot = id.find('.');
    if (!is_word(id.substr(0, dot), "_")) return false;
    if (dot == id.npos) return true;
    id.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string read_rule_id(const YamlValue& value) {
  std::string id = value.text();
  if (!is_rule_id(id))
    value.fail("must be words of a-z, 0-9 and _ with dots between, as linux.oops");
  return id;
}

std::string read_word(const YamlValue& value) {
  std::string word = value.text();
  if (!is_word(word, "_-")) value.fail("must be one word of a-z, 0-9, _ and -");
  return word;
}

std::vector<std::string> read_platforms(const YamlValue& value) {
  std::vector<std::string> platforms;
  for (const YamlValue& item : value.scalar_or_list()) platforms.push_back(read_word(item));
  if (platforms.empty()) value.fail("is an empty list; leave it out, or write any");
  if (std::find(platforms.begin(), platforms.end(), "any") == platforms.end()) return platforms;
  if (platforms.size() > 1) value.fail("names any beside others; any stands alone");
  return {};
}

Expression read_expression(const YamlValue& value) {
  try {
    return Expression(value.text());
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    value.fail(std::string("is no RE2 expression: ") + error.what());
  }
}

std::vector<std::string> read_lines(const YamlValue& value) {
  std::vector<std::string> lines;
  for (const YamlValue& item : value.list()) {
    lines.push_back(item.text());
    if (lines.back().find('\n') != std::string::npos) item.fail("must be one line");
  }
  return lines;
}

}  // namespace lastgasp
