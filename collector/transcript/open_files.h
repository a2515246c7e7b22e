// The files of a transcript folder that stay open from one reader to the next, since opening one
// costs more than most searches take in it. Safe from any thread; outlives the readers that are
// given it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "collector/core/clock.h"

namespace lastgasp {

class Database;
class DayReader;

class OpenFiles {
 public:
  // How long a file stays open that nobody asks for.
  static constexpr Micros kIdle = std::chrono::seconds(5);

  explicit OpenFiles(std::filesystem::path folder);
  ~OpenFiles();

  const std::filesystem::path& folder() const { return folder_; }

  // What is taken is the caller's alone until it is given back, which it need not be.
  // The journal; throws Error when there is none or it cannot be read.
  std::unique_ptr<Database> take_hot();
  // A day as it is now; as DayReader::open.
  std::unique_ptr<DayReader> take_day(std::int32_t day);
  void give_back(std::unique_ptr<Database> hot);
  void give_back(std::unique_ptr<DayReader> day);

  // Closes what was idle for kIdle, and files that were removed or replaced: only then has the disk
  // their room again. To be called every second or so by who keeps this for long.
  void close_idle(MonoTime now);

 private:
  template <typename File>
  struct Idle {
    std::unique_ptr<File> file;
    std::optional<MonoTime> since;  // the first close_idle() that saw it

    bool ended(MonoTime now);
  };

  const std::filesystem::path folder_;
  std::mutex mutex_;
  Idle<Database> hot_;
  std::map<std::int32_t, Idle<DayReader>> days_;
};

}  // namespace lastgasp
