// A command under a pseudo-terminal of its own, and the end of it. One thread.
#pragma once

#include <sys/types.h>

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>

#include "collector/core/clock.h"

namespace lastgasp {

class Child {
 public:
  // Runs /bin/sh -c `command` as the leader of a new session on a raw terminal (no echo, nothing
  // translated), with no descriptor of ours but 0 to 2 and TERM=dumb. Returns nothing and leaves
  // errno when it cannot be started. `terminal` receives our end, non-blocking, to be closed by
  // the caller.
  static std::unique_ptr<Child> start(asio::io_context& context, const std::string& command,
                                      int& terminal);
  // Kills what still runs and does not wait for it.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Asks the session to end (SIGHUP), kills it after `grace`, and waits without blocking until the
  // command has ended. Returns what became of it: "exited with status 1", "killed by signal 9
  // (Killed)". Keeps nothing of the caller but the child itself.
  asio::awaitable<std::string> end(Micros grace);

 private:
  Child(asio::io_context& context, pid_t pid, int pidfd);
  std::string reap();

  pid_t pid_;
  asio::posix::stream_descriptor ended_;  // a pidfd: readable when the process has ended
  bool reaped_ = false;
};

// Ends a child nobody waits for any more, on `context`.
void end_unattended(asio::io_context& context, std::unique_ptr<Child> child, Micros grace);

}  // namespace lastgasp
