// Notices crashes that no rule names: a burst of registers and call stacks beside words of failure,
// or such words just before a boot that nobody asked for. Pure; one for each console. It remembers
// a few numbers and no text: whoever asks shows it the last lines again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

class UnknownWatch {
 public:
  static constexpr std::size_t kWindow = 10;           // lines a burst is judged by
  static constexpr std::uint32_t kLookBack = 12;       // lines before it that may name the failure
  static constexpr std::uint32_t kBeforeBoot = 16;     // lines before a boot that may
  static constexpr std::uint32_t kAnswerLines = 1000;  // that a command may print
  static constexpr Micros kPause{std::chrono::seconds(30)};      // parts what belongs together
  static constexpr Micros kResetTakes{std::chrono::minutes(3)};  // from a crash to a banner

  // A whole line, `known` when a rule matched it. Whether a dump may be under way: ask dump().
  bool line(std::string_view text, bool known, MonoTime now);
  // An operator typed a command: what follows is its answer, until a prompt or a pause.
  void typed() { answer_lines_ = kAnswerLines; }
  void prompt() { answer_lines_ = 0; }
  // What came so far has been understood.
  void forget();

  struct Found {
    std::size_t lines = 0;  // the last so many belong to it
    std::string title;
  };
  // `last` are the lines up to the one told last, oldest first.
  std::optional<Found> dump(std::span<const std::string> last);
  std::optional<Found> before_boot(std::span<const std::string> last, MonoTime now) const;

 private:
  static constexpr int kMostLooks = 6;  // at one burst

  bool judge() const;
  void shaped(std::string_view text);

  MonoTime last_{};
  std::uint32_t together_ = 0;      // lines since the last pause or since what was understood
  std::uint32_t known_ = 0;         // one bit a line, the latest lowest
  std::uint16_t shapes_ = 0;        // one bit a line of the window
  std::uint16_t frames_ = 0;        // the same, of call stacks
  std::uint16_t rows_ = 0;          // the same, of nothing but memory
  std::uint32_t burst_lines_ = 0;   // since its first one
  std::uint32_t registers_ = 0;     // in the burst
  std::uint32_t answer_lines_ = 0;  // may still answer a command
  int looks_ = 0;
  bool program_counter_ = false;
  bool stack_ = false;
};

}  // namespace lastgasp
