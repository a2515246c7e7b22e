// Which lines still belong to a dump that has begun. Pure; one for each dump being printed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/core/clock.h"
#include "rules/engine/expression.h"
#include "rules/engine/rule.h"

namespace lastgasp {

// Registers, frames, hex rows, memory tables and the words kernels put between them.
bool looks_like_dump(std::string_view line);

class DumpCapture {
 public:
  static constexpr std::size_t kStrangersEnd = 8;         // lines unlike a dump in a row
  static constexpr std::size_t kStrangersBeforeEnd = 25;  // the same while an end marker is awaited
  static constexpr std::size_t kTailLines = 60;
  static constexpr Micros kTailIdle{std::chrono::seconds(2)};
  static constexpr Micros kLongest{std::chrono::minutes(10)};

  DumpCapture(const DumpShape& shape, MonoTime now);

  enum class Step : std::uint8_t {
    belongs,   // keep the line
    stranger,  // keep it for now; it is not the dump's when the dump ends before more of it comes
    over,      // the dump ended before this line
  };
  Step line(std::string_view text, MonoTime now);
  // Another rule of the same incident began a dump here.
  void extend(const DumpShape& shape, MonoTime now);
  // When a console that stays quiet ends it.
  MonoTime due() const;
  // Whether the end marker came, or none is known.
  bool complete() const { return ended_ || !end_; }
  // Whether the end marker came; what follows is its tail.
  bool in_tail() const { return ended_; }
  // Lines at the end that were strangers.
  std::size_t strangers() const { return strangers_; }

 private:
  std::shared_ptr<const Expression> end_;
  Micros idle_{};
  std::size_t lines_left_ = 0;
  std::size_t strangers_ = 0;
  MonoTime began_{};
  MonoTime last_{};
  bool ended_ = false;
};

}  // namespace lastgasp
