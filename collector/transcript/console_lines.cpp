#include "collector/transcript/console_lines.h"

namespace lastgasp {

void ConsoleLines::assemble(std::span<const Record> records) {
  text_.clear();
  entries_.clear();
  LineAssembler assembler;
  for (const Record& record : records) {
    if (record.kind == RecordKind::data) {
      assembler.feed(record.bytes, {record.at, {}}, *this);
    } else {
      assembler.flush(*this);
      add(record.at, record.kind, record.bytes);
    }
  }
  assembler.flush(*this);
}

void ConsoleLines::add(WallTime at, RecordKind kind, std::string_view text) {
  entries_.push_back({at, kind, text_.size(), text.size()});
  text_.append(text);
  text_ += '\n';
}

}  // namespace lastgasp
