// Which consoles are in a block, where and when, as its records have it. Pure.
#pragma once

#include <span>
#include <vector>

#include "collector/transcript/block_builder.h"

namespace lastgasp {

// One for each run of records of one console.
std::vector<Span> spans_of(std::span<const Record> records);

}  // namespace lastgasp
