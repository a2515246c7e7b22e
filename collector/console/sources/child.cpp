#include "collector/console/sources/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "collector/console/sources/deadline.h"
#include "collector/core/spawn_attributes.h"

namespace lastgasp {
namespace {

class Descriptor {  // closes on every way out
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int take() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

bool open_terminal(Descriptor& ours, std::array<char, 64>& theirs_name) {
  const int fd = ours.get();
  return fd >= 0 && ::fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0 && ::grantpt(fd) == 0 &&
         ::unlockpt(fd) == 0 && ::ptsname_r(fd, theirs_name.data(), theirs_name.size()) == 0;
}

void make_raw(int terminal) {
  termios mode{};
  if (::tcgetattr(terminal, &mode) != 0) return;
  ::cfmakeraw(&mode);
  ::tcsetattr(terminal, TCSANOW, &mode);
  const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  ::ioctl(terminal, TIOCSWINSZ, &size);
}

// Our environment with a terminal that has no escape sequences, and without the sockets by which
// the service manager knows us.
std::vector<char*> child_environment() {
  static char terminal[] = "TERM=dumb";
  std::vector<char*> out{terminal};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.substr(0, 5) != "TERM=" && text.substr(0, 14) != "NOTIFY_SOCKET=") {
      out.push_back(*entry);
    }
  }
  out.push_back(nullptr);
  return out;
}

// The child opens the terminal itself: as the leader of a new session it thereby makes it its
// controlling terminal.
int spawn_shell(const std::string& command, const char* terminal, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, 0, 1);
  posix_spawn_file_actions_adddup2(&actions, 0, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  const SpawnAttributes attributes;
  std::string shell = "sh", option = "-c", argument = command;
  char* arguments[] = {shell.data(), option.data(), argument.data(), nullptr};
  std::vector<char*> environment = child_environment();
  const int error =
      ::posix_spawn(&pid, "/bin/sh", &actions, attributes.get(), arguments, environment.data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Child::Child(asio::io_context& context, pid_t pid, int pidfd) : pid_(pid), ended_(context, pidfd) {}

std::unique_ptr<Child> Child::start(asio::io_context& context, const std::string& command,
                                    int& terminal) {
  Descriptor ours(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  std::array<char, 64> name{};
  if (!open_terminal(ours, name)) return nullptr;
  // Held until the child has it open: the last close of a terminal would undo the raw mode.
  const Descriptor theirs(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (theirs.get() < 0) return nullptr;
  make_raw(theirs.get());
  pid_t pid = -1;
  errno = spawn_shell(command, name.data(), pid);
  if (errno != 0) return nullptr;
  // glibc 2.36 declares pidfd_open without C linkage.
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    const int error = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    errno = error;
    return nullptr;
  }
  terminal = ours.take();
  return std::unique_ptr<Child>(new Child(context, pid, pidfd));
}

Child::~Child() {
  if (reaped_) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, WNOHANG);
}

asio::awaitable<std::string> Child::end(Micros grace) {
  ::kill(-pid_, SIGHUP);
  const Deadline deadline(ended_.get_executor(), grace, [this] { ::kill(-pid_, SIGKILL); });
  asio::error_code error;
  co_await ended_.async_wait(asio::posix::stream_descriptor::wait_read,
                             asio::redirect_error(asio::use_awaitable, error));
  co_return reap();
}

std::string Child::reap() {
  ::kill(-pid_, SIGKILL);  // what it left in the background; before its id can be used again
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return "ended";
  reaped_ = true;
  if (WIFSIGNALED(status)) {
    return "killed by signal " + std::to_string(WTERMSIG(status)) + " (" +
           ::strsignal(WTERMSIG(status)) + ")";
  }
  return "exited with status " + std::to_string(WEXITSTATUS(status));
}

namespace {

asio::awaitable<void> end_quietly(std::unique_ptr<Child> child, Micros grace) {
  co_await child->end(grace);
}

}  // namespace

void end_unattended(asio::io_context& context, std::unique_ptr<Child> child, Micros grace) {
  asio::co_spawn(context, end_quietly(std::move(child), grace), asio::detached);
}

}  // namespace lastgasp
