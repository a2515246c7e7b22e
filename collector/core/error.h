// Errors. A failure that ends an operation (a bad configuration, a database that cannot be opened)
// is thrown as Error, whose text says what failed, why, and what to do. Conditions that are part
// of normal life (a refused connection, a full disk) are values, never exceptions.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lastgasp {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A mistake in a file a person wrote. what() is "FILE:LINE:COLUMN: message".
class FileError : public Error {
 public:
  // `line` and `column` count from 1; 0 when unknown, and then left out of the text.
  FileError(std::string_view file, int line, int column, std::string_view message);

  int line() const { return line_; }
  int column() const { return column_; }
  const std::string& message() const { return message_; }  // what() without the place

 private:
  int line_, column_;
  std::string message_;
};

// "open /var/lib/x: Permission denied": the one place where errno becomes text.
std::string errno_text(std::string_view context, int error_number);

}  // namespace lastgasp
