#include "collector/app/config.h"

#include <catch2/catch.hpp>
#include <string>

namespace lastgasp {
namespace {

using namespace std::chrono_literals;

Config parsed(const std::string& yaml) { return parse_config(yaml, "lg.yaml"); }

std::string error_of(const std::string& yaml) {
  try {
    parsed(yaml);
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("a console server of 48 ports takes three lines") {
  const Config config = parsed(
      "consoles:\n"
      "  - name: \"ts1-{port}\"\n"
      "    endpoint: \"telnet://ts1:{port}\"\n"
      "    ports: 2001-2048\n");
  REQUIRE(config.consoles.size() == 48);
  CHECK(config.consoles[0].name == "ts1-2001");
  CHECK(config.consoles[47].endpoint == "telnet://ts1:2048");
}

TEST_CASE("every key is read") {
  const Config config = parsed(R"(
storage: {path: /srv/lg, keep: 90d, keep_bytes: 200G, queue_bytes: 8M}
web: {listen: "[::1]:11520", external_url: "http://lg.example/", allow_unprotected: true}
alertmanagers: ["http://am1:9093", "http://am2:9093/"]
rules: {folder: /etc/rules.d, disable: [linux.warning]}
redaction: {folder: /etc/redaction.d, disable: [generic.jwt]}
metrics: {per_console: basic}
incidents: {loop_boots: 4, loop_window: 1h, stuck_after: 2m, resolve_after: 5m,
            down_after: 90s, sites: [rack, pop]}
defaults: {silence: 1h, labels: {pop: ams1}}
consoles:
  - {name: r1, endpoint: "serial:///dev/ttyUSB0?baud=115200", platform: junos, silence: 10m, redact: false}
  - endpoint: tcp://10.0.0.1:4001
)");
  CHECK(config.storage == "/srv/lg");
  CHECK(config.limits.keep == Micros(90 * 24h));
  CHECK(config.limits.keep_bytes == std::uint64_t{200} << 30);
  CHECK(config.limits.queue_bytes == std::size_t{8} << 20);
  CHECK(config.listen == "[::1]:11520");
  CHECK(config.external_url == "http://lg.example");
  CHECK(config.allow_unprotected);
  CHECK(config.receivers.at(1).name == "http://am2:9093");
  CHECK(config.rule_folder == "/etc/rules.d");
  CHECK(config.disabled_rules.at(0) == "linux.warning");
  CHECK(config.redaction_folder == "/etc/redaction.d");
  CHECK(config.disabled_redactions.at(0) == "generic.jwt");
  CHECK_FALSE(config.consoles[0].redact);
  CHECK(config.consoles[1].redact);
  CHECK(config.per_console == PerConsole::basic);
  CHECK(config.incidents.loop_boots == 4);
  CHECK(config.incidents.stuck_after == Micros(2min));
  CHECK(config.outages.down_after == Micros(90s));
  CHECK(config.outages.sites == std::vector<std::string>{"rack", "pop"});
  CHECK(config.consoles[0].platform == "junos");
  CHECK(config.consoles[0].silence == Micros(10min));
  CHECK(config.consoles[1].silence == Micros(1h));
  CHECK(config.consoles[1].labels.at(0).second == "ams1");
  CHECK(config.consoles[1].name == "10.0.0.1:4001");
}

TEST_CASE("a mistake is named with its place and the way out") {
  CHECK(error_of("web:\n  listn: x\n") ==
        "lg.yaml:2:3: unknown key 'listn' in web; valid keys are listen, external_url, "
        "config_file, admins, allow_unprotected");
  CHECK(error_of("storage: {keep: 90}\n") ==
        "lg.yaml:1:17: keep of storage must be a duration such as 20s, 500ms or 2m");
  CHECK(error_of("storage: {keep_bytes: lots}\n") ==
        "lg.yaml:1:23: keep_bytes of storage must be a size, such as 512M or 200G");
  CHECK(error_of("consoles:\n  - name: a\n") == "lg.yaml:2:5: a console has no endpoint");
  CHECK(error_of("consoles:\n  - {name: a, endpoint: \"tcp://h:1\", ports: 5-3}\n") ==
        "lg.yaml:2:45: ports of a console needs {port} in both `name` and `endpoint`");
  CHECK(
      error_of("consoles:\n  - {name: \"a{port}\", endpoint: \"tcp://h:{port}\", ports: 5-3}\n") ==
      "lg.yaml:2:58: ports of a console must be a range of ports such as 2001-2048");
  CHECK(error_of("consoles:\n  - {name: a, endpoint: \"tcp://h:1\", labels: {job: x}}\n") ==
        "lg.yaml:2:46: labels of a console has the name `job`: the label is already used by "
        "lastgasp or Prometheus itself");
  CHECK(error_of("incidents:\n  sites: site\n") ==
        "lg.yaml:2:10: sites of incidents must be a list");
  CHECK(
      error_of("incidents:\n  sites: [site, instance]\n") ==
      "lg.yaml:2:17: an entry of sites of incidents is no label of a console: the label is already "
      "used by lastgasp or Prometheus itself");
  CHECK(error_of("consoles: [\n").starts_with("lg.yaml:"));
}

TEST_CASE("a bad endpoint is reported at its place") {
  const std::string error = error_of("consoles:\n  - {name: a, endpoint: \"tcpp://h:1\"}\n");
  CHECK(error.starts_with("lg.yaml:2:25: endpoint of a console is wrong: "));
  CHECK(error.find("tcpp") != std::string::npos);
}

TEST_CASE("two consoles may share neither a name nor a device") {
  CHECK(error_of("consoles:\n"
                 "  - {name: a, endpoint: \"tcp://h:1\"}\n"
                 "  - {name: a, endpoint: \"tcp://h:2\"}\n") ==
        "lg.yaml:3: the name `a` is used twice (first in line 2); give each console its own");
  CHECK(error_of("consoles:\n"
                 "  - {name: a, endpoint: \"tcp://h:1\"}\n"
                 "  - {name: b, endpoint: \"telnet://H:1\"}\n") ==
        "lg.yaml:3: `b` and `a` (line 2) both read telnet://H:1: each would lose what the other "
        "gets; remove one");
}

}  // namespace
}  // namespace lastgasp
