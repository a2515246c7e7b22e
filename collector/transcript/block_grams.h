// The grams of a block that is stored, out of its records. Pure.
#pragma once

#include <span>

#include "collector/transcript/gram_filter.h"
#include "collector/transcript/record.h"

namespace lastgasp {

// Of the lines as a search assembles them. `records` are console by console.
GramSet grams_of(std::span<const Record> records, bool with_numbers = true);

}  // namespace lastgasp
