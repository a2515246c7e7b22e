// The expressions of dump shapes, compiled once: ten thousand consoles have a handful of them.
#pragma once

#include <memory>
#include <string>

#include "rules/engine/expression.h"

namespace lastgasp {

// Null for the empty pattern and for one that RE2 refuses. Safe from any thread.
std::shared_ptr<const Expression> dump_expression(const std::string& pattern);

}  // namespace lastgasp
