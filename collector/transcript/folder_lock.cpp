#include "collector/transcript/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = pread(fd, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  pid.erase(pid.find_last_not_of('\n') + 1);
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(errno_text("create " + folder.string(), error.value()) +
                ": choose a folder that can be written, or create it for this user");
  }
  const std::string path = (folder / "lock").string();
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) {
    throw Error(errno_text("open " + path, errno) +
                ": choose a folder that can be written, or make it this user's");
  }
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const std::string who = holder(fd_);
    close(fd_);
    throw Error(folder.string() + " is in use by another lastgasp daemon (" + who +
                "): stop it, or give this one another folder");
  }
  // The number is for people only, so a failure to write it does not matter.
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(fd_, 0) == 0) [[maybe_unused]]
    const auto ignored = pwrite(fd_, pid.data(), pid.size(), 0);
}

FolderLock::~FolderLock() { close(fd_); }

std::optional<std::string> folder_holder(const std::filesystem::path& folder) {
  const int fd = open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const std::string who = held ? holder(fd) : "";
  close(fd);
  if (!held) return std::nullopt;
  return who;
}

}  // namespace lastgasp
