// Which alerts a receiver is told of.
#pragma once

#include <string>
#include <vector>

#include "collector/transcript/console_labels.h"
#include "exporters/delivery/alert.h"

namespace lastgasp {

struct AlertFilter {
  std::vector<std::string> severities, kinds;  // one of them; none is any
  std::vector<LabelMatch> labels;              // all of them

  bool passes(const Alert& alert) const;
};

}  // namespace lastgasp
