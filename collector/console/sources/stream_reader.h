// A non-blocking descriptor that is read to its end. All readers of a thread share one buffer: ten
// thousand idle consoles cost no buffers, and nothing read is kept across a wait. Belongs to the
// io_context's thread.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <exception>
#include <functional>
#include <span>
#include <string_view>

#include "collector/console/sources/ready_set.h"
#include "collector/console/sources/source.h"

namespace lastgasp {

// The thread's buffer, 64 KiB. Whoever fills it is done with it before the next wait.
std::span<char> thread_buffer();

// Takes transport escapes out of what was read, in place, and returns what is left.
using Decode = std::function<std::string_view(std::span<char>)>;

class StreamReader final : private ReadySet::Reader {
 public:
  explicit StreamReader(asio::io_context& context);
  ~StreamReader() { close(); }
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  // Takes over an open descriptor; none may be held.
  void assign(int descriptor) { descriptor_ = descriptor; }
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  asio::steady_timer::executor_type get_executor() { return ended_.get_executor(); }

  // Reads until the end or an error, one sink call a read. Returns 0 at the end of the stream, else
  // the errno; ECANCELED when it was closed meanwhile. What the sink throws comes out here.
  // `decode` may be empty. `sink` outlives the reading.
  asio::awaitable<int> read_to_end(Sink& sink, Decode decode);
  // Also out of the sink's call; no other follows. Idempotent.
  void close();

 private:
  void ready() override;
  void read();
  void end(int result);

  ReadySet& set_;
  asio::steady_timer ended_;  // never expires: its end is the reading's
  int descriptor_ = -1;
  Sink* sink_ = nullptr;  // while reading
  Decode decode_;
  int result_ = 0;
  std::exception_ptr failure_;
};

}  // namespace lastgasp
