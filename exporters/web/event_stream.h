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
#include "exporters/web/answer_stream.h"

namespace lastgasp {

inline constexpr std::size_t kMaxStreamBytes = std::size_t{256} << 10;  // that wait for a reader
inline constexpr Micros kStreamComment = std::chrono::seconds(15);
inline constexpr Micros kStreamPatience = std::chrono::seconds(10);

// "event: NAME", "id: ID" unless that is empty, "data: DATA". `data` and `id` have no line end.
std::string event_text(std::string_view name, std::string_view data, std::string_view id = {});

class EventStream final : public AnswerStream {
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

  void attach(StreamConnection& connection) override;
  void detach() override;
  std::optional<std::size_t> read(std::span<char> to) override;

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
