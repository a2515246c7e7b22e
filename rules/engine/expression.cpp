#include "rules/engine/expression.h"

#include <algorithm>

#include "collector/core/error.h"
#include "rules/engine/re2_options.h"

namespace lastgasp {

re2::RE2::Options expression_options() {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  return options;
}

Expression::Expression(const std::string& pattern)
    : compiled_(std::make_unique<re2::RE2>(pattern, expression_options())) {
  if (!compiled_->ok()) throw Error(compiled_->error());
  for (const auto& [number, name] : compiled_->CapturingGroupNames()) {
    names_.emplace_back(number, name);
    group_count_ = number + 1;
  }
}

Expression::~Expression() = default;
Expression::Expression(Expression&& other) noexcept = default;
Expression& Expression::operator=(Expression&& other) noexcept = default;

std::vector<std::pair<std::string, std::string>> Expression::captured(std::string_view line) const {
  std::vector<std::pair<std::string, std::string>> out;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(group_count_));
  if (!compiled_->Match(piece(line), 0, line.size(), re2::RE2::UNANCHORED, groups.data(),
                        group_count_)) {
    return out;
  }
  for (const auto& [number, name] : names_) {
    const re2::StringPiece& value = groups[static_cast<std::size_t>(number)];
    out.emplace_back(name, std::string(value.data() ? value.data() : "", value.size()));
  }
  return out;
}

std::optional<Expression::Place> Expression::find(std::string_view line, std::size_t from,
                                                  int group) const {
  re2::StringPiece groups[kMostGroups + 1];
  if (!compiled_->Match(piece(line), from, line.size(), re2::RE2::UNANCHORED, groups, group + 1))
    return std::nullopt;
  const auto offset = [&](const char* at) { return static_cast<std::size_t>(at - line.data()); };
  Place place;
  place.begin = offset(groups[0].data());
  place.end = place.begin + groups[0].size();
  const re2::StringPiece& part = groups[group];
  if (group > 0 && part.data()) {
    place.group_begin = offset(part.data());
    place.group_end = place.group_begin + part.size();
  }
  return place;
}

int Expression::group_named(std::string_view name) const {
  for (const auto& [number, known] : names_)
    if (known == name) return number;
  return 0;
}

bool Expression::matches(std::string_view line) const {
  return compiled_->Match(piece(line), 0, line.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace lastgasp
