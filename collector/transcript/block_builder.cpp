#include "collector/transcript/block_builder.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace lastgasp {
namespace {

// A read longer than this is put in parts, so that a block can end within.
constexpr std::size_t kPieceBytes = 16 << 10;

// Takes whole lines off the front of `record`, at least one, all of it when there is no line end.
Record take_lines(Record& record) {
  std::size_t newline = record.bytes.substr(0, kPieceBytes).rfind('\n');
  if (newline == std::string_view::npos) newline = record.bytes.find('\n');
  if (newline == std::string_view::npos) newline = record.bytes.size() - 1;
  Record head = record;
  head.bytes = record.bytes.substr(0, newline + 1);
  record.bytes.remove_prefix(newline + 1);
  return head;
}

// The numbers of the pieces, console by console, those of one as they are. Counted, not compared:
// a step has many pieces of few consoles.
std::vector<std::uint32_t> by_console(std::span<const Piece> pieces) {
  std::unordered_map<ConsoleId, std::uint32_t> places;
  for (const Piece& piece : pieces) ++places[piece.record.console];
  std::uint32_t begin = 0;
  for (const auto& [console, count] : std::map(places.begin(), places.end())) {
    places[console] = begin;
    begin += count;
  }
  std::vector<std::uint32_t> order(pieces.size());
  for (std::uint32_t i = 0; i < pieces.size(); ++i) order[places[pieces[i].record.console]++] = i;
  return order;
}

}  // namespace

void BlockBuilder::add(const Piece& piece) {
  const auto end_if_enough = [this] {
    if (filter_.full() || block_.text_bytes >= kMostBlockBytes) finish();
  };
  if (is_line_end(piece.record)) {
    // Where a block has ended, the line has too.
    if (!block_.records.empty()) {
      block_.records.push_back(piece.record);
      assemble(piece.record);
    }
    return;
  }
  Record rest = piece.record;
  while (rest.kind == RecordKind::data && rest.bytes.size() > kPieceBytes) {
    const Record lines = take_lines(rest);
    put(lines);
    if (lines.bytes.ends_with('\n')) end_if_enough();
  }
  if (rest.kind != RecordKind::data || !rest.bytes.empty()) put(rest);
  if (piece.ends_line) end_if_enough();
}

void BlockBuilder::finish() {
  if (block_.records.empty()) return;
  end_console();
  block_.grams = filter_.take();
  sink_(block_);
  block_ = {};
}

void BlockBuilder::put(const Record& record) {
  if (block_.spans.empty() || block_.spans.back().console != record.console) end_console();
  add_span(record);
  block_.text_bytes += record.bytes.size();
  assemble(record);
  if (!join(record)) block_.records.push_back(record);
}

void BlockBuilder::add_span(const Record& record) {
  if (block_.spans.empty() || block_.spans.back().console != record.console) {
    block_.spans.push_back({record.console, record.at, record.at, block_.text_bytes, 0});
  }
  Span& span = block_.spans.back();
  span.t0 = std::min(span.t0, record.at);
  span.t1 = std::max(span.t1, record.at);
  span.length += record.bytes.size();
}

// Two parts of one record become one again.
bool BlockBuilder::join(const Record& record) {
  if (block_.records.empty() || record.kind != RecordKind::data) return false;
  Record& last = block_.records.back();
  if (last.console != record.console || last.kind != record.kind || last.at != record.at ||
      last.bytes.data() + last.bytes.size() != record.bytes.data()) {
    return false;
  }
  last.bytes = {last.bytes.data(), last.bytes.size() + record.bytes.size()};
  return true;
}

void BlockBuilder::assemble(const Record& record) {
  if (record.kind == RecordKind::data) {
    assembler_.feed(record.bytes, {record.at, {}}, *this);
  } else {
    filter_.add(record.bytes);
  }
  if (forced_.after(record)) end_console();
}

void BlockBuilder::end_console() {
  assembler_.flush(*this);
  assembler_ = {};
  forced_ = {};
}

void build_blocks(std::span<const Piece> pieces, const std::function<void(const Block&)>& sink) {
  BlockBuilder builder(sink);
  for (const std::uint32_t piece : by_console(pieces)) builder.add(pieces[piece]);
  builder.finish();
}

}  // namespace lastgasp
