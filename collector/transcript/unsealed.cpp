#include "collector/transcript/unsealed.h"

#include <algorithm>
#include <utility>

namespace lastgasp {
namespace {

// As in a block of a day file: the bytes of the records one after the other.
void gather(const std::vector<Record>& records, LoadedBlock& block) {
  block.plain = false;
  block.packed_table.clear();
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += record.bytes.size();
  block.raw.clear();
  block.raw.reserve(bytes);
  block.records = records;
  for (Record& record : block.records) {
    const std::size_t offset = block.raw.size();
    block.raw.append(record.bytes);
    record.bytes = std::string_view(block.raw).substr(offset);
  }
  block.text = block.raw;
}

}  // namespace

void Unsealed::read(Database& hot, std::int64_t committed, std::set<Day> reached) {
  parts_.clear();
  days_.clear();
  reached_ = std::move(reached);
  HotContent next = read_open_lines(hot);
  damaged_ = next.damaged;
  do {
    Part& part = parts_.emplace_back();
    part.content = std::move(next);
    part.in_step = part.content.sealed_seq < committed;
    const bool more =
        read_rows(hot, part.in_step ? committed : INT64_MAX, kPartBytes, part.content);
    part.ends_step = part.in_step && !more;
    part.last = !part.in_step && !more;
    part.last_seq = part.content.last_seq();
    damaged_ += part.content.damaged;
    next = divide(part);
    for (const auto& [day, records] : part.records) part.spans[day] = spans_of(records);
    if (part.ends_step) next.sealed_seq = committed;
    if (parts_.size() > kKeptParts) forget(parts_[parts_.size() - 1 - kKeptParts]);
  } while (!parts_.back().last);
}

// Gives the part its records, and returns what comes after it: the lines that are still open.
HotContent Unsealed::divide(Part& part) {
  LineSplit split = split_of(part.content);
  if (part.ends_step) split.end_stale(part.content.newest());
  place(split.take_whole(), part.in_step, part.records);
  HotContent rest;
  rest.sealed_seq = part.content.last_seq();
  const std::vector<Piece> open = split.open();
  if (part.last) place(open, false, part.records);
  rest.open_lines.raw = frame_of(open);
  rest.open_lines.t1 = part.content.newest();
  for (auto& [day, records] : part.records) {
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.console < b.console; });
  }
  return rest;
}

// Those that a day file has are in the journal no more.
void Unsealed::place(const std::vector<Piece>& pieces, bool in_step, Records& records) {
  for (const Piece& piece : pieces) {
    days_.insert(piece.day);
    if (!in_step || !reached_.contains(piece.day)) records[piece.day].push_back(piece.record);
  }
}

std::vector<Unsealed::ConsoleSpan> Unsealed::spans_of(const std::vector<Record>& records) {
  std::vector<ConsoleSpan> spans;
  for (const Record& record : records) {
    if (spans.empty() || spans.back().console != record.console)
      spans.push_back({record.console, record.at, record.at, 0});
    ConsoleSpan& span = spans.back();
    span.t0 = std::min(span.t0, record.at);
    span.t1 = std::max(span.t1, record.at);
    span.bytes += record.bytes.size();
  }
  return spans;
}

// All but the lines that were open before it, and where to find the rest again.
void Unsealed::forget(Part& part) {
  part.records.clear();
  part.content.rows.clear();
  part.kept = false;
}

std::vector<BlockRef> Unsealed::parts(Day day, const std::set<ConsoleId>* wanted,
                                      const TimeRange& range) const {
  std::vector<BlockRef> parts;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto spans = parts_[i].spans.find(day);
    if (spans == parts_[i].spans.end()) continue;
    BlockRef ref{day, BlockRef::kJournal + static_cast<std::int64_t>(i), WallTime::max(),
                 WallTime::min()};
    for (const ConsoleSpan& span : spans->second) {
      if (wanted && !wanted->contains(span.console)) continue;
      ref.t0 = std::min(ref.t0, span.t0);
      ref.t1 = std::max(ref.t1, span.t1);
      if (wanted) ref.bytes += span.bytes;
    }
    if (ref.t1 >= range.from && ref.t0 < range.to) parts.push_back(ref);
  }
  return parts;
}

void Unsealed::load(Database& hot, const BlockRef& ref, LoadedBlock& block) {
  const Part& part = parts_[static_cast<std::size_t>(ref.id - BlockRef::kJournal)];
  if (part.kept) return gather(part.records.at(ref.day), block);
  Part again;
  again.content.sealed_seq = part.content.sealed_seq;
  again.content.open_lines = part.content.open_lines;
  again.in_step = part.in_step;
  again.ends_step = part.ends_step;
  read_rows(hot, part.last_seq, UINT64_MAX, again.content);
  divide(again);
  gather(again.records.at(ref.day), block);
}

}  // namespace lastgasp
