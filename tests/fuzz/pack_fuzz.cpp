// Any bytes are a pack, whose rules can be tested, compiled and matched, or a FileError.
#include <cstddef>
#include <cstdint>
#include <string>

#include "rules/engine/rule_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgasp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Pack pack = parse_pack(text, "fuzz.yaml");
    test_pack(pack);
    Matcher matcher(RuleSet::compile({&pack, 1}));
    matcher.match(text.substr(0, 4096), "");
    if (matcher.rules().rules().size() > pack.rules.size()) __builtin_trap();
  } catch (const FileError&) {
    // what a person's mistake gives
  }
  return 0;
}
