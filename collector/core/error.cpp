#include "collector/core/error.h"

#include <cstring>
#include <string>

namespace lastgasp {
namespace {

std::string place(std::string_view file, int line, int column) {
  std::string text(file);
  if (line > 0) text += ':' + std::to_string(line);
  if (line > 0 && column > 0) text += ':' + std::to_string(column);
  return text;
}

}  // namespace

FileError::FileError(std::string_view file, int line, int column, std::string_view message)
    : Error(place(file, line, column) + ": " + std::string(message)),
      line_(line),
      column_(column),
      message_(message) {}

std::string errno_text(std::string_view context, int error_number) {
  char buffer[256];
  // The GNU strerror_r, which may return a string of its own.
  const char* reason = strerror_r(error_number, buffer, sizeof buffer);
  return std::string(context) + ": " + reason;
}

}  // namespace lastgasp
