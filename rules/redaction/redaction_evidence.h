// Runs the samples and rejects of redaction rules, each rule alone. Pure.
#pragma once

#include <vector>

#include "rules/engine/pack.h"
#include "rules/redaction/redaction_pack.h"

namespace lastgasp {

// Where a rule does not keep what its own evidence promises.
std::vector<PackProblem> test_redaction_pack(const RedactionPack& pack);

}  // namespace lastgasp
