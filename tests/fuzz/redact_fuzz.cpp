// Any bytes leave with their length, only masked, the same however they were split; and the search
// for keywords finds the one that a plain search finds.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "rules/redaction/redactor.h"

namespace {

using lastgasp::Redactor;

std::string redacted(const Redactor::Rules& rules, std::string_view bytes, std::size_t part) {
  Redactor redactor;
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += part)
    out.append(redactor.feed(rules, bytes.substr(i, part), {}));
  out.append(redactor.finish(rules));
  return out;
}

const std::vector<lastgasp::RedactionPack>& packs() {
  static const auto parsed = [] {
    std::vector<lastgasp::RedactionPack> all;
    for (const auto& pack : lastgasp::built_in_redaction_packs())
      all.push_back(lastgasp::parse_redaction_pack(pack.yaml, std::string(pack.name)));
    return all;
  }();
  return parsed;
}

const Redactor::Rules& rules() {
  static const Redactor::Rules compiled = lastgasp::RedactionSet::compile(packs());
  return compiled;
}

std::size_t plain_find(std::string text) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; };
  std::transform(text.begin(), text.end(), text.begin(), lower);
  std::size_t first = std::string::npos;
  for (const auto& pack : packs())
    for (const auto& rule : pack.rules)
      for (std::string word : rule.keywords) {
        std::transform(word.begin(), word.end(), word.begin(), lower);
        const std::size_t at = text.find(word);
        if (at != std::string::npos) first = std::min(first, at + word.size());
      }
  return first;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = redacted(rules(), bytes, size);
  if (whole.size() != bytes.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i)
    if (whole[i] != bytes[i] && whole[i] != lastgasp::kMask) std::abort();
  if (redacted(rules(), bytes, 1 + data[0] % 16) != whole) std::abort();
  if (rules()->keywords().find(bytes, 0) != plain_find(std::string(bytes))) std::abort();
  return 0;
}
