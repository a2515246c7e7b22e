// An answer that the HTTP server takes piece by piece while it is being made.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace lastgasp {

// The connection behind it. Called with the stream's lock held: calls nothing of the stream.
class StreamConnection {
 public:
  virtual void sleep() = 0;  // read() is not called any more ...
  virtual void wake() = 0;   // ... until then
  virtual bool left() = 0;   // the client hung up
  virtual void cut() = 0;    // ends it, whatever it still has to send

 protected:
  ~StreamConnection() = default;
};

// Called by the HTTP server's threads.
class AnswerStream {
 public:
  // `connection` lives until detach(), after which the stream is over.
  virtual void attach(StreamConnection& connection) = 0;
  virtual void detach() = 0;
  // So many bytes of what waits; 0 when nothing does and the connection was sent to sleep; nothing
  // at the end.
  virtual std::optional<std::size_t> read(std::span<char> to) = 0;

 protected:
  ~AnswerStream() = default;
};

}  // namespace lastgasp
