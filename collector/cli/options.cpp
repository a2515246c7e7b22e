#include "collector/cli/options.h"

#include "collector/core/bytes.h"
#include "exporters/web/stored_boots.h"

namespace lastgasp {
namespace {

WallTime time_of(const std::string& option, const std::string& text, WallTime now) {
  const auto time = parse_time(text, now);
  if (!time)
    throw CLI::ValidationError(option, "`" + text +
                                           "` is no time; write \"2 hours ago\", "
                                           "\"yesterday\", 2026-11-22 or 2026-11-22T14:03:00Z");
  return *time;
}

}  // namespace

void add_output(CLI::App& command, Output& output) {
  static const std::map<std::string, Output> names{
      {"text", Output::text}, {"json", Output::json}, {"jsonl", Output::jsonl}};
  command.add_option("--output", output, "text, json (one document) or jsonl (one object a line)")
      ->transform(CLI::CheckedTransformer(names).description("text|json|jsonl"))
      ->default_str("text");
}

void add_data(CLI::App& command, DataOption& data) {
  command.add_option("--data", data.folder, "Folder of the transcripts");
  command.add_option("--config", data.config, "Configuration that names the folder");
}

std::optional<Config> DataOption::configuration() const {
  if (!config.empty()) return load_config(config);
  const bool elsewhere = !folder.empty() || std::getenv("LASTGASP_DATA") != nullptr;
  if (elsewhere || !std::filesystem::exists(kSystemConfig)) return std::nullopt;
  return load_config(kSystemConfig);
}

std::filesystem::path DataOption::resolve() const {
  if (!folder.empty()) return folder;
  const auto configured = configuration();
  return configured ? configured->storage : default_storage();
}

void add_range(CLI::App& command, RangeOption& range) {
  command.add_option("--since", range.since, "Not before this time, such as \"2 hours ago\"");
  command.add_option("--until", range.until, "Only before this time");
}

void add_labels(CLI::App& command, std::vector<LabelMatch>& labels) {
  const auto take = [&labels](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      auto match = parse_label_match(text);
      if (!match)
        throw CLI::ValidationError("--label", "`" + text + "` is no NAME=VALUE, such as site=fra*");
      labels.push_back(std::move(*match));
    }
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--label", take, "Only consoles with this label, such as site=fra*; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=GLOB");
}

TimeRange RangeOption::resolve(WallTime now) const {
  TimeRange range;
  if (!since.empty()) range.from = time_of("--since", since, now);
  if (!until.empty()) range.to = time_of("--until", until, now);
  if (range.from >= range.to) throw CLI::ValidationError("--until", "is not after --since");
  return range;
}

CLI::Option* add_boot(CLI::App& command, BootOption& boot) {
  return command
      .add_option(
          "--boot", boot.number,
          "Only from one boot of the console (1, the last, when no number is given) to the next")
      ->expected(0, 1)
      ->default_str("1")
      ->check(CLI::PositiveNumber)
      ->type_name("[N]");
}

TimeRange BootOption::resolve(TranscriptReader& reader,
                              const std::vector<std::string>& consoles) const {
  return boot_range(reader, consoles, number);
}

}  // namespace lastgasp
