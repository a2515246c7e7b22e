// Options that several commands share, so that they are spelled and explained once.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/app/config.h"
#include "collector/core/clock.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

enum class Output { text, json, jsonl };

// --output text|json|jsonl
void add_output(CLI::App& command, Output& output);

// --data FOLDER or --config FILE: where the transcripts are.
struct DataOption {
  std::string folder;
  std::string config;

  // The configuration given; without one and without a folder, that of /etc/lastgasp/lastgasp.yaml
  // if there is one. Throws Error.
  std::optional<Config> configuration() const;
  // The folder given, that of the configuration given, that of /etc/lastgasp/lastgasp.yaml, or the
  // default one. Throws Error.
  std::filesystem::path resolve() const;
};
void add_data(CLI::App& command, DataOption& data);

// --since and --until.
struct RangeOption {
  std::string since, until;

  TimeRange resolve(WallTime now) const;  // throws CLI::ValidationError
};
void add_range(CLI::App& command, RangeOption& range);

// --boot [N]: the lines of one console from one of its banners to the next.
struct BootOption {
  std::size_t number = 0;  // counted back, 1 is the last boot; 0 when not asked for

  // Only when asked for. `consoles` are globs that one console must match. Throws Error, also when
  // it has no such boot.
  TimeRange resolve(TranscriptReader& reader, const std::vector<std::string>& consoles) const;
};
CLI::Option* add_boot(CLI::App& command, BootOption& boot);

// --label NAME=GLOB, all of which must hold.
void add_labels(CLI::App& command, std::vector<LabelMatch>& labels);

inline constexpr const char* kSystemConfig = "/etc/lastgasp/lastgasp.yaml";

}  // namespace lastgasp
