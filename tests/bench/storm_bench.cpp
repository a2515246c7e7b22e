// All that happens to a console's bytes within the process, in a storm: one thread takes them from
// memory through lines, matching, incidents and the queue, as a shard does, while the writer's
// threads journal, seal and index. Whole when the last byte is in a day file. Bytes a second of the
// text of 1,000 consoles of several vendors, crashes among it; CPU seconds a million lines.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "collector/app/pipeline.h"
#include "collector/app/rule_source.h"
#include "collector/transcript/writer.h"
#include "process_cpu.h"
#include "scratch_folder.h"
#include "storm_text.h"

namespace lastgasp::bench {
namespace {

constexpr std::uint64_t kTextBytes = 200'000'000;

// What a console's runner does, but for the link and the metrics.
class Console final : public TrackerSink {
 public:
  Console(const std::string& name, ConsoleId id, Matching& matching, TranscriptWriter& writer)
      : id_(id),
        matching_(matching),
        writer_(writer),
        pipeline_(name, "", TrackerSettings{}, matching, *this) {}

  void read(std::string_view bytes, Instant at) {
    const std::string_view kept =
        matching_.redaction ? redactor_.feed(matching_.redaction, bytes, at.mono) : bytes;
    pipeline_.bytes(kept, at);
    const Record record{id_, RecordKind::data, at.wall, kept};
    while (writer_.append({&record, 1}, rows_) > 0)
      writer_.flush();  // the storm waits for the disk
    rows_.clear();
  }
  std::uint64_t lines() const { return pipeline_.lines(); }

 private:
  void on_incident(Incident& incident) override {
    if (incident.id == 0) incident.id = ++last_incident_;
    rows_.push_back({incident.id, id_, std::string(name_of(incident.kind)),
                     std::string(name_of(incident.severity)), incident.fingerprint, incident.title,
                     incident.opened, incident.updated, incident.resolved, to_json(incident)});
  }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view platform) override { redactor_.set_platform(platform); }

  static inline IncidentId last_incident_ = 0;
  const ConsoleId id_;
  Matching& matching_;
  TranscriptWriter& writer_;
  Redactor redactor_;
  std::vector<IncidentRow> rows_;
  Pipeline pipeline_;
};

void storm(benchmark::State& state, bool redacting) {
  static const StormText text(kTextBytes);
  const SystemClock clock;
  Matching matching =
      make_matching(compile_rules({}, {}), redacting ? compile_redaction({}, {}) : nullptr);
  std::uint64_t lines = 0;
  double cpu = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const ScratchFolder folder;
    TranscriptWriter writer(folder.path(), {}, clock);
    std::vector<std::unique_ptr<Console>> consoles;
    for (const std::string& name : text.names)
      consoles.push_back(
          std::make_unique<Console>(name, writer.console_id(name, ""), matching, writer));
    const double before = process_cpu_seconds();
    state.ResumeTiming();
    for (const StormText::Read& read : text.reads)
      consoles[read.console]->read(read.bytes, clock.now());
    writer.flush();
    writer.seal();
    state.PauseTiming();
    cpu += process_cpu_seconds() - before;
    for (const auto& console : consoles) lines += console->lines();
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.bytes));
  state.counters["cpu_s_a_million_lines"] = cpu / (static_cast<double>(lines) / 1e6);
}

BENCHMARK_CAPTURE(storm, everything, true)->Iterations(2)->UseRealTime()->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(storm, without_redaction, false)
    ->Iterations(2)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace lastgasp::bench
