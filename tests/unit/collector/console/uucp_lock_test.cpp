#include "collector/console/sources/uucp_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace lastgasp;
namespace fs = std::filesystem;

namespace {

struct LockFolder {
  fs::path path = fs::temp_directory_path() / ("uucp_lock_test." + std::to_string(::getpid()));
  LockFolder() { fs::create_directories(path); }
  ~LockFolder() { fs::remove_all(path); }
  fs::path file() const { return path / "LCK..ttyUSB0"; }
  void write(const std::string& text) const { std::ofstream(file(), std::ios::binary) << text; }
};

int dead_pid() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return pid;
}

}  // namespace

TEST_CASE("lock_of_a_living_process_holds") {
  const LockFolder folder;
  const UucpLock lock("/dev/ttyUSB0", folder.path);
  CHECK_FALSE(lock.holder());
  folder.write("         1\n");
  CHECK(lock.holder() == 1);
  folder.write(std::string("\1\0\0\0", 4));
  CHECK(lock.holder() == 1);
}

TEST_CASE("stale_own_and_unreadable_locks_do_not_hold") {
  const LockFolder folder;
  const UucpLock lock("/dev/ttyUSB0", folder.path);
  folder.write(std::to_string(dead_pid()) + "\n");
  CHECK_FALSE(lock.holder());
  folder.write(std::to_string(::getpid()) + "\n");
  CHECK_FALSE(lock.holder());
  folder.write("nobody");
  CHECK_FALSE(lock.holder());
  folder.write("");
  CHECK_FALSE(lock.holder());
}

TEST_CASE("claim_writes_our_pid_and_goes_with_the_object") {
  const LockFolder folder;
  {
    UucpLock lock("/dev/ttyUSB0", folder.path);
    folder.write(std::to_string(dead_pid()) + "\n");
    lock.claim();
    std::ostringstream text;
    text << std::ifstream(folder.file()).rdbuf();
    CHECK(std::stoi(text.str()) == ::getpid());
    CHECK(text.str().size() == 11);
  }
  CHECK_FALSE(fs::exists(folder.file()));
  UucpLock nowhere("/dev/ttyUSB0", (folder.path / "absent").string());
  nowhere.claim();
  CHECK_FALSE(nowhere.holder());
}
