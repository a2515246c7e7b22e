// Transcript lines on standard output.
#pragma once

#include <string>

#include "collector/cli/options.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

// "TIME CONSOLE: text"; context lines with - and marks with = in place of the colon.
std::string text_of(const FoundLine& line);

// Prints lines one by one, as they are found.
class LinePrinter {
 public:
  explicit LinePrinter(Output output) : output_(output) {}

  void print(const FoundLine& line);
  // Ends the JSON document, if that is what is printed.
  void end();

 private:
  void print_text(const FoundLine& line);

  Output output_;
  std::size_t printed_ = 0;
  bool partial_shown_ = false;  // a prompt stands on the terminal without a line end
};

}  // namespace lastgasp
