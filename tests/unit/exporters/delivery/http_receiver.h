// A small HTTP server for tests: an Alertmanager that can be told to refuse, or a webhook.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace lastgasp {

// One request at a time on a thread of its own; connections are closed after each.
class HttpReceiver {
 public:
  struct Request {
    std::string head;  // request line and headers
    std::string body;
  };
  // Returns the status to answer with. Runs on the receiver's thread.
  using Answer = std::function<int(const Request&)>;

  // Port 0 is any.
  explicit HttpReceiver(Answer answer, int port = 0) : answer_(std::move(answer)) {
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0)
      throw std::runtime_error("the test's receiver cannot listen");
    getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread(&HttpReceiver::serve, this);
  }

  ~HttpReceiver() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    while (!stop_) {
      pollfd ready{listener_, POLLIN, 0};
      if (poll(&ready, 1, 20) != 1) continue;
      const int connection = accept(listener_, nullptr, nullptr);
      const timeval patience{5, 0};
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      Request request;
      if (receive(connection, request)) {
        const std::string reply = "HTTP/1.1 " + std::to_string(answer_(request)) +
                                  " X\r\nContent-Length: 5\r\nConnection: close\r\n\r\nreply";
        if (write(connection, reply.data(), reply.size()) < 0) perror("write");
      }
      close(connection);
    }
  }

  static bool receive(int connection, Request& request) {
    std::string text;
    std::size_t head = std::string::npos, length = 0;
    while (head == std::string::npos || text.size() < head + length) {
      char buffer[65536];
      const ssize_t got = read(connection, buffer, sizeof buffer);
      if (got <= 0) return false;
      text.append(buffer, static_cast<std::size_t>(got));
      if (head != std::string::npos || (head = text.find("\r\n\r\n")) == std::string::npos)
        continue;
      head += 4;
      const auto field = text.find("Content-Length: ");
      if (field < head) length = std::stoul(text.substr(field + 16));
    }
    request = {text.substr(0, head), text.substr(head, length)};
    return true;
  }

  const Answer answer_;
  const int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lastgasp
