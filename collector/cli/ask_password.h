// A password, from whoever sits at the terminal.
#pragma once

#include <string>

namespace lastgasp {

// Asks on standard error and reads a line from standard input, which a terminal does not show while
// it is typed, also when the program is ended meanwhile. Without a terminal, just reads the line.
std::string ask_password(const std::string& prompt);

// Whether there is somebody to ask.
bool at_terminal();

}  // namespace lastgasp
