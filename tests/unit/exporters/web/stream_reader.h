// The connection behind an event stream, in a test's hands.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "exporters/web/event_stream.h"

namespace lastgasp {

class StreamReader final : public StreamConnection {
 public:
  explicit StreamReader(EventStream& stream) : stream_(stream) {}

  void sleep() override { ++sleeps; }
  void wake() override { ++wakes; }
  bool left() override { return hung_up; }
  void cut() override { ++cuts; }

  // All that waits.
  std::string take() {
    std::string text;
    std::array<char, 1000> part{};
    for (;;) {
      const auto size = stream_.read(part);
      ended = !size;
      if (!size || *size == 0) return text;
      text.append(part.data(), *size);
    }
  }
  // Of all that waits, the data of the events of this name.
  std::vector<std::string> take(const std::string& event) {
    const std::string text = take(), head = "event: " + event + "\n";
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = text.find(head, at)) != std::string::npos;) {
      const auto data = text.find("data: ", at) + 6;
      at = text.find("\n\n", data);
      found.push_back(text.substr(data, at - data));
    }
    return found;
  }

  int sleeps = 0, wakes = 0, cuts = 0;
  bool hung_up = false, ended = false;

 private:
  EventStream& stream_;
};

// A stream with its reader.
struct WatchedStream {
  WatchedStream() { stream->attach(reader); }
  ~WatchedStream() { stream->detach(); }
  std::shared_ptr<EventStream> stream = std::make_shared<EventStream>(MonoTime{});
  StreamReader reader{*stream};
};

}  // namespace lastgasp
