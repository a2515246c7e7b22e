#include "exporters/exec/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "collector/core/error.h"
#include "collector/core/spawn_attributes.h"

namespace lastgasp {
namespace {

constexpr std::size_t kErrorBytes = 512;
constexpr std::chrono::milliseconds kLook{200};  // how often `stop` is looked at

class OwnFd {  // closes on every way out
 public:
  explicit OwnFd(int fd) : fd_(fd) {}
  ~OwnFd() { close(); }
  OwnFd(const OwnFd&) = delete;
  OwnFd& operator=(const OwnFd&) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

ProgramRun no_run(const std::string& what) { return {false, errno_text(what, errno)}; }

bool fill(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(file, text.data(), text.size());
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::lseek(file, 0, SEEK_SET) == 0;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> with_ours(std::vector<std::string> environment) {
  constexpr std::array<std::string_view, 5> services{"NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_",
                                                     "CREDENTIALS_DIRECTORY=", "LASTGASP_"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (std::none_of(services.begin(), services.end(),
                     [&](std::string_view name) { return text.starts_with(name); }))
      environment.emplace_back(text);
  }
  return environment;
}

int spawn(std::vector<std::string> arguments, std::vector<std::string> environment, int input,
          int errors, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  const SpawnAttributes attributes;
  const int error = ::posix_spawnp(&pid, arguments.front().c_str(), &actions, attributes.get(),
                                   pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// False at the end of it. Reads once: the caller polls.
bool read_errors(int pipe, std::string& beginning) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(pipe, buffer.data(), buffer.size());
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  const std::size_t room = kErrorBytes - std::min(kErrorBytes, beginning.size());
  beginning.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
  return n > 0;
}

// What the kernel says of its end; empty while it runs on.
std::string wait_for_end(int pidfd, OwnFd& errors, std::string& said, Micros timeout,
                         const std::atomic<bool>& stop) {
  const SystemClock clock;
  const MonoTime deadline = clock.now().mono + timeout;
  for (;;) {
    const Micros left = deadline - clock.now().mono;
    if (left <= Micros{0}) return "did not end within " + format_duration(timeout);
    if (stop) return "was broken off";
    pollfd ready[] = {{pidfd, POLLIN, 0}, {errors.get(), POLLIN, 0}};
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(std::min<Micros>(left, kLook));
    if (::poll(ready, 2, static_cast<int>(pause.count())) <= 0) continue;
    if (ready[1].revents != 0 && !read_errors(errors.get(), said)) errors.close();
    if (ready[0].revents != 0) return "";
  }
}

void join_lines(std::string& said) {
  while (!said.empty() && said.back() == '\n') said.pop_back();
  std::replace(said.begin(), said.end(), '\n', ' ');
}

ProgramRun outcome(int status, std::string trouble, const std::string& said) {
  if (trouble.empty() && WIFEXITED(status) && WEXITSTATUS(status) == 0) return {true, ""};
  if (trouble.empty() && WIFEXITED(status))
    trouble = "exited with status " + std::to_string(WEXITSTATUS(status));
  if (trouble.empty())
    trouble = std::string("was ended by a signal: ") + ::strsignal(WTERMSIG(status));
  return {false, said.empty() ? trouble : trouble + ": " + said};
}

}  // namespace

ProgramRun run_program(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment, const std::string& input,
                       Micros timeout, const std::atomic<bool>& stop) {
  const OwnFd file(::memfd_create("lastgasp-notification", MFD_CLOEXEC));
  if (file.get() < 0 || !fill(file.get(), input)) return no_run("cannot keep its input in memory");
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return no_run("cannot make a pipe");
  OwnFd ours(ends[0]), theirs(ends[1]);
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  pid_t pid = -1;
  errno = spawn(arguments, with_ours(environment), file.get(), theirs.get(), pid);
  if (errno != 0) return no_run("cannot run " + arguments.front());
  theirs.close();
  // glibc 2.36 declares pidfd_open without C linkage.
  const OwnFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  std::string said;
  std::string trouble = pidfd.get() < 0 ? errno_text("cannot watch it", errno)
                                        : wait_for_end(pidfd.get(), ours, said, timeout, stop);
  ::kill(-pid, SIGKILL);  // the whole group, before its id can be used again
  if (ours.get() >= 0) read_errors(ours.get(), said);
  join_lines(said);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return outcome(status, std::move(trouble), said);
}

}  // namespace lastgasp
