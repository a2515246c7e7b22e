#include "rules/redaction/redactor.h"

#include <algorithm>

#include "collector/line/control_byte.h"
#include "rules/engine/logger_stamp.h"

namespace lastgasp {
namespace {

constexpr bool is_separator(char c) { return c == ' ' || c == '\t' || c == ':' || c == '='; }

}  // namespace

std::string_view Redactor::feed(const Rules& rules, std::string_view bytes, MonoTime at) {
  rules_ = &rules;
  out_.clear();
  std::size_t keyword = 0;
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t plain = between_lines() ? plain_lines(bytes, done, keyword) : 0;
    if (plain == bytes.size()) return bytes;
    out_.append(bytes.substr(done, plain));
    done += plain;
    if (done < bytes.size()) done += take(bytes.substr(done));
  }
  if (held_since_ == MonoTime{}) held_since_ = at;
  return out_;
}

// The common case without a copy: whole lines from `from` on with no control byte but their ends
// and no keyword. Returns their bytes. `keyword` is where the first keyword of these bytes ends
// that does beyond what is done, looked for once for all lines up to it.
std::size_t Redactor::plain_lines(std::string_view bytes, std::size_t from,
                                  std::size_t& keyword) const {
  std::size_t done = from;
  while (done < bytes.size()) {
    if (keyword <= done) keyword = (*rules_)->keywords().find(bytes, done);
    const std::size_t past = done + find_control(bytes.substr(done, kMaxLineBytes));
    std::size_t end = past;
    while (end < bytes.size() && bytes[end] == '\r') ++end;
    if (end >= bytes.size() || bytes[end] != '\n' || keyword <= past) break;
    done = end + 1;
  }
  return done - from;
}

// Takes text up to the next control byte, or one byte that is no text; returns how many.
std::size_t Redactor::take(std::string_view bytes) {
  const std::size_t run = row_.in_text() ? find_control(bytes) : 0;
  if (run == 0) {
    control(bytes.front());
    return 1;
  }
  text(bytes.substr(0, run));
  return run;
}

// Never more at once than what follows on one row without a break.
void Redactor::text(std::string_view run) {
  while (!run.empty()) {
    const bool breaks = row_.returned() || row_.column() >= kMaxLineBytes;
    if (breaks) settle();
    const std::size_t part = breaks ? 1 : std::min(run.size(), kMaxLineBytes - row_.column());
    put(run.substr(0, part));
    run.remove_prefix(part);
  }
}

void Redactor::put(std::string_view run) {
  row_.feed(run, {}, *this);
  std::size_t column = row_.column() - run.size();
  if (block_ || spills_) begin_ = 0;
  if (column < begin_) forget();
  const auto pass = [&](std::size_t count) {
    out_.append(run.substr(0, count));
    run.remove_prefix(count);
    column += count;
  };
  if (begin_ == kNone) {
    const std::string_view row = row_.row().substr(0, row_.column());
    begin_ = (*rules_)->keywords().find(row, column);
    pass(begin_ == kNone ? run.size() : begin_ - column);
  }
  while (!block_ && !spills_ && !run.empty() && column == begin_ && is_separator(run.front())) {
    ++begin_;
    pass(1);
  }
  if (run.empty()) return;
  if (held_.empty()) {
    held_column_ = column;
    held_since_ = MonoTime{};
  }
  held_.append(run);
}

void Redactor::control(char c) {
  settle();
  row_.feed({&c, 1}, {}, *this);
  if (row_.column() < begin_) forget();
  out_ += c;
}

// The cursor is left of what was a keyword.
void Redactor::forget() {
  begin_ = kNone;
  masked_until_ = 0;
}

void Redactor::settle() {
  if (held_.empty()) return;
  const std::string_view row = row_.row().substr(0, held_column_ + held_.size());
  finding_.secrets.clear();
  judged_ += row.size();
  if (judged_ > kJudgedAtMost) {
    finding_.secrets.push_back({0, row.size()});
  } else if (!block_ || !block_->find(row, finding_.secrets)) {
    (*rules_)->find(row, platform_, finding_);
    if (finding_.begins) next_block_ = {*rules_, finding_.begins};
  }
  if (spills_) finding_.secrets.push_back({0, std::min(row.find_first_of(" \t"), row.size())});
  mask_held();
  out_.append(held_);
  held_.clear();
}

void Redactor::mask_held() {
  auto& secrets = finding_.secrets;
  const auto earlier = [](const Secret& a, const Secret& b) { return a.begin < b.begin; };
  std::sort(secrets.begin(), secrets.end(), earlier);
  const std::size_t first = std::max(begin_, held_column_);
  const std::size_t past = held_column_ + held_.size();
  for (const Secret& secret : secrets) {
    const std::size_t from = std::max(secret.begin, first);
    const std::size_t to = std::min(secret.end, past);
    if (from >= to) continue;
    std::fill(held_.begin() + static_cast<std::ptrdiff_t>(from - held_column_),
              held_.begin() + static_cast<std::ptrdiff_t>(to - held_column_), kMask);
    if (masked_until_ == 0 || from > masked_until_) ++masked_;
    masked_until_ = std::max(masked_until_, to);
    if (watch_ && secret.rule) watch_->on_secret(secret);
  }
}

void Redactor::on_line(const Line& line) {
  // A line too long for the screen is cut, maybe amid a secret.
  judged_ = 0;
  spills_ = line.cut && masked_until_ >= line.text.size();
  forget();
  finding_.secrets.clear();
  if (block_ && !block_->find(line.text, finding_.secrets)) block_.reset();
  if (next_block_) block_ = std::move(next_block_);
  next_block_.reset();
}

std::string_view Redactor::release(const Rules& rules) {
  rules_ = &rules;
  out_.clear();
  settle();
  return out_;
}

std::string_view Redactor::finish(const Rules& rules) {
  release(rules);
  row_.flush(*this);
  forget();
  spills_ = false;
  block_.reset();
  return out_;
}

std::string redacted(const Redactor::Rules& rules, std::string_view text) {
  Redactor redactor;
  std::string out(redactor.feed(rules, text, {}));
  return out.append(redactor.finish(rules));
}

}  // namespace lastgasp
