// Whatever a console prints and whatever happens to it: the tracker keeps its bounds and its clock.
#include <cstdint>

#include "rules/packs/built_in_packs.h"
#include "tests/unit/rules/incident/endurance.h"

namespace {

std::shared_ptr<const lastgasp::RuleSet> built_in_rules() {
  std::vector<lastgasp::Pack> packs;
  for (const lastgasp::BuiltInPack& pack : lastgasp::built_in_packs()) {
    packs.push_back(lastgasp::parse_pack(pack.yaml, std::string(pack.file)));
  }
  return lastgasp::RuleSet::compile(packs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rules = built_in_rules();
  lastgasp::endurance::Mistreated console(rules);
  console.endure({reinterpret_cast<const char*>(data), size});  // what it throws ends the run
  return 0;
}
