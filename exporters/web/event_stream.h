// One reader of server-sent events: what it has yet to take, bounded. A feed writes and never
// waits; the HTTP server reads. Any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

inline constexpr std::size_t kMaxStreamBytes = std::size_t{256} << 10;  // that wait for a reader
inline constexpr Micros kStreamComment = std::chrono::seconds(15);
inline constexpr Micros kStreamPatience = std::chrono::seconds(10);

// The connection behind a stream. Called with the stream's lock held: calls nothing of the stream.
class StreamConnection {
 public:
  virtual void sleep() = 0;  // read() is not called any more ...
  virtual void wake() = 0;   // ... until then
  virtual bool left() = 0;   // the client hung up
  virtual void cut() = 0;    // ends it, whatever it still has to send

 protected:
  ~StreamConnection() = default;
};

// "event: NAME", "id: ID" unless that is empty, "data: DATA". `data` and `id` have no line end.
std::string event_text(std::string_view name, std::string_view data, std::string_view id = {});

class EventStream {
 public:
  explicit EventStream(MonoTime now) : commented_(now), took_(now) {}

  // Of the feed.

  // False, and nothing is written, when there is no room for all of it or the stream is over.
  bool write(std::string_view text);
  std::size_t room() const;
  // A comment when it is time for one. Ends the stream when its client hung up, and one whose
  // client has taken nothing for kStreamPatience though something waits for it.
  void tend(MonoTime now);
  // Nothing is written any more; the client gets what waits for it.
  void end();
  bool over() const;

  // Of the HTTP server.

  // `connection` lives until detach(), after which the stream is over.
  void attach(StreamConnection& connection);
  void detach();
  // So many bytes of what waits; 0 when nothing does and the connection was sent to sleep; nothing
  // at the end.
  std::optional<std::size_t> read(std::span<char> to);

 private:
  bool append(std::string_view text);
  void wake();

  mutable std::mutex mutex_;
  std::string waiting_;
  StreamConnection* connection_ = nullptr;
  bool asleep_ = false;
  bool over_ = false;
  bool taken_ = false;  // something was read since the last tend()
  MonoTime commented_, took_;
};

}  // namespace lastgasp
