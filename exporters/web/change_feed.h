// What changes about consoles and incidents, told to the streams that watch it. A sweep looks at
// all consoles once for all streams; each stream gets what changed most gravely first and only so
// much a sweep, so that ten thousand busy consoles cost no more than a few hundred. Not
// synchronised.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "exporters/web/backend.h"
#include "exporters/web/console_filter.h"
#include "exporters/web/event_stream.h"

namespace lastgasp {

inline constexpr std::size_t kChangeBytesPerSweep = std::size_t{64} << 10;  // of one stream
inline constexpr std::uint32_t kSweepsBetweenCounters = 2;  // of a console that is only busy

class ChangeFeed {
 public:
  // The stream is told what changes from the last sweep on.
  void add(std::shared_ptr<EventStream> stream, ConsoleFilter filter);
  bool idle() const { return readers_.empty(); }
  // `consoles` are all there are, each name once. Forgets streams that are over.
  void sweep(std::vector<ConsoleView> consoles);
  // `json` is the incident, on `consoles`. A stream that has no room for it ends: its reader has to
  // read anew what there is.
  void incident(const std::string& json, const std::vector<std::string>& consoles);

 private:
  struct Console {
    ConsoleView view;
    std::uint32_t changed = 0;  // sweep in which anything but counters did
    std::uint32_t counted = 0;  // sweep in which anything did
    std::string event;          // as of this sweep; empty until a stream needs it
  };
  struct Reader {
    std::shared_ptr<EventStream> stream;
    ConsoleFilter filter;
    std::vector<char> wanted;         // by console
    std::vector<std::uint32_t> told;  // by console: the sweep it was last told
    std::size_t next = 0;             // console whose counters come next
  };

  void take(std::vector<ConsoleView> consoles);
  void place(const std::vector<ConsoleView>& consoles);
  void gone(const std::string& name, std::size_t place);
  void choose(Reader& reader) const;
  void tell(Reader& reader);
  bool tell(Reader& reader, std::size_t console, std::size_t& budget);

  std::uint32_t sweep_ = 0;
  std::vector<Console> consoles_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<Reader> readers_;
};

}  // namespace lastgasp
