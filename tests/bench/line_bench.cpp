// What it costs to make lines of bytes. The ratio is to finding the line ends alone (memchr).
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "collector/line/line_assembler.h"

namespace lastgasp {
namespace {

constexpr int kLines = 1000;

// `noise` is put into the middle of every 80-byte line.
std::string console_text(std::string_view noise) {
  std::string text;
  for (int i = 0; i < kLines; ++i) {
    std::string line = "*Mar  1 00:03:06.349: %LINK-3-UPDOWN: Interface Gi0/" + std::to_string(i);
    line.resize(78, '.');
    line.insert(40, noise);
    text += line + "\r\n";
  }
  return text;
}

struct Counter final : LineSink {
  void on_line(const Line& line) override { bytes += line.text.size(); }
  std::size_t bytes = 0;
};

void assemble(benchmark::State& state, std::string_view noise) {
  const std::string text = console_text(noise);
  LineAssembler assembler;
  Counter counter;
  for (auto _ : state) assembler.feed(text, Instant{}, counter);
  benchmark::DoNotOptimize(counter.bytes);
  state.SetItemsProcessed(state.iterations() * kLines);
}

void plain_lines(benchmark::State& state) { assemble(state, ""); }
void coloured_lines(benchmark::State& state) { assemble(state, "\x1b[1;31m!\x1b[0m"); }
void progress_lines(benchmark::State& state) { assemble(state, "10%\r20%\r"); }

void memchr_lines(benchmark::State& state) {
  const std::string text = console_text("");
  for (auto _ : state) {
    std::size_t bytes = 0;
    const char* at = text.data();
    const char* end = at + text.size();
    while (const void* next = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
      bytes += static_cast<std::size_t>(static_cast<const char*>(next) - at);
      at = static_cast<const char*>(next) + 1;
    }
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations() * kLines);
}

BENCHMARK(memchr_lines);
BENCHMARK(plain_lines);
BENCHMARK(coloured_lines);
BENCHMARK(progress_lines);

}  // namespace
}  // namespace lastgasp
