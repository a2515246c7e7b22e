#include "collector/app/receiver_config.h"

#include <catch2/catch.hpp>
#include <string>

#include "collector/app/config.h"

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

std::vector<ReceiverConfig> receivers_in(const std::string& yaml) {
  return parse_config(yaml, "lg.yaml").receivers;
}

// Of one receiver, whose keys begin in line 2 at column 6.
std::string error_in(const std::string& keys) {
  try {
    receivers_in("receivers:\n  - {" + keys + "}\n");
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of_all(const std::string& yaml) {
  try {
    receivers_in(yaml);
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("receivers of all kinds, with every key") {
  const auto all = receivers_in(R"(
alertmanagers: ["http://user:secret@am1:9093/"]
receivers:
  - {alertmanager: "https://am2/prefix", name: second, severity: critical}
  - webhook: "https://hooks.example.net/services/T0KEN?key=secret"
    headers: {Authorization: Bearer x, X-Team: noc}
    timeout: 5s
    severity: [warning, critical]
    kind: [panic, reboot_loop]
    labels: {site: "fra*", console: "core*"}
  - {exec: [sh, -c, "exit 0"], name: pager}
)");
  REQUIRE(all.size() == 4);
  CHECK(all[0].name == "http://am1:9093");
  CHECK(all[0].kind == ReceiverKind::alertmanager);
  CHECK(all[0].url == "http://user:secret@am1:9093/");
  CHECK(all[0].timeout == Micros(10s));
  CHECK(all[1].name == "second");
  CHECK(all[1].filter.severities == std::vector<std::string>{"critical"});
  CHECK(all[2].name == "https://hooks.example.net");  // what it is called is seen by many
  CHECK(all[2].headers.at(1) == std::pair<std::string, std::string>{"X-Team", "noc"});
  CHECK(all[2].timeout == Micros(5s));
  CHECK(all[2].filter.kinds == std::vector<std::string>{"panic", "reboot_loop"});
  CHECK(all[2].filter.labels.at(1).value == "core*");
  CHECK(all[3].name == "pager");
  CHECK(all[3].program == std::vector<std::string>{"sh", "-c", "exit 0"});
  CHECK(all[3].timeout == Micros(30s));
}

TEST_CASE("a receiver is one of three") {
  const std::string one =
      "lg.yaml:2:5: an entry of receivers of the configuration needs exactly "
      "one of alertmanager, webhook and exec";
  CHECK(error_in("name: x") == one);
  CHECK(error_in("webhook: \"http://h\", exec: [sh]") == one);
  CHECK(error_in("webhok: \"http://h\"")
            .starts_with("lg.yaml:2:6: unknown key 'webhok' in a receiver; valid keys are name, "
                         "alertmanager, webhook, exec, headers, timeout, severity, kind, labels"));
  CHECK(error_in("exec: [sh], exec: [sh]").starts_with("lg.yaml:2:18: "));
  CHECK(error_of_all("receivers: {exec: [sh]}\n") ==
        "lg.yaml:1:12: receivers of the configuration must be a list");
}

TEST_CASE("a URL that cannot be posted to is refused at its place") {
  const std::string must = "must be a URL such as http://HOST:PORT or https://HOST/PATH (";
  for (const char* bad : {"am1:9093", "ftp://am1", "http://", "http://am1:99999", "http://a b/",
                          "http://h/\\n", "file:///etc/passwd", "http://[::1"}) {
    CAPTURE(bad);
    const std::string quoted = '"' + std::string(bad) + '"';
    CHECK(error_of_all("alertmanagers: [" + quoted + "]\n")
              .starts_with("lg.yaml:1:17: an entry of alertmanagers of the configuration " + must));
    CHECK(
        error_in("webhook: " + quoted).starts_with("lg.yaml:2:15: webhook of a receiver " + must));
    CHECK(error_in("alertmanager: " + quoted)
              .starts_with("lg.yaml:2:20: alertmanager of a receiver " + must));
  }
  CHECK(error_in("alertmanager: \"http://am1/?x=1\"") ==
        "lg.yaml:2:20: alertmanager of a receiver must end with the host or a path: the API's own "
        "path comes behind it");
  CHECK(error_in("webhook: ''") == "lg.yaml:2:15: webhook of a receiver is empty");
}

TEST_CASE("a program that cannot be run is refused at its place") {
  const std::string list =
      "lg.yaml:2:12: exec of a receiver must be a list of a program and its "
      "arguments, such as [/usr/bin/page, noc]";
  CHECK(error_in("exec: /bin/true") == list);
  CHECK(error_in("exec: []") == list);
  const std::string entry = "lg.yaml:2:13: an entry of exec of a receiver ";
  CHECK(error_in("exec: [/nonexistent/page]") ==
        entry + "cannot be run: No such file or directory; name an executable file (chmod +x)");
  CHECK(error_in("exec: [/etc/passwd]") ==
        entry + "cannot be run: Permission denied; name an executable file (chmod +x)");
  CHECK(error_in("exec: [no-such-program]") ==
        entry + "is no program in PATH; give its whole path");
  CHECK(error_in("exec: [./page]") ==
        entry + "must be a whole path or the name of a program in PATH");
  CHECK(error_in("exec: [sh, \"a\\0b\"]") ==
        "lg.yaml:2:17: an entry of exec of a receiver has a NUL byte; leave it out");
}

TEST_CASE("a filter that can let nothing pass is refused") {
  CHECK(error_in("exec: [sh], severity: fatal") ==
        "lg.yaml:2:28: severity of a receiver is no severity; there are info, warning, critical");
  CHECK(error_in("exec: [sh], severity: [critical, bad]")
            .starts_with("lg.yaml:2:39: an entry of severity of a receiver is no severity; "));
  CHECK(error_in("exec: [sh], kind: [login]") ==
        "lg.yaml:2:25: an entry of kind of a receiver is no kind of incident; there are panic, "
        "crash, hang, oom, process_crash, hardware, watchdog, kernel_warning, storage, "
        "environment, stuck, reboot_loop, unexpected_reboot, silence");
  CHECK(error_in("exec: [sh], kind: []") ==
        "lg.yaml:2:24: kind of a receiver lets nothing pass; leave it out to let all pass");
  CHECK(error_in("exec: [sh], labels: [site]") ==
        "lg.yaml:2:26: labels of a receiver must be a mapping, such as {site: \"fra*\"}");
  CHECK(error_in("exec: [sh], labels: {site: [a]}")
            .starts_with("lg.yaml:2:26: labels of a receiver must map names to texts, such as"));
}

TEST_CASE("headers, times and names are checked") {
  const std::string hook = "webhook: \"http://h\", ";
  CHECK(error_in("exec: [sh], headers: {A: b}") ==
        "lg.yaml:2:27: headers of a receiver are sent to a webhook only");
  for (const char* bad : {"{\"A b\": c}", "{\"A:\": c}", "{A: \"c\\r\\nHost: evil\"}", "{A: ''}"}) {
    CAPTURE(bad);
    CHECK(error_in(hook + "headers: " + bad).find("which no HTTP header can be") !=
          std::string::npos);
  }
  CHECK(error_in(hook + "headers: {content-Type: x}") ==
        "lg.yaml:2:36: headers of a receiver has `content-Type`, which the collector sets itself; "
        "leave it out");
  CHECK(error_in(hook + "timeout: 5") ==
        "lg.yaml:2:36: timeout of a receiver must be a duration such as 20s, 500ms or 2m");
  for (const char* bad : {"0s", "500ms", "11m"}) {
    CAPTURE(bad);
    CHECK(error_in(hook + "timeout: " + bad) ==
          "lg.yaml:2:36: timeout of a receiver must be between 1s and 10m");
  }
  CHECK(error_in(hook + "name: \"a\\nb\"") ==
        "lg.yaml:2:33: name of a receiver must be at most 200 plain characters");
}

TEST_CASE("each receiver has a name of its own") {
  CHECK(error_of_all("alertmanagers: [\"http://am1:9093\", \"http://x@am1:9093/\"]\n") ==
        "lg.yaml:1:36: an entry of alertmanagers of the configuration has the name of the one in "
        "line 1, `http://am1:9093`; name each Alertmanager once");
  CHECK(error_of_all("alertmanagers: [\"http://am1\"]\n"
                     "receivers:\n"
                     "  - {alertmanager: \"http://am1\"}\n") ==
        "lg.yaml:3:5: an entry of receivers of the configuration has the name of the one in line "
        "1, `http://am1`; give each its own `name`");
  CHECK(error_of_all("receivers:\n"
                     "  - {webhook: \"http://h/a\", name: a}\n"
                     "  - {exec: [sh], name: a}\n")
            .starts_with("lg.yaml:3:5: "));
}

}  // namespace
}  // namespace lastgasp
