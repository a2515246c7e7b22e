#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

#include "collector/core/error.h"
#include "exporters/exec/exec.h"

namespace lastgasp {
namespace {

constexpr std::string_view kUsualPath = "/bin:/usr/bin";  // posix_spawnp's when there is no PATH

// 0 when it is an executable file.
int trouble_running(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return errno;
  if (!S_ISREG(file.st_mode)) return EACCES;
  return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

bool in_path(const std::string& name) {
  const char* const set = std::getenv("PATH");
  for (std::string_view rest = set ? std::string_view(set) : kUsualPath;;) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (trouble_running(std::string(rest.substr(0, end)) + '/' + name) == 0) return true;
    if (end == rest.size()) return false;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

std::string program_problem(const std::string& program) {
  if (program.find('/') == std::string::npos)
    return in_path(program) ? "" : "is no program in PATH; give its whole path";
  if (!program.starts_with('/')) return "must be a whole path or the name of a program in PATH";
  const int error = trouble_running(program);
  if (error == 0) return "";
  return errno_text("cannot be run", error) + "; name an executable file (chmod +x)";
}

}  // namespace lastgasp
