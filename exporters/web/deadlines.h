// Until when each connection must have sent its request or taken its answer. libmicrohttpd drops
// who is quiet; this drops who sends or takes a byte now and then, and so would stay for ever.
#pragma once

#include <map>
#include <mutex>

#include "collector/core/clock.h"

namespace lastgasp {

// How long a request may take to arrive, handshake included, and an answer to be taken.
inline constexpr Micros kRequestTime = std::chrono::seconds(20);
Micros answer_time(std::size_t bytes);  // a minute, and a second for each 16 KiB

// Safe from any thread.
class Deadlines {
 public:
  // Replaces the one there was. `socket` stays open until clear().
  void set(int socket, MonoTime at);
  void clear(int socket);
  // Shuts down every socket that is past its deadline; who owns it sees it end. How many.
  std::size_t drop_late(MonoTime now);

 private:
  std::mutex mutex_;
  std::map<int, MonoTime> sockets_;
};

}  // namespace lastgasp
