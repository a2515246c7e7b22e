#include "collector/transcript/console_lines.h"

namespace lastgasp {

bool ForcedEnd::after(const Record& record) {
  const std::size_t newline =
      record.kind == RecordKind::data ? record.bytes.rfind('\n') : std::string_view::npos;
  open_bytes_ = newline == std::string_view::npos ? open_bytes_ + record.bytes.size()
                                                  : record.bytes.size() - newline - 1;
  const bool ends = record.kind != RecordKind::data || is_line_end(record) ||
                    open_bytes_ >= LineSplit::kMaxOpenBytes;
  if (ends) open_bytes_ = 0;
  return ends;
}

void ConsoleLines::assemble(std::span<const Record> records) {
  text_.clear();
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
}

void ConsoleLines::add(WallTime at, RecordKind kind, std::string_view text) {
  const bool again = !entries_.empty() && entries_.back().at == at;
  const std::size_t nth = again ? entries_.back().nth + 1 : 0;
  entries_.push_back({at, kind, text_.size(), text.size(), nth});
  text_.append(text);
  text_ += '\n';
}

}  // namespace lastgasp
