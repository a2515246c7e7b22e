// What the tracker costs beside matching: ns per boring line, and per line of a flood of one error.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "rules/incident/fingerprint.h"
#include "rules/incident/tracker.h"

namespace lastgasp {
namespace {

class NoSink final : public TrackerSink {
 public:
  void on_incident(Incident& incident) override { incident.id = 1; }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}
};

class Stream {
 public:
  Line next(std::string_view text) {
    now_ = now_ + std::chrono::microseconds(100);
    Line line{.text = text, .at = now_, .number = ++number_, .begin = offset_};
    line.end = offset_ += text.size() + 1;
    return line;
  }

 private:
  Instant now_{WallTime{}, MonoTime{std::chrono::hours(1)}};
  std::uint64_t number_ = 0, offset_ = 0;
};

void boring_line(benchmark::State& state) {
  NoSink sink;
  Stream stream;
  Tracker tracker("r1", "linux", TrackerSettings{});
  const std::string text =
      "Nov 22 17:00:00.000 r1 bgpd[812]: neighbor 192.0.2.17 keepalive sent, ok";
  for (auto _ : state) {
    tracker.line(stream.next(text), {}, sink);
  }
}
BENCHMARK(boring_line);

void flood_of_one_error(benchmark::State& state) {
  NoSink sink;
  Stream stream;
  Tracker tracker("r1", "linux", TrackerSettings{});
  Rule rule;
  rule.id = "linux.io";
  rule.kind = Kind::storage;
  rule.title = "I/O error on {what}";
  const std::string text = "[ 1.000000] I/O error, dev sda, sector 81920";
  const Capture capture{"what", std::string_view(text).substr(27, 3)};
  const RuleHit hit{0, &rule, {&capture, 1}};
  for (auto _ : state) {
    tracker.line(stream.next(text), {&hit, 1}, sink);
  }
}
BENCHMARK(flood_of_one_error);

void name_a_crash(benchmark::State& state) {
  const std::vector<std::string> functions{"fib_table_insert"};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        fingerprint("linux", Kind::crash, "Fatal trap 12 at 0xffff888005724d10", functions));
  }
}
BENCHMARK(name_a_crash);

}  // namespace
}  // namespace lastgasp
