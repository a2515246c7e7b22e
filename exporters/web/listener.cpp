#include "exporters/web/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

void split(const std::string& listen, std::string& host, std::string& port) {
  const auto colon = listen.rfind(':');
  const bool bracket = listen.starts_with('[');
  const bool well_formed =
      colon != std::string::npos && colon > 0 && colon + 1 < listen.size() &&
      (bracket ? listen[colon - 1] == ']' && colon > 2 : listen.find(':') == colon);
  if (!well_formed)
    throw Error("listen on '" + listen +
                "': not HOST:PORT; write 127.0.0.1:11520, [::1]:11520, or 0.0.0.0:11520 for every "
                "IPv4 address");
  host = bracket ? listen.substr(1, colon - 2) : listen.substr(0, colon);
  port = listen.substr(colon + 1);
}

Addresses resolve(const std::string& listen, const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
    throw Error("listen on " + listen + ": " + ::gai_strerror(error));
  return {found, freeaddrinfo};
}

std::string address_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(socket, generic, &size) != 0 ||
      ::getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "unknown";
  const std::string name(host.data());
  return (address.ss_family == AF_INET6 ? '[' + name + ']' : name) + ':' + port.data();
}

[[noreturn]] void fail(const std::string& listen, int error) {
  auto text = errno_text("listen on " + listen, error);
  if (error == EADDRINUSE) text += "; another program, perhaps another lastgasp, listens there";
  if (error == EACCES) text += "; ports under 1024 need a privilege";
  if (error == EADDRNOTAVAIL) text += "; this machine does not have that address";
  throw Error(text);
}

}  // namespace

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == IN_LOOPBACKNET;
  return address.sa_family == AF_INET6 && (mapped || IN6_IS_ADDR_LOOPBACK(&v6));
}

bool beyond_loopback(const std::string& listen) {
  std::string host, port;
  split(listen, host, port);
  const auto addresses = resolve(listen, host, port);
  for (const auto* a = addresses.get(); a; a = a->ai_next)
    if (!is_loopback(*a->ai_addr)) return true;
  return false;
}

Listener open_listener(const std::string& listen) {
  Listener listener;
  std::string port;
  split(listen, listener.host, port);
  const auto addresses = resolve(listen, listener.host, port);
  int error = 0;
  for (const auto* a = addresses.get(); a; a = a->ai_next) {
    const int fd = ::socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (fd >= 0 && ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(fd, a->ai_addr, a->ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0) {
      listener.socket = fd;
      listener.address = address_of(fd);
      return listener;
    }
    error = errno;
    if (fd >= 0) ::close(fd);
  }
  fail(listen, error);
}

}  // namespace lastgasp
