#include "console_script.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lastgasp::bench {
namespace {

TemplateLine template_of(const std::string& text) {
  TemplateLine line;
  TemplatePart part;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      part.literal += text[i];
      continue;
    }
    if (++i < text.size() && text[i] == '$') {
      part.literal += '$';
      continue;
    }
    if (i < text.size() && text[i] == '-') {
      part.left = true;
      ++i;
    }
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      // `$6` alone is an IPv6 address; a width has a letter behind it and is at least 2 but for
      // `$4v`.
      const bool field_six = text[i] == '6' && part.width == 0 && !part.left &&
                             (i + 1 == text.size() || !std::isalnum(text[i + 1]));
      if (field_six) break;
      part.width = part.width * 10 + static_cast<unsigned>(text[i] - '0');
    }
    if (i == text.size()) throw std::runtime_error("field without a letter: " + text);
    part.field = text[i];
    line.parts.push_back(std::move(part));
    part = {};
  }
  part.literal += "\r\n";
  line.parts.push_back(std::move(part));
  return line;
}

std::vector<std::string> words_of(std::istringstream& in) {
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

void read_range(std::istringstream& in, unsigned& min, unsigned& max) {
  char dash = 0;
  in >> min >> dash >> max;
  if (!in || dash != '-' || min > max || min == 0) throw std::runtime_error("not a range");
}

class Reading {
 public:
  void take(const std::string& text) {
    if (text.empty() || text[0] != '@') return put(template_of(text));
    std::istringstream in(text.substr(1));
    std::string word;
    in >> word;
    if (word == "share") in >> platform.share;
    if (word == "interfaces") platform.interfaces = words_of(in);
    if (word == "processes") platform.processes = words_of(in);
    if (word == "any" || word == "all" || word == "same") begin_episode(in, word);
    if (word == "rows") begin_rows(in);
    if (word == "end") rows_ = 0;
  }

  Platform platform;

 private:
  void begin_episode(std::istringstream& in, const std::string& kind) {
    Episode& episode = platform.episodes.emplace_back();
    episode.any = kind == "any";
    episode.same = kind == "same";
    in >> episode.weight;
    if (episode.any) read_range(in, episode.lines_min, episode.lines_max);
    platform.total_weight += episode.weight;
  }

  void begin_rows(std::istringstream& in) {
    TemplateLine line;
    read_range(in, line.rows_min, line.rows_max);
    put(line);
    rows_ = platform.episodes.back().lines.size();
  }

  void put(TemplateLine line) {
    if (platform.episodes.empty()) throw std::runtime_error("a line before the first episode");
    auto& lines = platform.episodes.back().lines;
    if (rows_ > 0) ++lines[rows_ - 1].rows;
    lines.push_back(std::move(line));
  }

  std::size_t rows_ = 0;  // index behind the line that repeats; 0 outside
};

Platform read_platform(const std::filesystem::path& path) {
  std::ifstream file(path);
  Reading reading;
  int number = 0;
  for (std::string text; std::getline(file, text);) {
    ++number;
    try {
      reading.take(text);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  return std::move(reading.platform);
}

}  // namespace

std::vector<Platform> read_platforms(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Platform> platforms;
  for (const auto& path : paths) platforms.push_back(read_platform(path));
  if (platforms.empty()) throw std::runtime_error(folder.string() + ": no platforms");
  return platforms;
}

}  // namespace lastgasp::bench
