// Which stored incidents were opened, changed or spoken of since one last looked. One thread.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/transcript/reader.h"

namespace lastgasp {

class IncidentWatch {
 public:
  // The incidents that changed since the last poll, with their bodies, oldest first; at the first
  // poll those that changed after `since`.
  std::vector<IncidentRow> poll(TranscriptReader& reader, WallTime since);

 private:
  struct Face {  // what shows that an incident changed
    WallTime updated{}, resolved{};
    std::string severity, title;
    auto operator<=>(const Face&) const = default;
  };

  void begin(TranscriptReader& reader);
  bool changed(const IncidentRow& row);

  bool begun_ = false;
  IncidentId newest_ = 0;
  std::int64_t newest_note_ = 0;
  std::map<IncidentId, Face> known_;  // open ones, and the newest
};

}  // namespace lastgasp
