// Any bytes leave with their length, only masked, the same however they were split.
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

const Redactor::Rules& rules() {
  static const Redactor::Rules compiled = [] {
    std::vector<lastgasp::RedactionPack> packs;
    for (const auto& pack : lastgasp::built_in_redaction_packs())
      packs.push_back(lastgasp::parse_redaction_pack(pack.yaml, std::string(pack.name)));
    return lastgasp::RedactionSet::compile(packs);
  }();
  return compiled;
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
  return 0;
}
