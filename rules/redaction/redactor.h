// The secrets of one console, replaced byte for byte by '*' between its source and all that keeps
// or shows its bytes: as many bytes leave as come in, those of secrets masked, all others as they
// were. A pure state machine: no I/O, no clock; belongs to one thread.
//
// What a rule means is what RE2 says of the line as it stands on the screen. Bytes pass at once
// until a keyword stands on their line; what follows the keyword is held until the line ends, the
// console moves the cursor, or kHeldAtMost has passed, and is then masked as the line so far
// demands. So a line without a keyword is never held, and neither is a prompt up to its colon.
// A secret never reaches back over the first keyword of its line, and the spaces, colons and equals
// signs right behind that pass as well: they may have been shown already.
// What leaves depends on the bytes alone, not on how they were split, unless release() is called.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/core/clock.h"
#include "collector/line/line_assembler.h"
#include "rules/redaction/redaction_set.h"

namespace lastgasp {

inline constexpr Micros kHeldAtMost = std::chrono::milliseconds(100);
inline constexpr char kMask = '*';
// Bytes of a line that are judged before it ends, each time it has changed anew. What moves the
// cursor more often than any person is masked unseen: judging it would cost more than it is worth.
inline constexpr std::size_t kJudgedAtMost = 64 * 1024;

// Told of each place that is masked: for whoever explains. A collector needs none.
class RedactionWatch {
 public:
  virtual void on_secret(const Secret& secret) = 0;

 protected:
  ~RedactionWatch() = default;
};

class Redactor final : private LineSink {
 public:
  using Rules = std::shared_ptr<const RedactionSet>;

  // `rules` is not null, and may be another set at the next call: a line that is held is masked by
  // the newest, and a block goes on under the rule that began it. The bytes returned live until the
  // next call, or are `bytes` itself.
  std::string_view feed(const Rules& rules, std::string_view bytes, MonoTime at);
  // What is held leaves now, masked as far as it shows what it is. Call when now has reached due().
  std::string_view release(const Rules& rules);
  // When release() has something to do; MonoTime::max() when never.
  MonoTime due() const { return held_.empty() ? MonoTime::max() : held_since_ + kHeldAtMost; }
  // The stream ended or was cut: as release(), and what comes next is a new line.
  std::string_view finish(const Rules& rules);

  // Empty is unknown.
  void set_platform(std::string_view platform) { platform_ = platform; }
  // `watch` outlives the redactor.
  void watch(RedactionWatch& watch) { watch_ = &watch; }
  // Secrets masked since the start, one for each run of masked bytes on the screen.
  std::uint64_t masked() const { return masked_; }

 private:
  static constexpr std::size_t kNone = std::string_view::npos;

  void on_line(const Line& line) override;

  bool between_lines() const { return !row_.pending() && !block_; }
  std::size_t plain_lines(std::string_view bytes, std::size_t from, std::size_t& keyword) const;
  std::size_t take(std::string_view bytes);
  void text(std::string_view run);
  void put(std::string_view run);
  void control(char c);
  void forget();
  void settle();
  void mask_held();

  const Rules* rules_ = nullptr;  // of the call going on
  std::string platform_;
  RedactionWatch* watch_ = nullptr;
  LineAssembler row_;  // the line as it stands on the screen, unmasked
  std::string out_;
  std::string held_;  // text that stands from held_column_ on; not yet in out_
  std::size_t held_column_ = 0;
  MonoTime held_since_{};
  std::size_t begin_ = kNone;     // from this column on text is held; kNone: no keyword yet
  std::size_t judged_ = 0;        // bytes of this line, as often as they were
  std::size_t masked_until_ = 0;  // the column after the last that was masked on this line
  bool spills_ = false;  // the line before was cut amid a secret: this one begins with its rest
  std::shared_ptr<const RedactionBlock> block_;       // this line may belong to it
  std::shared_ptr<const RedactionBlock> next_block_;  // begun by this line
  RedactionFinding finding_;
  std::uint64_t masked_ = 0;
};

// All of a text that stands alone, masked.
std::string redacted(const Redactor::Rules& rules, std::string_view text);

}  // namespace lastgasp
