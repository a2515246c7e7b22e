// Where this source tree is.
#pragma once

#include <filesystem>

namespace lastgasp {

inline const std::filesystem::path kSourceTree =
    std::filesystem::path(LASTGASP_TEST_DATA).parent_path().parent_path();

}  // namespace lastgasp
