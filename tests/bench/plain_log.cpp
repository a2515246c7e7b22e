#include "plain_log.h"

#include <fstream>
#include <stdexcept>

namespace lastgasp::bench {
namespace {

constexpr std::size_t kWriteBytes = 64 << 10;

}  // namespace

PlainLog::PlainLog(std::filesystem::path folder, std::vector<std::string> names)
    : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  for (std::string& name : names) consoles_.push_back({std::move(name), {}, {}});
}

PlainLog::~PlainLog() {
  for (Console& console : consoles_) write(console);
}

void PlainLog::append(std::size_t number, WallTime at, std::string_view bytes) {
  Console& console = consoles_[number];
  while (!bytes.empty()) {
    if (console.at_line_start) begin_line(console, at);
    const std::size_t newline = bytes.find('\n');
    const std::string_view part = bytes.substr(0, newline == bytes.npos ? newline : newline + 1);
    console.waiting += part;
    console.at_line_start = part.back() == '\n';
    bytes.remove_prefix(part.size());
  }
  if (console.waiting.size() >= kWriteBytes) write(console);
}

void PlainLog::begin_line(Console& console, WallTime at) {
  const std::string time = format_utc(at);
  if (time.compare(0, 10, console.day) != 0) {
    write(console);
    console.day = time.substr(0, 10);
  }
  console.waiting += '[';
  console.waiting.append(time, 0, 19);
  console.waiting += "] ";
}

void PlainLog::write(Console& console) {
  if (console.waiting.empty()) return;
  std::ofstream file(folder_ / (console.name + "." + console.day + ".log"),
                     std::ios::binary | std::ios::app);
  file << console.waiting;
  if (!file.flush()) throw std::runtime_error("cannot write to " + folder_.string());
  console.waiting.clear();
}

}  // namespace lastgasp::bench
