#include "rules/incident/unknown_watch.h"

#include <algorithm>
#include <bit>
#include <cctype>

#include "rules/incident/dump_lines.h"
#include "rules/incident/failure_words.h"

namespace lastgasp {
namespace {

constexpr std::uint16_t kWindowMask = (1U << UnknownWatch::kWindow) - 1;
constexpr int kShapedLines = 6;
constexpr int kFrames = 4;
constexpr std::uint32_t kRegisters = 4;
constexpr std::uint32_t kNear = 5;  // lines before a mere call stack that must name the failure

bool is_pager(std::string_view line) {
  return line.find("--More--") != line.npos || line.find("-- More --") != line.npos ||
         line.find("---(more") != line.npos;
}

// A function's name ("abort") says nothing of how it was reached.
bool is_mere_frame(std::string_view line) {
  const std::size_t colon = line.find(": ");
  const bool says = colon != line.npos && colon > 0 &&
                    std::isalpha(static_cast<unsigned char>(line[colon - 1])) != 0;
  return !says && dump_words(line).frame;
}

// The line that names the failure: the strongest, of equals the earliest.
struct Telling {
  std::size_t index = 0;
  Failure failure = Failure::none;
};
Telling telling_line(std::span<const std::string> lines) {
  Telling best;
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (const Failure failure = is_mere_frame(lines[i]) ? Failure::none : failure_in(lines[i]);
        failure >= best.failure && failure != Failure::none) {
      best = {i, failure};
    }
  }
  return best;
}

}  // namespace

void UnknownWatch::forget() {
  together_ = 0;
  shapes_ = frames_ = rows_ = 0;
}

void UnknownWatch::shaped(std::string_view text) {
  const DumpWords words = dump_words(text);
  if (!words.any()) {
    return;
  }
  if (shapes_ == 0) {
    burst_lines_ = registers_ = 0;
    looks_ = 0;
    program_counter_ = stack_ = false;
  }
  shapes_ |= 1U;
  frames_ |= words.frame ? 1U : 0U;
  rows_ |= words.hex_row && words.registers == 0 ? 1U : 0U;
  registers_ += words.registers;
  program_counter_ |= words.program_counter;
  stack_ |= words.stack;
}

bool UnknownWatch::line(std::string_view text, bool known, MonoTime now) {
  if (now - last_ > kPause) {
    forget();
    answer_lines_ = 0;
  }
  last_ = now;
  ++together_;
  known_ = (known_ << 1U) | (known ? 1U : 0U);
  answer_lines_ -= answer_lines_ > 0 ? 1 : 0;
  shapes_ = static_cast<std::uint16_t>((shapes_ << 1U) & kWindowMask);
  frames_ = static_cast<std::uint16_t>((frames_ << 1U) & kWindowMask);
  rows_ = static_cast<std::uint16_t>((rows_ << 1U) & kWindowMask);
  ++burst_lines_;
  if (answer_lines_ == 0 && typed_command(text)) {
    typed();
  }
  if (!may_be_of_dump(text)) {
    return false;
  }
  shaped(text);
  return (shapes_ & 1U) != 0 && answer_lines_ == 0 && looks_ < kMostLooks && judge();
}

bool UnknownWatch::judge() const {
  const int shapes = std::popcount(shapes_);
  const bool only_memory = shapes_ == rows_;
  return !only_memory && (shapes >= kShapedLines || std::popcount(frames_) >= kFrames ||
                          (program_counter_ && registers_ >= kRegisters));
}

std::optional<UnknownWatch::Found> UnknownWatch::dump(std::span<const std::string> last) {
  ++looks_;
  const std::size_t burst = std::min<std::size_t>(burst_lines_ + 1, last.size());
  const std::size_t reach = std::min<std::size_t>({burst + kLookBack, together_, last.size()});
  const std::span<const std::string> seen = last.subspan(last.size() - reach);
  if (std::any_of(seen.begin(), seen.end(), is_pager)) {
    return std::nullopt;
  }
  const Telling telling = telling_line(seen);
  const bool register_set = program_counter_ && registers_ >= kRegisters;
  const std::size_t before = seen.size() - burst;  // where the burst begins
  const std::size_t near = std::popcount(shapes_) >= kShapedLines ? kLookBack : kNear;
  // A mere call stack may be a warning's, or be asked for; registers are only shown by who dies.
  const bool enough = register_set
                          ? telling.failure != Failure::none || stack_
                          : telling.failure == Failure::strong && telling.index + near >= before;
  if (!enough) {
    return std::nullopt;
  }
  Found found{.lines = burst, .title = "Register dump"};
  if (telling.failure != Failure::none) {
    found = {.lines = seen.size() - telling.index, .title = title_from(seen[telling.index])};
  }
  return found.title.empty() ? std::nullopt : std::optional(found);
}

std::optional<UnknownWatch::Found> UnknownWatch::before_boot(std::span<const std::string> last,
                                                             MonoTime now) const {
  if (together_ == 0 || now - last_ > kResetTakes) {
    return std::nullopt;
  }
  const std::size_t reach = std::min<std::size_t>({kBeforeBoot, together_, last.size()});
  const std::span<const std::string> seen = last.subspan(last.size() - reach);
  std::size_t telling = 0;
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool known = ((known_ >> (seen.size() - 1 - i)) & 1U) != 0;
    const bool strong = !known && failure_in(seen[i]) == Failure::strong;
    if (strong && !first) {
      first = i;
    }
    telling += strong || (!known && first && dump_words(seen[i]).any()) ? 1 : 0;
  }
  constexpr std::size_t kTellingLines = 3;
  if (!first || telling < kTellingLines) {
    return std::nullopt;
  }
  return Found{.lines = seen.size() - *first, .title = title_from(seen[*first])};
}

}  // namespace lastgasp
