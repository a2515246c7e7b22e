// A transcript is a sequence of records: what arrived from one console, when, and what happened to
// its link in between. The journal holds the records of all consoles as they came, a day file holds
// them console by console; the encoding of a record is the same in both (README.md beside this
// file).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

using ConsoleId = std::uint32_t;  // given by the database, for ever; 0 is none

enum class RecordKind : std::uint8_t {
  data,          // bytes as the console printed them
  connected,     // text: ""
  disconnected,  // text: the reason
  gap,           // text: decimal number of bytes read but not stored, then a space and why
};
inline constexpr std::array<std::string_view, 4> kRecordKindNames{"data", "connected",
                                                                  "disconnected", "gap"};

struct Record {
  ConsoleId console = 0;
  RecordKind kind = RecordKind::data;
  WallTime at{};
  std::string_view bytes;
};

// Data without bytes: the line before it was ended by force, and what follows is another.
inline bool is_line_end(const Record& record) {
  return record.kind == RecordKind::data && record.bytes.empty();
}

}  // namespace lastgasp
