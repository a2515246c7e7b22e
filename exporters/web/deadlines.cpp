#include "exporters/web/deadlines.h"

#include <sys/socket.h>

namespace lastgasp {

Micros answer_time(std::size_t bytes) {
  return std::chrono::seconds(60) + std::chrono::seconds(bytes / (std::size_t{16} << 10));
}

void Deadlines::set(int socket, MonoTime at) {
  const std::lock_guard lock(mutex_);
  sockets_[socket] = at;
}

void Deadlines::clear(int socket) {
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
}

std::size_t Deadlines::drop_late(MonoTime now) {
  std::size_t dropped = 0;
  const std::lock_guard lock(mutex_);
  for (auto it = sockets_.begin(); it != sockets_.end();) {
    if (it->second > now) {
      ++it;
      continue;
    }
    ::shutdown(it->first, SHUT_RDWR);
    it = sockets_.erase(it);
    ++dropped;
  }
  return dropped;
}

}  // namespace lastgasp
