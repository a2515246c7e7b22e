#include "collector/cli/ask_password.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string_view>

namespace lastgasp {
namespace {

// The terminal shows nothing of what is typed while this lives. A signal that ends the program
// waits until it shows what is typed again.
class NoEcho {
 public:
  NoEcho() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&ending, signal);
    ::sigprocmask(SIG_BLOCK, &ending, &mask_);
    signals_ = ::signalfd(-1, &ending, SFD_CLOEXEC);
    ::tcgetattr(STDIN_FILENO, &shown_);
    termios silent = shown_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_);
    std::fputc('\n', stderr);
    ::close(signals_);
    ::sigprocmask(SIG_SETMASK, &mask_, nullptr);  // ends the program when one waits
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

  // One line; nothing when a signal waits.
  std::string read_line() const {
    std::array<pollfd, 2> either{{{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}}};
    ::poll(either.data(), either.size(), -1);
    if (either[1].revents != 0) return {};
    std::array<char, 4096> line{};  // a terminal keeps no more of one
    const ssize_t size = ::read(STDIN_FILENO, line.data(), line.size());
    const std::string_view text(line.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return std::string(text.substr(0, text.find('\n')));
  }

 private:
  termios shown_{};
  sigset_t mask_{};
  int signals_ = -1;
};

}  // namespace

bool at_terminal() { return ::isatty(STDIN_FILENO) == 1; }

std::string ask_password(const std::string& prompt) {
  if (!at_terminal()) {
    std::string line;
    std::getline(std::cin, line);
    return line;
  }
  std::fputs(prompt.c_str(), stderr);
  return NoEcho().read_line();
}

}  // namespace lastgasp
