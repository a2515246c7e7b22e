// The listening socket: opened here so that an error names its address and what to do.
#pragma once

#include <sys/socket.h>

#include <string>

namespace lastgasp {

struct Listener {
  int socket = -1;      // non-blocking, close-on-exec; owned by the caller
  std::string address;  // "127.0.0.1:11520", "[::1]:11520": with the port chosen
  std::string host;     // as it was written, without brackets
};

// Whether it is of this machine's own.
bool is_loopback(const sockaddr& address);

// Whether others than this machine can reach what listens there. Throws Error when `listen` is not
// HOST:PORT.
bool beyond_loopback(const std::string& listen);

// Throws Error when `listen` is not HOST:PORT or cannot be bound.
Listener open_listener(const std::string& listen);

}  // namespace lastgasp
