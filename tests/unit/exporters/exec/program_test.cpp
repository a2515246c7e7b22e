#include "exporters/exec/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace lastgasp;
using namespace std::chrono_literals;

namespace {

struct Shell {
  Shell() {
    std::string pattern = std::filesystem::temp_directory_path() / "lastgasp-exec-XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~Shell() { std::filesystem::remove_all(folder); }

  ProgramRun run(const std::string& script, Micros timeout = 20s, const std::string& input = "{}") {
    return run_program({"/bin/sh", "-c", script}, {"LASTGASP_INCIDENT=7", "OUT=" + folder.string()},
                       input, timeout, stop);
  }
  std::string file(const std::string& name) {
    std::ifstream in(folder / name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  std::filesystem::path folder;
  std::atomic<bool> stop{false};
};

std::size_t open_files() {
  return static_cast<std::size_t>(std::distance(
      std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

bool has_child() { return ::waitpid(-1, nullptr, WNOHANG) >= 0; }

}  // namespace

TEST_CASE_METHOD(Shell, "a program gets its input and its environment, and nothing else of ours") {
  const std::string input(3'000'000, 'x');
  const ProgramRun done = run(
      "wc -c > $OUT/bytes; echo $LASTGASP_INCIDENT > $OUT/incident; ls /proc/self/fd > $OUT/fds",
      20s, input);
  CHECK(done.ok);
  CHECK(done.trouble.empty());
  CHECK(file("bytes") == "3000000\n");
  CHECK(file("incident") == "7\n");
  CHECK(file("fds") == "0\n1\n2\n3\n");  // 3 is the folder that ls reads
  CHECK_FALSE(has_child());
}

TEST_CASE_METHOD(Shell, "it stands in / and has our environment without what is meant for us") {
  ::setenv("NOTIFY_SOCKET", "/run/x", 1);
  ::setenv("LASTGASP_DATA", "/data", 1);
  ::setenv("TZ", "UTC", 1);
  CHECK(run("pwd > $OUT/cwd; echo $NOTIFY_SOCKET$LASTGASP_DATA$TZ > $OUT/environment").ok);
  for (const char* name : {"NOTIFY_SOCKET", "LASTGASP_DATA", "TZ"}) ::unsetenv(name);
  CHECK(file("cwd") == "/\n");
  CHECK(file("environment") == "UTC\n");
}

TEST_CASE_METHOD(Shell, "however they end, no file stays open and no child unwaited for") {
  const std::size_t before = open_files();
  for (int i = 0; i < 20; ++i) {
    run("exit 0");
    run("exit 1");
    run("sleep 1000", 10ms);
    run_program({"/nonexistent/page"}, {}, "{}", 5s, stop);
  }
  CHECK(open_files() == before);
  CHECK_FALSE(has_child());
}

TEST_CASE_METHOD(Shell, "one that reads nothing, or closes everything, is as good") {
  CHECK(run("exit 0", 20s, std::string(3'000'000, 'x')).ok);
  CHECK(run("exec 0<&- 1>&- 2>&-; true").ok);
}

TEST_CASE_METHOD(Shell, "a failure says how it ended and what it said") {
  const ProgramRun failed = run("printf 'no\nroute\n' >&2; exit 3");
  CHECK_FALSE(failed.ok);
  CHECK(failed.trouble == "exited with status 3: no route");
  CHECK(run("kill -9 $$").trouble.starts_with("was ended by a signal: Killed"));
  const ProgramRun none = run_program({"/nonexistent/page"}, {}, "", 5s, stop);
  CHECK_FALSE(none.ok);
  CHECK(none.trouble.find("/nonexistent/page") != std::string::npos);
  CHECK_FALSE(has_child());
}

TEST_CASE_METHOD(Shell, "one that floods both its outputs is read to its end and little is kept") {
  const ProgramRun flood =
      run("head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2; exit 1");
  CHECK(flood.trouble.starts_with("exited with status 1"));
  CHECK(flood.trouble.size() < 600);
}

TEST_CASE_METHOD(Shell, "one that hangs is killed with all it started") {
  const ProgramRun hung = run("sleep 1000 & echo $! > $OUT/child; wait", 300ms);
  CHECK_FALSE(hung.ok);
  CHECK(hung.trouble.starts_with("did not end within"));
  const auto child = static_cast<pid_t>(std::stol(file("child")));
  for (int i = 0; i < 500 && ::kill(child, 0) == 0; ++i) {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    std::getline(status, text);
    if (text.find(") Z ") != std::string::npos) break;  // whoever adopted it will reap it
    ::usleep(10'000);
  }
  std::ifstream status("/proc/" + std::to_string(child) + "/stat");
  std::string text;
  std::getline(status, text);
  CHECK((text.empty() || text.find(") Z ") != std::string::npos));
  CHECK_FALSE(has_child());
}

TEST_CASE_METHOD(Shell, "what it leaves in the background holds nobody up") {
  const SystemClock clock;
  const MonoTime begun = clock.now().mono;
  CHECK(run("sleep 1000 & exit 0").ok);
  CHECK(clock.now().mono - begun < 10s);
}

TEST_CASE_METHOD(Shell, "it is broken off when the collector ends") {
  stop = true;
  CHECK(run("sleep 1000", 100s).trouble == "was broken off");
}
