// A scrape of many consoles: what Prometheus costs the collector every 15 seconds.
#include <benchmark/benchmark.h>

#include "exporters/metrics/metrics.h"

namespace lastgasp {
namespace {

void fill(Metrics& metrics, std::int64_t consoles) {
  for (std::int64_t i = 0; i < consoles; ++i) {
    const auto console =
        metrics.add_console("router-" + std::to_string(i) + ".pop1", "telnet", {{"site", "pop1"}});
    console->received_bytes = 123'456'789 + static_cast<std::uint64_t>(i);
    console->received_lines = 1'234'567;
    console->connect_attempts = 3;
    console->last_received_us = 1'795'000'000'123'456;
    console->state = ConsoleState::up;
  }
}

void scrape(benchmark::State& state, PerConsole detail) {
  Metrics metrics("0.1.0", "bench");
  metrics.set_per_console(detail);
  fill(metrics, state.range(0));
  std::size_t bytes = 0;
  for (auto _ : state) bytes = metrics.scrape({}).size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK_CAPTURE(scrape, full, PerConsole::full)
    ->Arg(100)
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scrape, basic, PerConsole::basic)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scrape, off, PerConsole::off)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lastgasp
