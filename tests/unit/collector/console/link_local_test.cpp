// Links to what this machine runs: commands, local sockets, followed files.
#include <signal.h>
#include <sys/stat.h>

#include <asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "link_world.h"

using namespace lastgasp;
using namespace lastgasp::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

TEST_CASE("exec_exits") {
  World world;
  world.start("exec:printf 'panic: \\377\\n'; exit 3");
  REQUIRE(world.run_until_down(LinkReason::exited));
  CHECK(world.seen.last().detail == "the command exited with status 3");
  CHECK(world.seen.text == "panic: \xff\n");  // no CR added, no byte translated
  REQUIRE(world.run_until([&] { return world.seen.attempts == 2; }));
}

TEST_CASE("exec_runs_on_a_terminal_of_its_own") {
  World world;
  world.start("exec:tty >/dev/tty && echo $TERM && ls /proc/self/fd | tr '\\n' ' '; sleep 60");
  REQUIRE(world.run_until([&] { return world.seen.text.find("0 1 2 3 ") != std::string::npos; }));
  CHECK_THAT(world.seen.text, Catch::Matchers::StartsWith("/dev/pts/"));
  CHECK_THAT(world.seen.text, Contains("\ndumb\n0 1 2 3 "));  // 3 is ls looking
  CHECK(world.seen.text.find(" 4 ") == std::string::npos);
}

TEST_CASE("exec_killed_by_signal") {
  World world;
  world.start("exec:kill -SEGV $$");
  REQUIRE(world.run_until_down(LinkReason::exited));
  CHECK_THAT(world.seen.last().detail, Contains("killed by signal 11"));
}

TEST_CASE("exec_asks_for_a_password") {
  World world;
  world.start("exec:printf \"admin@ts1's password: \" >/dev/tty; sleep 60");
  REQUIRE(world.run_until([&] { return world.seen.last().reason == LinkReason::server_login; }));
}

TEST_CASE("exec_stopped_takes_its_whole_session_along") {
  World world;
  // Deaf to the hang-up: it must be killed.
  world.start("exec:trap '' HUP; sleep 1000 & echo $$ $!; wait");
  REQUIRE(world.run_until([&] { return world.seen.text.find('\n') != std::string::npos; }));
  const int shell = std::stoi(world.seen.text);
  const int background = std::stoi(world.seen.text.substr(world.seen.text.find(' ')));
  REQUIRE(::kill(shell, 0) == 0);
  world.link->stop();
  // A zombie that nobody waits for any more still answers kill(pid, 0): in a container without an
  // init the background process stays one.
  const auto ended = [](int pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    stat >> id >> name >> state;
    return !stat || state == "Z";
  };
  CHECK(world.run_until([&] { return ::kill(shell, 0) != 0 && ended(background); }));
}

TEST_CASE("unix_socket_missing_then_up_then_closed") {
  World world;
  const Folder folder;
  const std::string path = folder / "console.sock";
  world.start("unix:" + path);
  REQUIRE(world.run_until_down(LinkReason::missing));
  using local = asio::local::stream_protocol;
  std::optional<local::acceptor> acceptor(std::in_place, world.io, local::endpoint(path));
  REQUIRE(world.run_until_up());
  {
    local::socket peer = acceptor->accept();
    asio::write(peer, asio::buffer(std::string("U-Boot 2022.01\n")));
    REQUIRE(world.run_until_text("U-Boot 2022.01\n"));
  }
  REQUIRE(world.run_until_down(LinkReason::closed));
  acceptor.reset();
  CHECK(world.run_until_down(LinkReason::refused));
}

TEST_CASE("file_followed_from_its_end") {
  World world;
  const Folder folder;
  const std::string path = folder / "r1.log";
  append(path, "history\n");
  world.start("file:" + path);
  REQUIRE(world.run_until_up());
  append(path, "news ");
  REQUIRE(world.run_until_text("news "));
  append(path, std::string(200'000, 'x'));
  REQUIRE(world.run_until_text("news " + std::string(200'000, 'x')));
}

TEST_CASE("file_missing_then_read_from_its_beginning") {
  World world;
  const Folder folder;
  const std::string path = folder / "r1.log";
  world.start("file:" + path);
  REQUIRE(world.run_until_down(LinkReason::missing));
  append(path, "first line\n");
  CHECK(world.run_until_text("first line\n"));
}

TEST_CASE("file_rotated_while_followed") {
  World world;
  const Folder folder;
  const std::string path = folder / "r1.log";
  append(path, "");
  world.start("file:" + path);
  REQUIRE(world.run_until_up());
  append(path, "one ");
  REQUIRE(world.run_until_text("one "));
  // As logrotate does it: the writer goes on in the old file until it is told.
  fs::rename(path, path + ".1");
  append(path, "three ");
  append(path + ".1", "two ");
  CHECK(world.run_until_text("one two three "));
  CHECK(world.seen.count(LinkState::down) == 0);
}

TEST_CASE("file_truncated") {
  World world;
  const Folder folder;
  const std::string path = folder / "r1.log";
  append(path, "a long history\n");
  world.start("file:" + path);
  REQUIRE(world.run_until_up());
  fs::resize_file(path, 0);
  append(path, "new\n");
  CHECK(world.run_until_text("new\n"));
}

TEST_CASE("file_removed_is_missing_until_it_returns") {
  World world;
  const Folder folder;
  const std::string path = folder / "r1.log";
  append(path, "old");
  world.start("file:" + path);
  REQUIRE(world.run_until_up());
  fs::remove(path);
  REQUIRE(world.run_until_down(LinkReason::missing));
  append(path, "back");
  CHECK(world.run_until_text("back"));
}

TEST_CASE("file_that_is_a_folder_or_fifo_is_refused") {
  World world;
  const Folder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  world.start("file:" + (folder / "fifo"));
  REQUIRE(world.run_until_down(LinkReason::failed));
  CHECK_THAT(world.seen.last().detail, Contains("is not a regular file"));
}

TEST_CASE("serial_device_missing") {
  World world;
  const Folder folder;
  world.start("serial://" + (folder / "by-id/usb-FTDI-if00"));
  REQUIRE(world.run_until_down(LinkReason::missing));
  CHECK_THAT(world.seen.last().detail, Contains("by-id/usb-FTDI-if00"));
}

TEST_CASE("serial_endpoint_on_something_else_fails_clearly") {
  World world;
  const Folder folder;
  append(folder / "not_a_port", "");
  world.start("serial://" + (folder / "not_a_port"));
  REQUIRE(world.run_until_down(LinkReason::failed));
  CHECK_THAT(world.seen.last().detail, Contains("is not a serial port"));
}
