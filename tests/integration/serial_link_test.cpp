// Links on a serial port, through libserialport: a pty mounted over a terminal device that nobody
// uses, in a mount name space of our own, with the shim answering for its modem lines.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/unit/collector/console/link_world.h"

using namespace lastgasp;
using namespace lastgasp::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

constexpr const char* kDevice = "/dev/tty63";

// A serial adapter plugged in at kDevice; what is written to it comes out of the port. No
// link may look for kDevice once it is gone: the host's own terminal is there again.
class Adapter {
 public:
  Adapter() : wire_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    REQUIRE(wire_ >= 0);
    REQUIRE(::grantpt(wire_) == 0);
    REQUIRE(::unlockpt(wire_) == 0);
    REQUIRE(::mount(::ptsname(wire_), kDevice, nullptr, MS_BIND, nullptr) == 0);
  }
  ~Adapter() {
    ::close(wire_);
    ::umount2(kDevice, MNT_DETACH);
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  void say(const std::string& text) const {
    REQUIRE(::write(wire_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  // What the other side of the wire has been sent.
  std::string heard() const {
    char buffer[256];
    const ssize_t got = ::read(wire_, buffer, sizeof buffer);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : "";
  }
  termios mode() const {
    termios out{};
    REQUIRE(::tcgetattr(wire_, &out) == 0);
    return out;
  }

 private:
  int wire_;
};

std::string endpoint(const std::string& options = "") {
  return std::string("serial://") + kDevice + options;
}

fs::path lock_file() { return "/var/lock/LCK..tty63"; }

int prepare() {
  if (::geteuid() != 0) {
    std::puts("needs root");
    return 77;
  }
  if (::dlsym(RTLD_DEFAULT, "serial_shim_present") == nullptr) {
    std::puts("run this by ctest, which preloads the shim");
    return 1;
  }
  const std::string locks = fs::weakly_canonical("/var/lock").string();
  fs::create_directories(locks);
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", locks.c_str(), "tmpfs", 0, nullptr) != 0) {
    std::perror("a mount name space of our own");
    return 1;
  }
  return 0;
}

}  // namespace

struct Preparation : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo&) override {
    if (const int unfit = prepare()) std::exit(unfit);
  }
};
CATCH_REGISTER_LISTENER(Preparation)

TEST_CASE("lines_through_a_by_id_link") {
  const Adapter adapter;
  const Folder folder;
  fs::create_symlink(kDevice, folder / "usb-FTDI_FT232R-if00-port0");
  World world;
  world.start("serial://" + (folder / "usb-FTDI_FT232R-if00-port0") + "?baud=115200");
  REQUIRE(world.run_until_up());
  adapter.say("Router>\r\nabc\n");
  REQUIRE(world.run_until_text("Router>\r\nabc\n"));
  adapter.say("\xff\xff#\xff");
  CHECK(world.run_until_text("Router>\r\nabc\n\xff\xff#\xff"));
  CHECK(adapter.heard().empty());  // no echo, no byte of our own
}

TEST_CASE("terminal_is_raw_marked_and_without_flow_control") {
  const Adapter adapter;
  World world;
  world.start(endpoint("?baud=9600"));
  REQUIRE(world.run_until_up());
  const termios mode = adapter.mode();
  CHECK(mode.c_iflag == (PARMRK | INPCK));
  CHECK((mode.c_lflag & (ECHO | ICANON | ISIG)) == 0);
  CHECK((mode.c_oflag & OPOST) == 0);
  CHECK((mode.c_cflag & (CRTSCTS | HUPCL)) == 0);
  CHECK((mode.c_cflag & (CLOCAL | CREAD)) == (CLOCAL | CREAD));
  CHECK(::cfgetispeed(&mode) == B9600);
}

TEST_CASE("flow_control_as_asked") {
  const Adapter adapter;
  World world;
  world.start(endpoint("?flow=hardware&baud=115200"));
  REQUIRE(world.run_until_up());
  CHECK((adapter.mode().c_cflag & CRTSCTS) != 0);
  CHECK(::cfgetispeed(std::make_unique<termios>(adapter.mode()).get()) == B115200);
  world.link->stop();

  World software;
  software.start(endpoint("?flow=software"));
  REQUIRE(software.run_until_up());
  CHECK((adapter.mode().c_iflag & (IXON | IXOFF)) == (IXON | IXOFF));
  CHECK((adapter.mode().c_cflag & CRTSCTS) == 0);
}

TEST_CASE("unplugged_and_back") {
  World world;
  const Folder folder;
  const std::string link = folder / "usb-FTDI_FT232R-if00-port0";
  {
    const Adapter adapter;
    fs::create_symlink(kDevice, link);
    world.start("serial://" + link + "?baud=9600");
    REQUIRE(world.run_until_up());
    adapter.say("before ");
    REQUIRE(world.run_until_text("before "));
    fs::remove(link);  // as udev does
  }
  REQUIRE(world.run_until_down(LinkReason::unplugged));
  REQUIRE(world.run_until_down(LinkReason::missing));
  const Adapter again;
  fs::create_symlink(kDevice, link);
  REQUIRE(world.run_until_up());
  again.say("after");
  CHECK(world.run_until_text("before after"));
  world.link->stop();
}

TEST_CASE("second_reader_is_kept_out") {
  const Adapter adapter;
  World first, second;
  first.start(endpoint());
  REQUIRE(first.run_until_up());
  second.start(endpoint());
  REQUIRE(second.run_until_down(LinkReason::locked));
  CHECK_THAT(second.seen.last().detail, Contains("another program holds the device"));
  first.link->stop();
  REQUIRE(second.run_until_up());
  adapter.say("x");
  CHECK(second.run_until_text("x"));
}

TEST_CASE("uucp_lock_of_a_living_program_is_honoured") {
  const Adapter adapter;
  append(lock_file(), "         1\n");
  World world;
  world.start(endpoint());
  REQUIRE(world.run_until_down(LinkReason::locked));
  CHECK_THAT(world.seen.last().detail, Contains("held by process 1 ("));
  fs::remove(lock_file());
  REQUIRE(world.run_until_up());
  CHECK(fs::exists(lock_file()));  // our own now
  world.link->stop();
  CHECK_FALSE(fs::exists(lock_file()));
}

TEST_CASE("stale_uucp_lock_is_ignored") {
  const Adapter adapter;
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  append(lock_file(), std::to_string(dead) + "\n");
  World world;
  world.start(endpoint());
  CHECK(world.run_until_up());
}

TEST_CASE("driver_counters_are_reported_as_they_grow") {
  const Adapter adapter;
  const Folder folder;
  const std::string counters = folder / "counters";
  append(counters, "100 0 0 7");  // from before our time
  ::setenv("SERIAL_SHIM_COUNTERS", counters.c_str(), 1);
  World world;
  world.settings.line_errors_every = 10ms;
  world.start(endpoint());
  REQUIRE(world.run_until_up());
  adapter.say("noise");
  REQUIRE(world.run_until_text("noise"));
  fs::remove(counters);
  append(counters, "103 0 0 8");
  adapter.say("more");
  CHECK(world.run_until([&] { return world.seen.errors.breaks == 1; }));
  CHECK(world.seen.errors.framing == 3);
  ::unsetenv("SERIAL_SHIM_COUNTERS");
}
