// What single lines of a dump look like on systems that no pack knows. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace lastgasp {

// Whether the line may be one of a dump at all: it holds a hexadecimal number or begins as a frame
// does. The cheap question for every line; the functions below are for the few that remain.
bool may_be_of_dump(std::string_view line);

struct DumpWords {
  bool program_counter = false;
  bool stack = false;           // stack pointer, link register or return address
  std::uint32_t registers = 0;  // others, each a name of a processor's register with its value
  bool frame = false;           // of a call stack
  bool hex_row = false;         // four or more words of memory
  bool any() const { return program_counter || stack || registers > 0 || frame || hex_row; }
};
DumpWords dump_words(std::string_view line);

}  // namespace lastgasp
