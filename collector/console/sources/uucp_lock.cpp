#include "collector/console/sources/uucp_lock.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

namespace lastgasp {

UucpLock::UucpLock(const std::string& device, std::string folder)
    : path_(std::move(folder) + "/LCK.." + device.substr(device.rfind('/') + 1)) {}

std::optional<int> UucpLock::holder() const {
  std::ifstream file(path_, std::ios::binary);
  std::string text(64, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  int pid = 0;
  if (text.size() == sizeof pid && text.find_first_not_of("0123456789 \n") != std::string::npos) {
    std::memcpy(&pid, text.data(), sizeof pid);  // the old form: a binary number
  } else if (std::sscanf(text.c_str(), "%d", &pid) != 1) {
    return std::nullopt;
  }
  if (pid <= 0 || pid == ::getpid()) return std::nullopt;
  if (::kill(pid, 0) != 0 && errno == ESRCH) return std::nullopt;
  return pid;
}

void UucpLock::claim() {
  ::unlink(path_.c_str());  // stale: the caller has asked for the holder
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return;
  char text[16];
  const int length = std::snprintf(text, sizeof text, "%10d\n", static_cast<int>(::getpid()));
  claimed_ = ::write(fd, text, static_cast<std::size_t>(length)) == length;
  ::close(fd);
  if (!claimed_) ::unlink(path_.c_str());
}

void UucpLock::release() {
  if (!claimed_) return;
  claimed_ = false;
  ::unlink(path_.c_str());
}

}  // namespace lastgasp
