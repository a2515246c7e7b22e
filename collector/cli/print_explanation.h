// An explanation on standard output.
#pragma once

#include "collector/app/explanation.h"
#include "collector/cli/options.h"

namespace lastgasp {

class ExplanationPrinter {
 public:
  // `all` prints also the lines about which there is nothing to tell.
  ExplanationPrinter(const Matcher& matcher, Output output, bool all);

  Explanation& explanation() { return explanation_; }
  // The input is over: the last line, then incidents and boots.
  void end();

 private:
  void print(const ExplainedLine& line);

  const Output output_;
  bool first_ = true;
  Explanation explanation_;
};

}  // namespace lastgasp
