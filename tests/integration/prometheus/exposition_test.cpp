// What lastgasp exposes, the alert rules and their runbook fit together; promtool is the judge.
#include <stdlib.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <set>

#include "exporters/metrics/metrics.h"

using namespace lastgasp;

namespace {

std::string file_text(const std::string& name) {
  std::ifstream file(std::string(RULES_FOLDER) + "/" + name);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string rules_text() {
  return file_text("lastgasp.rules.yml") + file_text("lastgasp-fallback.rules.yml");
}

// The words that follow `before`, wherever it stands in `text`.
std::set<std::string> words_after(const std::string& text, const std::string& before) {
  std::set<std::string> words;
  for (auto at = text.find(before); at != text.npos; at = text.find(before, at)) {
    at += before.size();
    auto end = at;
    while (end < text.size() &&
           (isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    words.insert(text.substr(at, end - at));
  }
  return words;
}

// A scrape with something of everything.
std::string full_scrape(PerConsole detail) {
  Metrics metrics("1.0", "abc");
  metrics.set_per_console(detail);
  const auto console = metrics.add_console("r1 \"\\\n\xff\x01", "serial", {{"site", "a\x1b[2Jb"}});
  console->platform = metrics.platform_index("ios-xr");
  console->received_bytes = 12'345;
  console->overrun_errors = 1;
  console->incidents[kSilenceSlot] = 1;
  metrics.add_console("r2", "telnet", {});
  auto shard = std::make_shared<MatchMetrics>(std::vector<std::string>{"linux.kernel_panic"});
  metrics.set_match_metrics({shard});
  auto receiver = std::make_shared<ReceiverMetrics>();
  receiver->receiver = "http://am1:9093";
  metrics.set_receivers({receiver});
  metrics.http("metrics").served(200, Micros(1500));
  metrics.http("metrics").served(418, Micros(1500));
  StorageStats stats;
  stats.commit_durations[2] = 5;
  metrics.set_storage(&stats);
  const std::string text = metrics.scrape(SystemClock().now());
  metrics.set_storage(nullptr);
  return text;
}

}  // namespace

TEST_CASE("promtool finds nothing to say about a scrape") {
  const PerConsole detail = GENERATE(PerConsole::full, PerConsole::basic, PerConsole::off);
  const std::string text = full_scrape(detail);
  std::string name = "/tmp/lastgasp-scrape-XXXXXX";
  const int file = mkstemp(name.data());
  REQUIRE(file >= 0);
  FILE* out = fdopen(file, "w");
  REQUIRE(fwrite(text.data(), 1, text.size(), out) == text.size());
  fclose(out);
  FILE* promtool = popen(("promtool check metrics < " + name + " 2>&1").c_str(), "r");
  std::string said;
  for (int c; (c = fgetc(promtool)) != EOF;) said += static_cast<char>(c);
  const int status = pclose(promtool);
  remove(name.c_str());
  INFO(said);
  CHECK(said.empty());
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("every metric that the alert rules name is exposed") {
  const std::string text = full_scrape(PerConsole::full);
  const auto names = words_after(rules_text(), "lastgasp_");
  CHECK(names.size() >= 15);
  for (const std::string& name : names) {
    INFO(name);
    CHECK(text.find("# TYPE lastgasp_" + name + " ") != std::string::npos);
  }
}

TEST_CASE("every alert has a runbook section, and its link leads there") {
  const std::string runbook = file_text("README.md");
  const std::string rules = rules_text();
  const auto alerts = words_after(rules, "- alert: ");
  CHECK(alerts.size() == 16);
  for (std::string alert : alerts) {
    INFO(alert);
    CHECK(runbook.find("### " + alert + "\n") != std::string::npos);
    for (char& c : alert) c = static_cast<char>(tolower(c));
    CHECK(rules.find("dashboards/prometheus/README.md#" + alert + "\n") != std::string::npos);
  }
}
