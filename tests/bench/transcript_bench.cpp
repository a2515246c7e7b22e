// The transcript store: what a line costs on its way to the disk, into a day file, and to be found.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>
#include <vector>

#include "collector/transcript/reader.h"
#include "collector/transcript/retention.h"
#include "collector/transcript/writer.h"
#include "process_cpu.h"
#include "scratch_folder.h"

namespace {

using namespace lastgasp;
using namespace lastgasp::bench;

constexpr int kConsoles = 100;
constexpr int kLinesARead = 4;

// Lines of about 80 bytes as routers print them: much the same, never the same.
class Traffic {
 public:
  std::string read(WallTime at) {
    std::string bytes;
    for (int i = 0; i < kLinesARead; ++i) {
      next_ = next_ * 6364136223846793005u + 1442695040888963407u;
      const auto n = static_cast<unsigned>(next_ >> 33);
      bytes += format_utc(at) + " %LINK-3-UPDOWN: Interface TenGigE0/" + std::to_string(n % 16) +
               "/0/" + std::to_string(n / 16 % 48) + ", changed state to " +
               (n & 1024 ? "up" : "down") + " [" + std::to_string(n) + "]\r\n";
    }
    return bytes;
  }

 private:
  std::uint64_t next_ = 1;
};

// Appends `lines` lines, and says how many bytes they were.
std::uint64_t fill(TranscriptWriter& writer, int lines) {
  const SystemClock clock;
  Traffic traffic;
  std::uint64_t bytes = 0;
  std::vector<ConsoleId> ids;
  for (int i = 0; i < kConsoles; ++i) {
    ids.push_back(writer.console_id("r" + std::to_string(i), ""));
  }
  for (int i = 0; i < lines / kLinesARead; ++i) {
    const WallTime now = clock.now().wall;
    const std::string text = traffic.read(now);
    const Record record{ids[static_cast<std::size_t>(i % kConsoles)], RecordKind::data, now, text};
    while (writer.append({&record, 1}) > 0) writer.flush();
    bytes += text.size();
  }
  return bytes;
}

void append_only(benchmark::State& state) {
  const ScratchFolder folder;
  const SystemClock clock;
  TranscriptWriter writer(folder.path(), {}, clock);
  const ConsoleId id = writer.console_id("r1", "");
  const std::string text = Traffic().read(clock.now().wall);
  const Record record{id, RecordKind::data, clock.now().wall, text};
  for (auto _ : state) {
    if (writer.append({&record, 1}) > 0) {
      state.PauseTiming();
      writer.flush();
      state.ResumeTiming();
    }
  }
  state.counters["ns_a_line"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kLinesARead * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// CPU of all threads for a million lines, with the making of the lines taken off.
void store_million(benchmark::State& state) {
  constexpr int kLines = 1000000;
  for (auto _ : state) {
    const SystemClock clock;
    double begun = process_cpu_seconds();
    Traffic traffic;
    for (int i = 0; i < kLines / kLinesARead; ++i) {
      benchmark::DoNotOptimize(traffic.read(clock.now().wall));
    }
    const double making = process_cpu_seconds() - begun;
    const ScratchFolder folder;
    begun = process_cpu_seconds();
    std::uint64_t bytes = 0;
    {
      TranscriptWriter writer(folder.path(), {}, clock);
      bytes = fill(writer, kLines);
      writer.flush();
      if (state.range(0)) writer.seal();
    }
    state.counters["cpu_s"] = process_cpu_seconds() - begun - making;
    state.counters["stored_per_byte"] =
        static_cast<double>(bytes_of_days(folder.path())) / static_cast<double>(bytes);
  }
}

struct Stored {
  ScratchFolder folder;
  std::uint64_t bytes = 0;

  Stored() {
    const SystemClock clock;
    TranscriptWriter writer(folder.path(), {}, clock);
    bytes = fill(writer, 1250000);
    const Record needle{writer.console_id("r7", ""), RecordKind::data, clock.now().wall,
                        "Kernel panic - not syncing: needle\r\n"};
    writer.append({&needle, 1});
    writer.flush();
    writer.seal();
  }
};

void search_for(benchmark::State& state, const std::string& text, bool regex, bool one_console) {
  static const Stored stored;
  TranscriptReader reader(stored.folder.path());
  Query query;
  query.text = text;
  query.regex = regex;
  query.limit = 1000;
  if (one_console) query.consoles = {"r7"};
  for (auto _ : state) {
    reader.search(query, [](const FoundLine&) { return true; });
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(stored.bytes) * state.iterations());
}

void tail_of(benchmark::State& state) {
  static const Stored stored;
  TranscriptReader reader(stored.folder.path());
  for (auto _ : state) benchmark::DoNotOptimize(reader.tail("r7", 200));
}

}  // namespace

BENCHMARK(append_only);
BENCHMARK(store_million)->ArgName("sealed")->Arg(1)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(search_for, needle, "Kernel panic", false, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_for, needle_one_console, "Kernel panic", false, true)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search_for, regex, "panic - .*: n", true, false)->Unit(benchmark::kMillisecond);
BENCHMARK(tail_of)->Unit(benchmark::kMillisecond);
