// What one must be allowed to do.
#pragma once

#include <cstdint>

namespace lastgasp {

// In rising order: who may administer may look, too.
enum class Role : std::uint8_t {
  view,   // look
  admin,  // change something: reload, acknowledge
};

}  // namespace lastgasp
