// What the web server needs of the running collector. Implemented by the application; every
// function may be called from any HTTP thread at any time and must not wait for a shard.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

struct ConsoleView {
  std::string name, endpoint, transport, platform;
  std::string state, reason, detail;
  std::vector<std::pair<std::string, std::string>> labels;
  WallTime last_received{};  // epoch when never
  std::uint64_t received_bytes = 0, received_lines = 0, lost_bytes = 0, boots = 0;
  std::size_t open_incidents = 0;
};

struct ReloadResult {
  bool ok = false;
  std::string message;  // what changed, or the error with file, line and column
};

class WebBackend {
 public:
  virtual ~WebBackend() = default;
  virtual std::vector<ConsoleView> consoles() const = 0;
  virtual std::string metrics() const = 0;  // exposition text
  virtual bool ready() const = 0;           // every console was tried once, the disk keeps up
  virtual ReloadResult reload() = 0;        // may take a second
  virtual std::filesystem::path storage() const = 0;  // for TranscriptReader
  virtual Instant now() const = 0;
  // A request ended; for http_requests_total and its duration.
  virtual void served(std::string_view handler, int code, Micros took) = 0;
};

}  // namespace lastgasp
