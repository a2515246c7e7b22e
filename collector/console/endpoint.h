// The address of a console, as a person writes it:
//   serial:///dev/ttyUSB0?baud=9600&parity=none&bits=8&stop=1&flow=none
//   tcp://host:port    telnet://host:port    (IPv6: tcp://[2001:db8::1]:2001)
//   unix:/path         exec:command          file:/path
// Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "collector/core/error.h"

namespace lastgasp {

enum class Parity { none, odd, even };
enum class FlowControl { none, hardware, software };

struct SerialEndpoint {
  std::string device;  // as written; may be a /dev/serial/by-id or by-path link
  int baud = 9600;
  int bits = 8;  // 5..8
  int stop = 1;  // 1 or 2
  Parity parity = Parity::none;
  FlowControl flow = FlowControl::none;
};
struct TcpEndpoint {
  std::string host;
  std::string port;  // a number or a service name
  bool telnet = false;
};
struct UnixEndpoint {
  std::string path;
};
struct ExecEndpoint {
  std::string command;  // run by /bin/sh -c under a pty
};
struct FileEndpoint {
  std::string path;
};

struct Endpoint {
  std::variant<SerialEndpoint, TcpEndpoint, UnixEndpoint, ExecEndpoint, FileEndpoint> address;
  std::string text;  // as written

  // "serial", "tcp", "telnet", "unix", "exec" or "file".
  std::string_view transport() const;
  // Two endpoints with the same key read the same line and would steal each other's bytes. Serial
  // devices are compared after resolving links.
  std::string device_key() const;
  // The console server whose budget of connection attempts this one shares; empty when none.
  std::string server() const;
};

// Throws Error naming the part that is wrong and an example that is right.
Endpoint parse_endpoint(std::string_view text);

}  // namespace lastgasp
