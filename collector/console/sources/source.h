// What a link reads from. One per link and as old as it: opened, read to its end and closed again
// and again. Everything happens on the thread of the link's io_context.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "collector/console/endpoint.h"
#include "collector/console/link.h"
#include "collector/console/link_settings.h"
#include "collector/core/console_memory.h"

namespace lastgasp {

// Why an attempt or a session ended; `none` from open() says that it is open.
struct Ending {
  LinkReason reason = LinkReason::none;
  std::string detail;  // for people
  std::string said;    // as in LinkStatus; empty from a source
};

// Where a source puts what it reads; the link.
class Sink {
 public:
  // `bytes` is valid until the call returns. The source may have been closed in the call.
  virtual void bytes(std::string_view bytes) = 0;
  virtual void line_errors(const LineErrors& errors) = 0;

 protected:
  ~Sink() = default;
};

class Source : public InConsoleMemory {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // Opens, and waits until it is open or cannot be.
  asio::awaitable<Ending> open() {
    closed_ = false;
    return do_open();
  }
  // Once after each successful open().
  virtual asio::awaitable<Ending> read_until_end(Sink& sink) = 0;
  // Ends an open() or read_until_end() under way, whose coroutine returns soon after, and lets go
  // of the device within the call. Idempotent.
  void close() {
    closed_ = true;
    do_close();
  }

 protected:
  // For coroutines to look at after every wait.
  bool closed() const { return closed_; }

 private:
  virtual asio::awaitable<Ending> do_open() = 0;
  virtual void do_close() = 0;

  bool closed_ = true;
};

// `settings` outlive the source.
std::unique_ptr<Source> make_source(asio::io_context& context, const Endpoint& endpoint,
                                    const LinkSettings& settings);

// The reason for an errno of an attempt to open `what`, and of a read from it.
Ending open_failure(std::string_view what, int error_number);
Ending read_failure(std::string_view what, int error_number);

}  // namespace lastgasp
