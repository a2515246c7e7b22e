#include "collector/transcript/database_files.h"

#include <string>

#include "collector/transcript/schema.h"

namespace lastgasp {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKept = ".damaged-";

// "20261122T120000"
std::string second_of(WallTime at) {
  std::string digits;
  for (const char c : format_utc(at)) {
    if (c == '.') break;
    if (c != '-' && c != ':') digits += c;
  }
  return digits;
}

}  // namespace

std::vector<fs::path> database_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const Day day : stored_days(folder)) files.push_back(day_path(folder, day));
  if (fs::exists(hot_path(folder))) files.push_back(hot_path(folder));
  return files;
}

void copy_database(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  if (fs::exists(from.string() + "-wal"))
    fs::copy_file(from.string() + "-wal", to.string() + "-wal");
  fs::copy_file(from, to);
}

fs::path kept_name(const fs::path& file, WallTime now) {
  const std::string first = file.string() + kKept + second_of(now);
  fs::path name = first;
  for (int i = 2; fs::exists(name); ++i) name = first + "." + std::to_string(i);
  return name;
}

bool is_kept(const fs::path& file) {
  return file.filename().string().find(kKept) != std::string::npos;
}

fs::path database_name(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find(kKept));
}

}  // namespace lastgasp
