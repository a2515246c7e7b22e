// Work that a start waits for, done by several threads at once.
#pragma once

#include <cstddef>
#include <functional>

namespace lastgasp {

// Calls each(i) for every i below `count`, once each, in no order, on this thread and a few others,
// and returns when all are over. The first exception ends what has not begun, and is thrown here.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& each);

}  // namespace lastgasp
