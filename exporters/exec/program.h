// Private to this folder: runs a program to its end.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

struct ProgramRun {
  bool ok = false;      // it exited with 0
  std::string trouble;  // else: how it ended and the beginning of its standard error; any bytes
};

// Runs `arguments` (the first is a path, or a name looked up in PATH) in a process group of its
// own, without a shell. `input` is its standard input, a file in memory: nobody waits for it to be
// read. Its standard output is thrown away, its standard error is read and but for its beginning
// thrown away. It has our environment without the service manager's sockets, and `environment`
// ("NAME=value"); no other open files, no blocked signals. After `timeout`, or within a second once
// `stop` is set, the group is killed; so is whatever it leaves behind. Never leaves a zombie. Any
// thread.
ProgramRun run_program(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment, const std::string& input,
                       Micros timeout, const std::atomic<bool>& stop);

}  // namespace lastgasp
