// Bytes of one console into lines, as a person would read them on a screen: the cleaned view that
// rules and search share. A pure state machine: no I/O, no clock, and no allocation once its buffer
// has grown to the longest line. Belongs to one thread.
//
// CR LF, LF and CR CR LF end one line. A lone CR starts overwriting from the first column, and what
// was last on the screen is the line. Backspace moves left. NUL and other control bytes but tab are
// dropped. CSI, OSC, DCS and two-byte ESC sequences are removed; one that moves the cursor to
// another row, or erases the screen, ends the line, since boot menus have almost no newlines. Lines
// are cut at kMaxLineBytes and the rest goes on as the next line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collector/core/clock.h"

namespace lastgasp {

inline constexpr std::size_t kMaxLineBytes = 4096;
inline constexpr Micros kPartialAfter = std::chrono::milliseconds(300);

struct Line {
  std::string_view text;     // cleaned, without the line end; valid until the sink returns
  Instant at;                // arrival of the read that held the line's first byte
  std::uint64_t number = 0;  // 1 + LF bytes in the stream before the line's first byte
  std::uint64_t begin = 0;   // offset of its first raw byte in the stream fed so far
  std::uint64_t end = 0;     // offset past its last raw byte, line end included
  bool partial = false;      // not ended yet: a prompt; the whole line follows if it goes on
  bool cut = false;          // ended by kMaxLineBytes, not by the console
};

class LineSink {
 public:
  virtual void on_line(const Line& line) = 0;

 protected:
  ~LineSink() = default;
};

class LineAssembler {
 public:
  // Calls sink.on_line once for every line that ends within `bytes`.
  void feed(std::string_view bytes, Instant at, LineSink& sink);
  // The line has been quiet until `now`: when an unended tail is older than kPartialAfter and was
  // not shown before, shows it as a partial line. It is still held and joined with what follows.
  void quiet(Instant now, LineSink& sink);
  // The stream ended or was cut (disconnect, gap): ends an unended tail as a line.
  void flush(LineSink& sink);
  // When quiet() next has something to do; MonoTime::max() when never.
  MonoTime partial_due() const;
  // Whether bytes of an unended line are held.
  bool pending() const { return line_begin_ != offset_; }

  // The unended line as it stands on the screen, and where its next byte goes.
  std::string_view row() const { return text_; }
  std::size_t column() const { return column_; }
  // Whether a printable byte that came now would stand on the screen: no escape sequence is open.
  bool in_text() const { return state_ == State::text || state_ == State::cr; }
  // Whether it would go to the first column, the console having gone back there.
  bool returned() const { return state_ == State::cr; }

 private:
  enum class State : std::uint8_t { text, cr, escape, csi, string, string_escape };

  std::size_t whole_lines(std::string_view bytes, Instant at, LineSink& sink);
  std::size_t text_run(std::string_view bytes, LineSink& sink);
  void put(char c);
  void text_byte(char c, LineSink& sink);
  void escape_byte(char c, LineSink& sink);
  void csi_byte(char c, LineSink& sink);
  void csi_final(char c, LineSink& sink);
  void string_byte(char c, LineSink& sink);
  void move_to_row(int row, int column, LineSink& sink);
  void end_row(LineSink& sink);
  void end_line(LineSink& sink, bool cut);

  std::string text_;          // the line so far, as on the screen
  std::size_t column_ = 0;    // where the next byte goes; < text_.size() when overwriting
  std::uint64_t offset_ = 0;  // raw bytes consumed
  std::uint64_t line_begin_ = 0;
  std::uint64_t newlines_ = 0;  // LF bytes consumed
  std::uint64_t line_number_ = 1;
  Instant begun_at_{};
  Instant now_{};  // arrival of the bytes being fed
  State state_ = State::text;
  bool shown_ = false;                 // what is held was shown as a partial line
  std::uint16_t sequence_length_ = 0;  // of the escape sequence being read
  std::uint8_t parameter_ = 0;         // of a CSI sequence: which is being read
  int parameters_[2] = {0, 0};
  int row_ = 0;  // where the last absolute cursor move went; 0 unknown
};

}  // namespace lastgasp
