#include "collector/transcript/console_lines.h"

#include <string.h>

#include <algorithm>

#include "collector/line/control_byte.h"

namespace lastgasp {

bool ForcedEnd::after(const Record& record) {
  const bool data = record.kind == RecordKind::data && !record.bytes.empty();
  const void* const newline =
      data ? memrchr(record.bytes.data(), '\n', record.bytes.size()) : nullptr;
  open_bytes_ = newline ? static_cast<std::size_t>(record.bytes.data() + record.bytes.size() -
                                                   static_cast<const char*>(newline) - 1)
                        : open_bytes_ + record.bytes.size();
  const bool ends = record.kind != RecordKind::data || is_line_end(record) ||
                    open_bytes_ >= LineSplit::kMaxOpenBytes;
  if (ends) open_bytes_ = 0;
  return ends;
}

std::optional<std::string_view> ConsoleLines::contiguous(std::span<const Record> records) {
  if (records.empty()) return std::nullopt;
  const char* const begin = records.front().bytes.data();
  const char* end = begin;
  for (const Record& record : records) {
    if (record.kind != RecordKind::data || record.bytes.empty() || record.bytes.data() != end)
      return std::nullopt;
    end += record.bytes.size();
  }
  return std::string_view(begin, static_cast<std::size_t>(end - begin));
}

void ConsoleLines::assemble(std::span<const Record> records, bool plain) {
  entries_.clear();
  if (split_plain(records, plain)) return;
  assembled_.clear();
  entries_.clear();
  LineAssembler assembler;
  ForcedEnd forced;
  for (const Record& record : records) {
    const bool data = record.kind == RecordKind::data;
    if (data) assembler.feed(record.bytes, {record.at, {}}, *this);
    if (forced.after(record)) {
      assembler.flush(*this);
      assembler = {};
    }
    if (!data) add(record.at, record.kind, record.bytes);
  }
  assembler.flush(*this);
  text_ = assembled_;
}

// The common case: what the assembler would do, at a fifth of the cost. False when it might do
// something else.
bool ConsoleLines::split_plain(std::span<const Record> records, bool plain) {
  const auto text = contiguous(records);
  if (!text || (!plain && !is_plain(*text))) return false;
  text_ = *text;
  auto record = records.begin();
  std::size_t record_end = record->bytes.size();
  for (std::size_t begin = 0; begin < text_.size();) {
    while (record_end <= begin) record_end += (++record)->bytes.size();
    const void* const newline = memchr(text_.data() + begin, '\n', text_.size() - begin);
    const std::size_t end =
        newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - text_.data())
                : text_.size();
    std::size_t length = end - begin;
    while (length > 0 && text_[begin + length - 1] == '\r') --length;
    if (length > kMaxLineBytes) return false;
    if (newline || length > 0) add_entry(record->at, RecordKind::data, begin, length);
    begin = end + 1;
  }
  return true;
}

std::size_t ConsoleLines::line_at(std::size_t offset) const {
  const auto after =
      std::upper_bound(entries_.begin(), entries_.end(), offset,
                       [](std::size_t at, const Entry& entry) { return at < entry.offset; });
  return static_cast<std::size_t>(after - entries_.begin()) - 1;
}

void ConsoleLines::add(WallTime at, RecordKind kind, std::string_view text) {
  add_entry(at, kind, assembled_.size(), text.size());
  assembled_.append(text);
  assembled_ += '\n';
}

void ConsoleLines::add_entry(WallTime at, RecordKind kind, std::size_t offset, std::size_t length) {
  const bool again = !entries_.empty() && entries_.back().at == at;
  const std::size_t nth = again ? entries_.back().nth + 1 : 0;
  entries_.push_back({at, kind, offset, length, nth});
}

}  // namespace lastgasp
