// What consoles of one platform print: the templates of traffic/*.txt (see the README there), read
// once and drawn from without looking at their text again. Immutable; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace lastgasp::bench {

// A literal, then a field unless `field` is 0.
struct TemplatePart {
  std::string literal;
  char field = 0;
  unsigned width = 0;
  bool left = false;
};

struct TemplateLine {
  std::vector<TemplatePart> parts;
  unsigned rows_min = 0, rows_max = 0;  // not 0: repeats the `rows` lines that follow
  std::size_t rows = 0;
};

struct Episode {
  bool any = false;   // some of its lines instead of all in order
  bool same = false;  // each time the same but for the time
  unsigned weight = 1;
  unsigned lines_min = 1, lines_max = 1;  // with `any`
  std::vector<TemplateLine> lines;
};

struct Platform {
  unsigned share = 1;
  std::vector<std::string> interfaces;  // "%" is a number
  std::vector<std::string> processes;
  std::vector<Episode> episodes;
  unsigned total_weight = 0;
};

// All files of a folder, by name. Throws std::runtime_error that names a bad line.
std::vector<Platform> read_platforms(const std::filesystem::path& folder);

}  // namespace lastgasp::bench
