// A small blocking HTTP client that sends exactly what it is told to.
#pragma once

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace lastgasp {

struct Answer {
  int code = 0;  // 0: the server closed without an answer
  std::string head, body;

  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

inline int connect_to(const std::string& address) {
  const auto colon = address.rfind(':');
  auto host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.c_str() + colon + 1, nullptr, &found) != 0)
    throw std::runtime_error("getaddrinfo " + address);
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool ok = ::connect(fd, found->ai_addr, found->ai_addrlen) == 0;
  ::freeaddrinfo(found);
  if (!ok) throw std::runtime_error("connect " + address);
  return fd;
}

// Sends `text` and reads until the server closes.
inline Answer send_raw(const std::string& address, const std::string& text) {
  const int fd = connect_to(address);
  for (std::size_t sent = 0; sent < text.size();) {
    const auto n = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;  // refused early; the answer may be there all the same
    sent += static_cast<std::size_t>(n);
  }
  std::string all;
  char buffer[65536];
  for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    all.append(buffer, static_cast<std::size_t>(n));
  ::close(fd);
  Answer answer;
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.head = all.substr(0, end + 2);
  answer.body = all.substr(end + 4);
  answer.code = std::atoi(answer.head.c_str() + sizeof "HTTP/1.1");
  return answer;
}

// `headers` are whole lines, each with its CR LF.
inline Answer request(const std::string& address, const std::string& method,
                      const std::string& target, const std::string& headers = {}) {
  const bool host_given = headers.starts_with("Host:");
  return send_raw(address, method + ' ' + target + " HTTP/1.1\r\n" +
                               (host_given ? "" : "Host: " + address + "\r\n") + headers +
                               "Connection: close\r\n\r\n");
}

inline Answer get(const std::string& address, const std::string& target) {
  return request(address, "GET", target);
}

}  // namespace lastgasp
