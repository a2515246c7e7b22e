#include "exporters/metrics/metrics.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

#include "collector/core/log.h"

using namespace lastgasp;

namespace {

const Instant kNow{from_unix_micros(1'795'363'200'000'000), {}};

// The value of a series as written in the exposition; "" when it is not there.
std::string value_of(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
  return "";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string scrape(const Metrics& metrics) { return metrics.scrape(kNow); }

std::shared_ptr<MatchMetrics> match_metrics(std::vector<std::string> rules) {
  return std::make_shared<MatchMetrics>(std::move(rules));
}

}  // namespace

TEST_CASE("a new console has every counter at zero, so that its first crash is an increase") {
  Metrics metrics("1.0", "abc");
  metrics.add_console("r1", "telnet", {});
  const std::string text = scrape(metrics);
  for (std::size_t slot = 0; slot < kIncidentSlots; ++slot) {
    const std::string labels =
        "{console=\"r1\",kind=\"" + std::string(name_of(incident_kind(slot))) + "\"}";
    CHECK(value_of(text, "lastgasp_console_incidents_total" + labels) == "0");
    CHECK(value_of(text, "lastgasp_console_incident_active" + labels) == "0");
    CHECK(value_of(text, "lastgasp_console_last_incident_timestamp_seconds" + labels) == "0");
  }
  for (const std::string name : {"received_bytes", "received_lines", "lost_bytes",
                                 "connect_attempts", "connect_failures", "disconnects", "boots"})
    CHECK(value_of(text, "lastgasp_console_" + name + "_total{console=\"r1\"}") == "0");
  for (const std::string kind : {"framing", "parity", "overrun", "break"})
    CHECK(value_of(text, "lastgasp_console_line_errors_total{console=\"r1\",kind=\"" + kind +
                             "\"}") == "0");
}

TEST_CASE("what a shard counts is what the scrape says") {
  Metrics metrics("1.0", "abc");
  const auto console = metrics.add_console("r1", "serial", {{"site", "ams"}});
  console->state = ConsoleState::up;
  console->received_bytes = 1'234'567'890'123;
  console->breaks = 2;
  console->last_received_us = 1'795'363'199'500'000;
  console->platform = metrics.platform_index("junos");
  console->incidents[incident_slot(Kind::panic)] = 3;
  console->last_incident_us[incident_slot(Kind::silence)] = 1'795'000'000'000'000;
  const std::string text = scrape(metrics);
  CHECK(value_of(text, "lastgasp_console_received_bytes_total{console=\"r1\"}") == "1234567890123");
  CHECK(value_of(text, "lastgasp_console_line_errors_total{console=\"r1\",kind=\"break\"}") == "2");
  CHECK(value_of(text, "lastgasp_console_last_received_timestamp_seconds{console=\"r1\"}") ==
        "1795363199.5");
  CHECK(value_of(text, "lastgasp_console_incidents_total{console=\"r1\",kind=\"panic\"}") == "3");
  CHECK(value_of(text,
                 "lastgasp_console_last_incident_timestamp_seconds{console=\"r1\",kind="
                 "\"silence\"}") == "1795000000");
  CHECK(value_of(text, "lastgasp_console_up{console=\"r1\"}") == "1");
  CHECK(value_of(text, "lastgasp_consoles{state=\"up\"}") == "1");
  CHECK(value_of(text, "lastgasp_consoles{state=\"down\"}") == "0");
  CHECK(value_of(text,
                 "lastgasp_console_info{console=\"r1\",transport=\"serial\",platform=\"junos\","
                 "site=\"ams\"}") == "1");
}

TEST_CASE("a line that is down or garbled is not up, a silent one is") {
  Metrics metrics("1.0", "abc");
  const auto console = metrics.add_console("r1", "serial", {});
  const auto up = [&] { return value_of(scrape(metrics), "lastgasp_console_up{console=\"r1\"}"); };
  console->state = ConsoleState::silent;
  CHECK(up() == "1");
  console->state = ConsoleState::garbled;
  CHECK(up() == "0");
  console->state = ConsoleState::down;
  CHECK(up() == "0");
}

TEST_CASE("boots: when, how long, and over all consoles why") {
  Metrics metrics("1.0", "abc");
  const auto console = metrics.add_console("r1", "serial", {});
  const auto value = [&](const std::string& name) { return value_of(scrape(metrics), name); };
  CHECK(value("lastgasp_console_last_boot_timestamp_seconds{console=\"r1\"}") == "0");
  CHECK(value("lastgasp_boots_total{reason=\"watchdog\"}") == "0");
  console->last_boot_us = 1'500'000;
  console->last_boot_duration_us = 74'250'000;
  metrics.boots()[static_cast<std::size_t>(BootReason::watchdog)] = 2;
  CHECK(value("lastgasp_console_last_boot_timestamp_seconds{console=\"r1\"}") == "1.5");
  CHECK(value("lastgasp_console_last_boot_duration_seconds{console=\"r1\"}") == "74.25");
  CHECK(value("lastgasp_boots_total{reason=\"watchdog\"}") == "2");
  CHECK(value("lastgasp_boots_total{reason=\"operator\"}") == "0");
}

TEST_CASE("secrets masked, over all consoles, from 0 on") {
  Metrics metrics("1.0", "abc");
  CHECK(value_of(scrape(metrics), "lastgasp_console_redactions_total") == "0");
  metrics.redactions() = 3;
  CHECK(value_of(scrape(metrics), "lastgasp_console_redactions_total") == "3");
}

TEST_CASE("basic leaves out zeros by kind but nothing that happened; off leaves out the consoles") {
  Metrics metrics("1.0", "abc");
  metrics.add_console("quiet", "tcp", {});
  metrics.add_console("crashed", "tcp", {})->incidents[incident_slot(Kind::panic)] = 1;
  metrics.set_per_console(PerConsole::basic);
  std::string text = scrape(metrics);
  CHECK(value_of(text, "lastgasp_console_incidents_total{console=\"crashed\",kind=\"panic\"}") ==
        "1");
  CHECK_FALSE(mentions(text, "lastgasp_console_incidents_total{console=\"quiet\""));
  CHECK(value_of(text, "lastgasp_console_boots_total{console=\"quiet\"}") == "0");

  metrics.set_per_console(PerConsole::off);
  text = scrape(metrics);
  CHECK_FALSE(mentions(text, "console=\""));
  CHECK(value_of(text, "lastgasp_consoles{state=\"connecting\"}") == "2");
}

TEST_CASE("a console that leaves the configuration takes its series with it") {
  Metrics metrics("1.0", "abc");
  metrics.add_console("r1", "tcp", {});
  metrics.add_console("r2", "tcp", {});
  metrics.remove_console("r1");
  const std::string text = scrape(metrics);
  CHECK_FALSE(mentions(text, "\"r1\""));
  CHECK(mentions(text, "\"r2\""));
}

TEST_CASE("label values are valid UTF-8 without control characters") {
  Metrics metrics("1.0", "abc");
  metrics.add_console("r\x01\n\"\\\xff\tz", "tcp", {{"site", "a\x1b[2Jb\nc"}});
  const std::string text = scrape(metrics);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    REQUIRE((byte >= 0x20 || c == '\n'));
  }
  CHECK(value_of(text,
                 "lastgasp_console_up{console=\"r\xef\xbf\xbd\xef\xbf\xbd\\\"\\\\\xc3\xbf z\"}") ==
        "0");
}

TEST_CASE("console labels that collide or are no label names are refused") {
  for (const char* name : {"site", "rack_7", "_x", "Role"}) CHECK(label_name_problem(name).empty());
  for (const char* name :
       {"console", "kind", "alertname", "severity", "instance", "job", "platform", "transport",
        "le", "__name__", "7up", "a-b", "", "s\xc3\xadte"})
    CHECK_FALSE(label_name_problem(name).empty());

  Metrics metrics("1.0", "abc");
  metrics.add_console("r1", "tcp", {{"kind", "x"}, {"a-b", "x"}, {"site", "a"}, {"site", "b"}});
  CHECK(value_of(scrape(metrics),
                 "lastgasp_console_info{console=\"r1\",transport=\"tcp\",platform=\"unknown\","
                 "site=\"a\"}") == "1");
}

TEST_CASE("rule matches are summed over the shards and those of rules that stay survive a reload") {
  Metrics metrics("1.0", "abc");
  auto first = match_metrics({"a", "b"});
  auto second = match_metrics({"a", "b"});
  first->rule_matches[0] = 2;
  second->rule_matches[0] = 3;
  first->rule_matches[1] = 7;
  first->scan_nanos = 1'500'000'000;
  second->skipped_overlong_lines = 4;
  first->rule_last_us[0] = 5'000'000;
  second->rule_last_us[0] = 7'000'000;
  metrics.set_match_metrics({first, second});
  CHECK(value_of(scrape(metrics), "lastgasp_rule_matches_total{rule=\"a\"}") == "5");
  second.reset();

  auto next = match_metrics({"c", "a"});
  metrics.set_match_metrics({next});
  first->rule_matches[0] += 10;  // this shard has yet to swap
  next->rule_matches[1] = 100;
  std::string text = scrape(metrics);
  CHECK(value_of(text, "lastgasp_rule_matches_total{rule=\"a\"}") == "115");
  CHECK(value_of(text, "lastgasp_rule_matches_total{rule=\"c\"}") == "0");
  CHECK_FALSE(mentions(text, "rule=\"b\""));
  const MatchTotals totals = metrics.match_totals();
  CHECK(totals.rules.size() == 2);
  CHECK(totals.rules.at("a").matches == 115);
  CHECK(totals.rules.at("a").last == from_unix_micros(7'000'000));
  CHECK(totals.rules.at("c").last == WallTime{});
  CHECK(value_of(text, "lastgasp_rule_scan_seconds_total") == "1.5");
  CHECK(value_of(text, "lastgasp_rule_skipped_lines_total{reason=\"overlong\"}") == "4");

  first.reset();
  metrics.set_match_metrics({match_metrics({"a"})});
  next.reset();
  text = scrape(metrics);
  CHECK(value_of(text, "lastgasp_rule_matches_total{rule=\"a\"}") == "115");
  CHECK(value_of(text, "lastgasp_rule_scan_seconds_total") == "1.5");
}

TEST_CASE("storage: ages, sizes and the histogram of commits") {
  StorageStats stats;
  stats.commits = 3;
  stats.oldest_unsynced_us = unix_micros(kNow.wall) - 250'000;
  stats.hot_bytes = 10;
  stats.days_bytes = 20;
  stats.commit_durations[0] = 2;
  stats.commit_durations[8] = 1;
  stats.commit_duration_sum_us = 6'002'000;
  Metrics metrics("1.0", "abc");
  CHECK_FALSE(mentions(scrape(metrics), "lastgasp_storage_"));
  metrics.set_storage(&stats);
  std::string text = scrape(metrics);
  CHECK(value_of(text, "lastgasp_storage_commits_total") == "3");
  CHECK(value_of(text, "lastgasp_storage_unsynced_age_seconds") == "0.25");
  CHECK(value_of(text, "lastgasp_storage_database_bytes{file=\"hot\"}") == "10");
  CHECK(value_of(text, "lastgasp_storage_database_bytes{file=\"days\"}") == "20");
  CHECK(value_of(text, "lastgasp_storage_commit_duration_seconds_bucket{le=\"0.001\"}") == "2");
  CHECK(value_of(text, "lastgasp_storage_commit_duration_seconds_bucket{le=\"5\"}") == "2");
  CHECK(value_of(text, "lastgasp_storage_commit_duration_seconds_bucket{le=\"+Inf\"}") == "3");
  CHECK(value_of(text, "lastgasp_storage_commit_duration_seconds_sum").starts_with("6.00"));
  stats.oldest_unsynced_us = unix_micros(kNow.wall) + 5'000'000;  // the wall clock went back
  CHECK(value_of(scrape(metrics), "lastgasp_storage_unsynced_age_seconds") == "0");
  metrics.set_storage(nullptr);
}

TEST_CASE("HTTP codes are kept as they are, rare ones by class") {
  Metrics metrics("1.0", "abc");
  HttpMetrics& http = metrics.http("metrics");
  CHECK(&metrics.http("metrics") == &http);
  CHECK(value_of(scrape(metrics),
                 "lastgasp_http_requests_total{handler=\"metrics\",code=\"200\"}") == "0");
  http.served(200, Micros(900));
  http.served(404, Micros(1'000));
  http.served(503, Micros(70'000'000));
  http.served(418, Micros(20'000));
  http.served(0, Micros(-5));
  const std::string text = scrape(metrics);
  const auto count = [&](const std::string& code) {
    return value_of(text,
                    "lastgasp_http_requests_total{handler=\"metrics\",code=\"" + code + "\"}");
  };
  CHECK(count("200") == "1");
  CHECK(count("404") == "1");
  CHECK(count("503") == "1");
  CHECK(count("4xx") == "1");
  CHECK(count("1xx") == "1");
  CHECK(count("500").empty());
  const std::string bucket =
      "lastgasp_http_request_duration_seconds_bucket{handler=\"metrics\",le=";
  CHECK(value_of(text, bucket + "\"0.001\"}") == "3");
  CHECK(value_of(text, bucket + "\"0.05\"}") == "4");
  CHECK(value_of(text, bucket + "\"+Inf\"}") == "5");
}

TEST_CASE("alert receivers, reload, rules and build") {
  auto receiver = std::make_shared<ReceiverMetrics>();
  receiver->receiver = "http://am1:9093";
  receiver->queue_capacity = 100;
  receiver->queue_length = 4;
  receiver->dropped = 2;
  Metrics metrics("1.0", "abc");
  metrics.set_receivers({receiver, receiver});
  metrics.set_rules(300, 2);
  metrics.set_reload(true, from_unix_micros(5'000'000));
  metrics.set_reload(false, from_unix_micros(9'000'000));
  metrics.alerts_active() = 7;
  const std::string text = scrape(metrics);
  const std::string label = "{receiver=\"http://am1:9093\"}";
  CHECK(value_of(text, "lastgasp_alert_queue_length" + label) == "4");
  CHECK(value_of(text, "lastgasp_alert_queue_capacity" + label) == "100");
  CHECK(value_of(text, "lastgasp_alert_notifications_dropped_total" + label) == "2");
  CHECK(value_of(text, "lastgasp_alert_notifications_total" + label) == "0");
  CHECK(value_of(text, "lastgasp_config_last_reload_successful") == "0");
  CHECK(value_of(text, "lastgasp_config_last_reload_success_timestamp_seconds") == "5");
  CHECK(value_of(text, "lastgasp_rules_loaded") == "300");
  CHECK(value_of(text, "lastgasp_rules_quarantined") == "2");
  CHECK(value_of(text, "lastgasp_alerts_active") == "7");
  CHECK(value_of(text, "lastgasp_build_info{version=\"1.0\",revision=\"abc\"}") == "1");
}

TEST_CASE("process metrics are those of this process") {
  const std::string text = scrape(Metrics("1.0", "abc"));
  CHECK(std::stod(value_of(text, "process_resident_memory_bytes")) > 1e6);
  CHECK(std::stod(value_of(text, "process_virtual_memory_bytes")) >
        std::stod(value_of(text, "process_resident_memory_bytes")));
  CHECK(std::stod(value_of(text, "process_open_fds")) >= 3);
  CHECK(std::stod(value_of(text, "process_max_fds")) >= 3);
  const double start = std::stod(value_of(text, "process_start_time_seconds"));
  const double now = static_cast<double>(unix_micros(SystemClock().now().wall)) / 1e6;
  CHECK(start <= now + 1);
  CHECK(start > now - 3600);
  CHECK(mentions(text, "process_cpu_seconds_total "));
}

TEST_CASE("the log is counted by level") {
  Metrics metrics("1.0", "abc");
  const auto warnings = [&] {
    return std::stod(value_of(scrape(metrics), "lastgasp_log_messages_total{level=\"warning\"}"));
  };
  const double before = warnings();
  log_warning("a test");
  CHECK(warnings() == before + 1);
}

TEST_CASE("scrapes and changes of the configuration may happen at once") {
  Metrics metrics("1.0", "abc");
  std::atomic<bool> stop{false};
  std::thread scraper([&] {
    while (!stop) metrics.scrape(kNow);
  });
  StorageStats stats;
  for (int i = 0; i < 200; ++i) {
    const auto console = metrics.add_console("r" + std::to_string(i % 7), "tcp", {});
    console->platform = metrics.platform_index("p" + std::to_string(i));
    metrics.set_storage(i % 2 ? &stats : nullptr);
    metrics.set_match_metrics({match_metrics({"a"})});
    metrics.http("h" + std::to_string(i % 5)).served(200, Micros(1));
    metrics.remove_console("r" + std::to_string((i + 3) % 7));
  }
  stop = true;
  scraper.join();
  metrics.set_storage(nullptr);
  CHECK(metrics.platform_name(1) == "p0");
}
