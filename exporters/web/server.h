// The collector's HTTP server: /metrics, /-/healthy, /-/ready, POST /-/reload, the pages and the
// JSON API under /api/v1/ (README.md lists it). A fixed number of threads; a slow client holds one
// connection and never a shard. Sends a strict Content-Security-Policy with every page.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "exporters/web/access.h"
#include "exporters/web/backend.h"

namespace lastgasp {

class WebServer {
 public:
  // Listens on "HOST:PORT" ("127.0.0.1:11520", "[::1]:0"). Throws Error when it cannot. `backend`
  // outlives the server. check_tls() has passed what `access` says of TLS.
  WebServer(const std::string& listen, WebBackend& backend, const WebAccess& access = {});
  ~WebServer();

  // Other accounts, another certificate: for requests and connections from now on. Whether there is
  // TLS, and which versions of it, stays as it was. Any thread.
  void set_access(const WebAccess& access);

  std::string address() const;  // with the port chosen when 0 was asked for

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lastgasp
