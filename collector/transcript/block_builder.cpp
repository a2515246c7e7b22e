#include "collector/transcript/block_builder.h"

#include <algorithm>

namespace lastgasp {
namespace {

class Builder {
 public:
  explicit Builder(const std::function<void(const Block&)>& sink) : sink_(sink) {}

  void add(const Piece& piece) {
    if (piece.ends_line && is_line_end(piece.record)) block_.records.push_back(piece.record);
    Record rest = piece.record;
    if (block_.text_bytes + rest.bytes.size() > kBlockBytes && block_.text_bytes > 0) {
      if (!at_line_start_) rest = put_line_end(rest);
      if (at_line_start_) finish();
    }
    while (rest.bytes.size() > kBlockBytes) {
      rest = put_line_end(rest);
      if (at_line_start_) finish();
    }
    put(rest);
    at_line_start_ = piece.ends_line;
  }

  void finish() {
    if (!block_.records.empty()) sink_(block_);
    block_ = {};
  }

 private:
  // Puts what of `record` belongs to the block, up to the end of a line; returns the rest.
  Record put_line_end(Record record) {
    const std::size_t room = kBlockBytes > block_.text_bytes ? kBlockBytes - block_.text_bytes : 1;
    std::size_t newline = record.bytes.substr(0, room).rfind('\n');
    if (newline == std::string_view::npos) newline = record.bytes.find('\n');
    if (newline == std::string_view::npos) newline = record.bytes.size() - 1;
    Record head = record;
    head.bytes = record.bytes.substr(0, newline + 1);
    put(head);
    at_line_start_ = head.bytes.back() == '\n';
    record.bytes.remove_prefix(head.bytes.size());
    return record;
  }

  void put(const Record& record) {
    if (is_line_end(record)) return;
    if (block_.spans.empty() || block_.spans.back().console != record.console) {
      block_.spans.push_back({record.console, record.at, record.at, block_.text_bytes, 0});
    }
    Span& span = block_.spans.back();
    span.t0 = std::min(span.t0, record.at);
    span.t1 = std::max(span.t1, record.at);
    span.length += record.bytes.size();
    block_.text_bytes += record.bytes.size();
    if (!join(record)) block_.records.push_back(record);
  }

  // Two parts of one record become one again.
  bool join(const Record& record) {
    if (block_.records.empty() || record.kind != RecordKind::data) return false;
    Record& last = block_.records.back();
    if (last.console != record.console || last.kind != record.kind || last.at != record.at ||
        last.bytes.data() + last.bytes.size() != record.bytes.data()) {
      return false;
    }
    last.bytes = {last.bytes.data(), last.bytes.size() + record.bytes.size()};
    return true;
  }

  const std::function<void(const Block&)>& sink_;
  Block block_;
  bool at_line_start_ = true;
};

}  // namespace

void build_blocks(std::vector<Piece> pieces, const std::function<void(const Block&)>& sink) {
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return a.record.console < b.record.console;
  });
  Builder builder(sink);
  for (const Piece& piece : pieces) builder.add(piece);
  builder.finish();
}

}  // namespace lastgasp
