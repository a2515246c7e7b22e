// The hot path up to one stage, over the same bytes each time, on one thread and without a clock:
// for counting instructions, which do not depend on what else the machine does. Each stage does
// what the one before it does and one thing more; instructions_bench.py takes the differences.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>

#include "collector/app/pipeline.h"
#include "collector/app/rule_source.h"
#include "collector/transcript/append_queue.h"
#include "collector/transcript/journal.h"
#include "collector/transcript/sealer.h"
#include "scratch_folder.h"
#include "storm_text.h"

namespace {

using namespace lastgasp;
using namespace lastgasp::bench;

constexpr std::size_t kCommitBytes = 2 << 20;

class NoSink final : public TrackerSink {
 public:
  void on_incident(Incident& incident) override { incident.id = 1; }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}
};

// Each stage returns how many lines or bytes it saw, so that nothing is optimised away.
class Lines final : public LineSink {
 public:
  std::uint64_t run(const StormText& text) {
    std::vector<LineAssembler> assemblers(text.names.size());
    for (const StormText::Read& read : text.reads)
      assemblers[read.console].feed(read.bytes, {read.at, MonoTime{}}, *this);
    return count_;
  }

 private:
  void on_line(const Line&) override { ++count_; }
  std::uint64_t count_ = 0;
};

class MatchedLines final : public LineSink {
 public:
  std::uint64_t run(const StormText& text) {
    std::vector<LineAssembler> assemblers(text.names.size());
    for (const StormText::Read& read : text.reads)
      assemblers[read.console].feed(read.bytes, {read.at, MonoTime{}}, *this);
    return hits_;
  }

 private:
  void on_line(const Line& line) override { hits_ += matcher_.match(line.text, "").size(); }
  Matcher matcher_{compile_rules({}, {})};
  std::uint64_t hits_ = 0;
};

std::uint64_t incidents(const StormText& text) {
  Matching matching = make_matching(compile_rules({}, {}));
  NoSink sink;
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  for (const std::string& name : text.names)
    pipelines.push_back(std::make_unique<Pipeline>(name, "", TrackerSettings{}, matching, sink));
  std::uint64_t lines = 0;
  for (const StormText::Read& read : text.reads)
    pipelines[read.console]->bytes(read.bytes, {read.at, MonoTime{read.at.time_since_epoch()}});
  for (const auto& pipeline : pipelines) lines += pipeline->lines();
  return lines;
}

std::uint64_t redaction(const StormText& text) {
  const Redactor::Rules rules = compile_redaction({}, {});
  std::vector<Redactor> redactors(text.names.size());
  std::uint64_t bytes = 0;
  for (const StormText::Read& read : text.reads)
    bytes += redactors[read.console].feed(rules, read.bytes, MonoTime{}).size();
  return bytes;
}

std::uint64_t stored(const StormText& text, bool sealing) {
  const ScratchFolder folder;
  UnpackedRows unpacked;
  Journal journal(folder.path(), 0, unpacked);
  std::unique_ptr<Sealer> sealer;
  if (sealing) sealer = std::make_unique<Sealer>(folder.path(), 0, unpacked);
  Batch batch;
  const auto commit = [&] {
    journal.commit(batch);
    batch.clear();
  };
  const auto seal = [&](std::uint64_t leave) {
    while (auto step = sealer->step(leave)) {
      batch.sealed = std::move(*step);
      commit();
    }
  };
  std::uint64_t bytes = 0, unsealed = 0;
  for (const StormText::Read& read : text.reads) {
    batch.add({static_cast<ConsoleId>(read.console + 1), RecordKind::data, read.at, read.bytes});
    if (batch.bytes.size() < kCommitBytes) continue;
    bytes += batch.data_bytes;
    unsealed += batch.data_bytes;
    commit();
    if (!sealing || unsealed < Sealer::kStepBytes) continue;
    seal(kCommitBytes);
    unsealed = 0;
  }
  commit();
  if (sealing) seal(0);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<std::uint64_t(const StormText&)>> stages = {
      {"text", [](const StormText& text) { return text.reads.size(); }},
      {"lines", [](const StormText& text) { return Lines().run(text); }},
      {"match", [](const StormText& text) { return MatchedLines().run(text); }},
      {"incidents", incidents},
      {"redaction", redaction},
      {"journal", [](const StormText& text) { return stored(text, false); }},
      {"sealing", [](const StormText& text) { return stored(text, true); }},
  };
  CLI::App app("The hot path up to one stage, for counting instructions");
  std::string stage;
  std::uint64_t bytes = 0;
  app.add_option("stage", stage)->required()->check(CLI::IsMember(stages));
  app.add_option("bytes", bytes, "of text, about")->required()->transform(CLI::AsSizeValue(true));
  CLI11_PARSE(app, argc, argv);
  try {
    const StormText text(bytes);
    Lines lines;
    std::cout << lines.run(text) << " lines, " << stages.at(stage)(text) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "hot_path: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
