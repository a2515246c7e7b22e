#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "collector/cli/options.h"
#include "collector/cli/recording.h"
#include "collector/cli/rule_options.h"
#include "collector/cli/rules_commands.h"
#include "collector/cli/shape_table.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/engine/suggestion.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct SuggestOptions {
  std::vector<std::string> files, consoles;
  std::string folder;
  DataOption data;
  RangeOption range;
  std::size_t limit = 20;
  bool yaml = false;
  Output output = Output::text;
};

// Collects the lines of one console that look like a crash and that no rule knows. What belongs to
// a dump, or what a rule holds back on purpose, is no gap in the rules.
class Gaps final : public LineWatch, public TrackerSink {
 public:
  Gaps(ShapeTable& shapes, const Matcher& matcher, std::size_t console, bool timed)
      : shapes_(shapes), matcher_(matcher), console_(console), timed_(timed) {}

  void watch(Pipeline& pipeline) {
    tracker_ = &pipeline.tracker();
    pipeline.watch(*this);
  }

 private:
  void on_line(const Line& line, std::span<const RuleHit> hits) override {
    static const CrashWords words;
    if (line.partial || !hits.empty() || !words.in(line.text) || in_dump()) return;
    if (!matcher_.withheld(line.text, tracker_->platform()).empty()) return;
    shapes_.add(line.text, console_,
                timed_ ? format_utc(line.at.wall) : "line " + std::to_string(line.number));
  }
  void on_incident(Incident& incident) override {
    if (incident.id == 0) incident.id = ++last_id_;
  }
  void on_boot(const Boot&) override {}
  void on_platform(std::string_view) override {}

  bool in_dump() const {
    const auto& open = tracker_->open_incidents();
    return std::any_of(open.begin(), open.end(), [](const Incident& incident) {
      return incident.state == IncidentState::capturing && !incident.unrecognised;
    });
  }

  ShapeTable& shapes_;
  const Matcher& matcher_;
  const std::size_t console_;
  const bool timed_;
  const Tracker* tracker_ = nullptr;
  std::int64_t last_id_ = 0;
};

void read_files(const SuggestOptions& options, Matching& matching, ShapeTable& shapes) {
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    Gaps gaps(shapes, *matching.matcher, i, false);
    Pipeline pipeline(options.files[i], "", TrackerSettings{}, matching, gaps);
    gaps.watch(pipeline);
    play_file(options.files[i], pipeline);
  }
}

struct WatchedConsole {
  WatchedConsole(const std::string& name, std::size_t number, Matching& matching,
                 ShapeTable& shapes)
      : gaps(shapes, *matching.matcher, number, true),
        stored(name, "", TrackerSettings{}, matching, gaps) {
    gaps.watch(stored.pipeline());
  }
  Gaps gaps;
  StoredConsole stored;
};

// One pass over the store, all consoles side by side.
class StoredGaps {
 public:
  StoredGaps(Matching& matching, ShapeTable& shapes) : matching_(matching), shapes_(shapes) {}

  void take(std::string_view name, const Record& record) {
    auto console = consoles_.find(name);
    if (console == consoles_.end()) {
      auto watched =
          std::make_unique<WatchedConsole>(std::string(name), consoles_.size(), matching_, shapes_);
      console = consoles_.emplace(name, std::move(watched)).first;
    }
    console->second->stored.take(record);
    progress_.at(bytes_ += record.bytes.size(), record.at);
  }
  void finish(WallTime at) {
    for (auto& [name, console] : consoles_) console->stored.finish(at);
  }

 private:
  Matching& matching_;
  ShapeTable& shapes_;
  std::map<std::string, std::unique_ptr<WatchedConsole>, std::less<>> consoles_;
  Progress progress_{"reading"};
  std::uint64_t bytes_ = 0;
};

void read_store(const SuggestOptions& options, Matching& matching, ShapeTable& shapes) {
  const WallTime now = SystemClock().now().wall;
  const TimeRange range = options.range.resolve(now);
  TranscriptReader reader(options.data.resolve());
  StoredGaps gaps(matching, shapes);
  tell_damaged(reader.records(
      options.consoles, range,
      [&](std::string_view name, const Record& record) { gaps.take(name, record); }));
  gaps.finish(std::min(range.to, now));
}

Json json_of(const LineShape& shape) {
  return {
      {"shape", to_utf8(shape.shape)}, {"count", shape.count}, {"consoles", shape.consoles()},
      {"first", shape.first},          {"last", shape.last},   {"example", to_utf8(shape.example)}};
}

void print_text(const LineShape& shape, bool files) {
  print_line(styled(Style::bold, escaped(shape.shape)));
  print_line("    " + std::to_string(shape.count) + " times on " +
             std::to_string(shape.consoles()) + (files ? " files, " : " consoles, ") + shape.first +
             (shape.first == shape.last ? "" : " to " + shape.last));
  print_line(styled(Style::dim, "    " + escaped(shape.example)));
}

void print(const std::vector<LineShape>& top, const SuggestOptions& options) {
  Json document = Json::array();
  for (const LineShape& shape : top) {
    if (options.output == Output::text) print_text(shape, !options.files.empty());
    if (options.output == Output::jsonl) print_line(json_of(shape).dump());
    document.push_back(json_of(shape));
  }
  if (options.output == Output::json) print_line(document.dump(2));
}

int suggest(const SuggestOptions& options) {
  const bool timed = !options.range.since.empty() || !options.range.until.empty();
  if (timed && !options.files.empty())
    throw CLI::ValidationError("--since", "is for the store; a file has no times");
  Matching matching = make_matching(load_rules(options.folder));
  ShapeTable shapes;
  if (options.files.empty()) {
    read_store(options, matching, shapes);
  } else {
    read_files(options, matching, shapes);
  }
  const auto top = shapes.top(options.yaml ? 1 : options.limit);
  if (!options.yaml) {
    print(top, options);
  } else if (!top.empty()) {
    std::fputs(draft_pack(top[0].example).c_str(), stdout);
  }
  return top.empty() ? kNothing : kFound;
}

}  // namespace

void add_rules_suggest(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<SuggestOptions>();
  auto* command = rules.add_subcommand(
      "suggest", "Rank lines that look like a crash and that no rule matches, alike ones together");
  auto* files =
      command->add_option("file", options->files, "Files, - is standard input; else the store");
  command->add_option("--console", options->consoles, "Only these consoles (globs)")
      ->excludes(files);
  add_range(*command, options->range);
  command->add_option("-n,--limit", options->limit, "At most so many")->capture_default_str();
  command->add_flag("--yaml", options->yaml, "Print a pack with a draft of a rule for the first");
  add_rules_folder(*command, options->folder);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return suggest(*options); }; });
}

}  // namespace lastgasp
