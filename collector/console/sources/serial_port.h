// A serial device, opened and set up for reading: exclusive, raw, errors marked. Uses
// libserialport for what it does well (speeds and framing on every driver) and the kernel directly
// for what it does not (flow control, marks, error counters).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "collector/console/sources/source.h"
#include "collector/console/sources/uucp_lock.h"

namespace lastgasp {

class SerialPort {
 public:
  // Opens `endpoint.device`; on failure returns nothing and says why in `why`. Does not block.
  static std::unique_ptr<SerialPort> open(const SerialEndpoint& endpoint, Ending& why);
  ~SerialPort();
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  // Non-blocking; the port keeps owning it.
  int descriptor() const { return fd_; }

  // The driver's error counters since the device appeared; nothing where it counts none.
  std::optional<LineErrors> counters() const;

 private:
  SerialPort(std::string path, std::unique_ptr<UucpLock> lock);
  bool configure(const SerialEndpoint& endpoint, Ending& why);
  bool set_terminal(const SerialEndpoint& endpoint, Ending& why);

  std::string path_;
  std::unique_ptr<UucpLock> lock_;
  int fd_ = -1;
};

}  // namespace lastgasp
