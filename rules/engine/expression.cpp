#include "rules/engine/expression.h"

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

bool Expression::matches(std::string_view line) const {
  return compiled_->Match(piece(line), 0, line.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace lastgasp
