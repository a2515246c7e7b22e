// Transcript lines on standard output.
#pragma once

#include <string>

#include "collector/cli/options.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

// "TIME CONSOLE: text"; context lines with - and marks with = in place of the colon.
std::string text_of(const FoundLine& line);

// --ids
void add_ids(CLI::App& command, bool& ids);

// Prints lines one by one, as they are found.
class LinePrinter {
 public:
  // `ids`: as text, each line begins with its name. JSON always has it.
  explicit LinePrinter(Output output, bool ids = false) : output_(output), ids_(ids) {}

  void print(const FoundLine& line);
  // Ends the JSON document, if that is what is printed.
  void end();
  // The same; of a search that stopped early, JSON tells with a last object where it goes on.
  void end(const SearchEnd& search);

 private:
  void print_json(const std::string& object);
  void print_text(const FoundLine& line);

  Output output_;
  bool ids_;
  std::size_t printed_ = 0;
  bool partial_shown_ = false;  // a prompt stands on the terminal without a line end
};

}  // namespace lastgasp
