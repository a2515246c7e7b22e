// A folder of its own for each test, a clock that is moved by hand from any thread, and short ways
// to append and to look.
#pragma once

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collector/transcript/reader.h"
#include "collector/transcript/writer.h"

namespace lastgasp {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lastgasp-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// 2026-11-22T12:00:00Z
inline constexpr std::chrono::hours kDay{24};
inline const WallTime kNoon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) +
                            std::chrono::hours(12)};

class HandClock final : public Clock {
 public:
  explicit HandClock(WallTime wall = kNoon) : wall_us_(unix_micros(wall)) {}
  Instant now() const override {
    return {from_unix_micros(wall_us_), MonoTime(Micros(mono_us_.load()))};
  }
  void advance(Micros d) {
    wall_us_ += d.count();
    mono_us_ += d.count();
  }
  void set_wall(WallTime wall) { wall_us_ = unix_micros(wall); }

 private:
  std::atomic<std::int64_t> wall_us_;
  std::atomic<std::int64_t> mono_us_{0};
};

inline std::size_t append(TranscriptWriter& writer, ConsoleId console, WallTime at,
                          std::string_view bytes, RecordKind kind = RecordKind::data) {
  const Record record{console, kind, at, bytes};
  return writer.append({&record, 1});
}

inline WallTime seconds_after(WallTime at, int seconds) {
  return at + std::chrono::seconds(seconds);
}

inline std::string raw_of(TranscriptReader& reader, std::string_view console,
                          TimeRange range = {}) {
  std::string bytes;
  const TranscriptReader::Part part{std::string(console), range};
  reader.records({&part, 1}, [&](std::size_t, const Record& record) {
    if (record.kind == RecordKind::data) bytes += record.bytes;
  });
  return bytes;
}

inline std::vector<FoundLine> found(TranscriptReader& reader, const Query& query,
                                    SearchEnd* end = nullptr) {
  std::vector<FoundLine> lines;
  const SearchEnd at = reader.search(query, [&](const FoundLine& line) {
    lines.push_back(line);
    return true;
  });
  if (end) *end = at;
  return lines;
}

inline std::vector<std::string> texts(const std::vector<FoundLine>& lines) {
  std::vector<std::string> out;
  for (const FoundLine& line : lines) out.push_back(line.text);
  return out;
}

inline Query text_query(std::string text) {
  Query query;
  query.text = std::move(text);
  return query;
}

using Texts = std::vector<std::string>;

}  // namespace lastgasp
