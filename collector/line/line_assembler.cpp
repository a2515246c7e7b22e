#include "collector/line/line_assembler.h"

#include <algorithm>

#include "collector/line/control_byte.h"

namespace lastgasp {
namespace {

// A sequence whose end was lost must not swallow the console.
constexpr std::uint16_t kMaxCsiBytes = 32;
constexpr std::uint16_t kMaxStringBytes = 512;
constexpr int kMaxParameter = 9999;

}  // namespace

void LineAssembler::feed(std::string_view bytes, Instant at, LineSink& sink) {
  if (bytes.empty()) return;
  now_ = at;
  if (!pending()) begun_at_ = at;
  shown_ = false;
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (state_ == State::text && !pending()) i += whole_lines(bytes.substr(i), at, sink);
    if (i < bytes.size() && state_ == State::text) i += text_run(bytes.substr(i), sink);
    if (i >= bytes.size()) break;
    const char c = bytes[i++];
    ++offset_;
    switch (state_) {
      case State::text:
      case State::cr:
        text_byte(c, sink);
        break;
      case State::escape:
        escape_byte(c, sink);
        break;
      case State::csi:
        csi_byte(c, sink);
        break;
      case State::string:
      case State::string_escape:
        string_byte(c, sink);
        break;
    }
  }
}

// The common case without a copy: lines that begin and end within `bytes`, with nothing to clean.
// Returns the bytes consumed.
std::size_t LineAssembler::whole_lines(std::string_view bytes, Instant at, LineSink& sink) {
  std::size_t consumed = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(consumed);
    const std::size_t length = find_control(rest.substr(0, kMaxLineBytes));
    std::size_t end = length;
    while (end < rest.size() && rest[end] == '\r') ++end;
    if (end >= rest.size() || rest[end] != '\n') return consumed;
    ++end;
    const Line line{rest.substr(0, length), at, line_number_, offset_, offset_ + end};
    offset_ += end;
    consumed += end;
    line_begin_ = offset_;
    line_number_ = ++newlines_ + 1;
    row_ = 0;
    sink.on_line(line);
  }
}

// Appends the printable bytes at the front; stops at the first control byte.
std::size_t LineAssembler::text_run(std::string_view bytes, LineSink& sink) {
  const std::size_t length = find_control(bytes);
  std::size_t done = 0;
  while (done < length) {
    if (column_ < text_.size()) {
      put(bytes[done++]);
      ++offset_;
      continue;
    }
    const std::size_t part = std::min(length - done, kMaxLineBytes - text_.size());
    text_.append(bytes.substr(done, part));
    column_ = text_.size();
    offset_ += part;
    done += part;
    if (text_.size() >= kMaxLineBytes && done < length) end_line(sink, true);
  }
  return length;
}

void LineAssembler::put(char c) {
  if (column_ < text_.size()) {
    text_[column_++] = c;
  } else if (text_.size() < kMaxLineBytes) {
    text_ += c;
    column_ = text_.size();
  }
}

void LineAssembler::text_byte(char c, LineSink& sink) {
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '\n':
      ++newlines_;
      row_ = 0;
      return end_line(sink, false);
    case '\r':
      state_ = State::cr;
      return;
    case '\0':
      return;  // telnet pads CR with NUL
    case '\b':
      if (column_ == 0) return;
      if (column_-- == text_.size()) text_.pop_back();
      return;
    case 0x1b:
      if (state_ == State::cr) column_ = 0;
      state_ = State::escape;
      sequence_length_ = 0;
      return;
    case '\v':
    case '\f':
      return end_row(sink);
    default:
      break;
  }
  if (byte != '\t' && (byte < 0x20 || byte == 0x7f)) return;
  if (state_ == State::cr) {
    column_ = 0;
    state_ = State::text;
  }
  if (column_ == text_.size() && text_.size() >= kMaxLineBytes) end_line(sink, true);
  put(c);
}

void LineAssembler::escape_byte(char c, LineSink& sink) {
  state_ = State::text;
  if (control_byte(c)) return text_byte(c, sink);
  if (c >= 0x20 && c <= 0x2f && ++sequence_length_ < kMaxCsiBytes) {
    state_ = State::escape;  // an intermediate, as in ESC ( B
    return;
  }
  if (sequence_length_ > 0) return;
  switch (c) {
    case '[':
      state_ = State::csi;
      parameter_ = 0;
      parameters_[0] = parameters_[1] = 0;
      return;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      state_ = State::string;
      return;
    case 'D':
    case 'E':
    case 'M':
    case 'c':
      return end_row(sink);
    default:
      return;
  }
}

void LineAssembler::csi_byte(char c, LineSink& sink) {
  if (control_byte(c) || ++sequence_length_ > kMaxCsiBytes) {
    state_ = State::text;
    return text_byte(c, sink);
  }
  if (c >= '0' && c <= '9') {
    if (parameter_ < 2) {
      int& value = parameters_[parameter_];
      value = std::min(value * 10 + (c - '0'), kMaxParameter);
    }
  } else if (c == ';') {
    if (parameter_ < 2) ++parameter_;
  } else if (c >= 0x40) {
    state_ = State::text;
    csi_final(c, sink);
  }
}

void LineAssembler::csi_final(char c, LineSink& sink) {
  switch (c) {
    case 'H':
    case 'f':
      return move_to_row(std::max(parameters_[0], 1), std::max(parameters_[1], 1), sink);
    case 'd':
      return move_to_row(std::max(parameters_[0], 1), 1, sink);
    case 'A':
    case 'B':
    case 'E':
    case 'F':
    case 'J':
    case 'S':
    case 'T':
      return end_row(sink);
    case 'K':
      if (parameters_[0] == 0) {
        text_.resize(std::min(column_, text_.size()));
      } else {
        text_.clear();
        column_ = 0;
      }
      return;
    default:
      return;  // colours and modes
  }
}

// Operating-system commands and the like: skipped up to BEL, ESC \ or a line end.
void LineAssembler::string_byte(char c, LineSink& sink) {
  const bool terminated = c == 0x07 || (state_ == State::string_escape && c == '\\');
  if (terminated) {
    state_ = State::text;
    return;
  }
  if (c == '\n' || c == '\r' || ++sequence_length_ > kMaxStringBytes) {
    state_ = State::text;
    return text_byte(c, sink);
  }
  state_ = c == 0x1b ? State::string_escape : State::string;
}

void LineAssembler::move_to_row(int row, int column, LineSink& sink) {
  if (row != row_) {
    end_row(sink);
    row_ = row;
    return;
  }
  const auto target = std::min<std::size_t>(static_cast<std::size_t>(column - 1), kMaxLineBytes);
  if (target > text_.size()) text_.resize(target, ' ');
  column_ = target;
}

// The cursor left the row: what stands there is a line, if anything does.
void LineAssembler::end_row(LineSink& sink) {
  row_ = 0;
  state_ = State::text;
  if (!text_.empty()) end_line(sink, false);
}

void LineAssembler::end_line(LineSink& sink, bool cut) {
  const Line line{text_, begun_at_, line_number_, line_begin_, offset_, false, cut};
  sink.on_line(line);
  text_.clear();
  column_ = 0;
  state_ = State::text;
  shown_ = false;
  line_begin_ = offset_;
  line_number_ = newlines_ + 1;
  begun_at_ = now_;
}

void LineAssembler::quiet(Instant now, LineSink& sink) {
  if (now.mono < partial_due()) return;
  shown_ = true;
  sink.on_line({text_, begun_at_, line_number_, line_begin_, offset_, true, false});
}

void LineAssembler::flush(LineSink& sink) {
  if (!text_.empty()) end_line(sink, false);
  state_ = State::text;
  line_begin_ = offset_;
}

MonoTime LineAssembler::partial_due() const {
  if (!pending() || text_.empty() || shown_) return MonoTime::max();
  return now_.mono + kPartialAfter;
}

}  // namespace lastgasp
