// Which rules match a line, what they captured, what came of it and why.
#pragma once

#include <string>

#include "exporters/web/html.h"

namespace lastgasp {

inline constexpr std::size_t kMostExplainedBytes = 4096;

// `explanation` is the answer of WebBackend::explain.
void explanation_view(Html& html, const std::string& explanation);

}  // namespace lastgasp
