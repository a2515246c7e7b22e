#include "collector/transcript/line_split.h"

#include <algorithm>
#include <utility>

namespace lastgasp {
namespace {

Record part_of(const Record& record, std::size_t from, std::size_t to = std::string_view::npos) {
  Record part = record;
  part.bytes = record.bytes.substr(from, to == std::string_view::npos ? to : to - from);
  return part;
}

}  // namespace

// A step has a few rows of very many records: what they take is not doubled for the last of them.
void LineSplit::add(std::span<const Record> records) {
  const std::size_t wanted = whole_.size() + records.size();
  if (wanted > whole_.capacity()) whole_.reserve(std::max(wanted, whole_.capacity() * 5 / 4));
  for (const Record& record : records) add(record);
}

void LineSplit::add(const Record& record) {
  Line& line = open_[record.console];
  if (record.kind == RecordKind::data) {
    add_data(record, line);
  } else {
    end(line);
    whole_.push_back({record, day_of(record.at), true});
  }
}

void LineSplit::add_data(const Record& record, Line& line) {
  std::size_t begin = 0;
  if (!line.parts.empty()) {
    const std::size_t newline = record.bytes.find('\n');
    if (newline == std::string_view::npos) return extend(record, line);
    begin = newline + 1;
    extend(part_of(record, 0, begin), line);
    end(line);
  }
  const std::size_t last = record.bytes.rfind('\n');
  const std::size_t whole = last == std::string_view::npos || last < begin ? begin : last + 1;
  if (whole > begin) whole_.push_back({part_of(record, begin, whole), day_of(record.at), true});
  if (whole < record.bytes.size()) extend(part_of(record, whole), line);
}

void LineSplit::extend(const Record& part, Line& line) {
  if (line.parts.empty()) line.day = day_of(part.at);
  line.parts.push_back(part);
  line.bytes += part.bytes.size();
  if (line.bytes >= kMaxOpenBytes) end(line);
}

void LineSplit::end(Line& line) {
  for (const Record& part : line.parts) whole_.push_back({part, line.day, false});
  if (!line.parts.empty()) whole_.back().ends_line = true;
  line.parts.clear();
  line.bytes = 0;
}

void LineSplit::end_stale(WallTime newest) {
  for (auto& [console, line] : open_) {
    if (!line.parts.empty() && line.parts.front().at < newest - kMaxOpenAge) end(line);
  }
}

std::vector<Piece> LineSplit::take_whole() { return std::exchange(whole_, {}); }

std::vector<Piece> LineSplit::open() const {
  std::vector<Piece> pieces;
  for (const auto& [console, line] : open_) {
    for (const Record& part : line.parts) pieces.push_back({part, line.day, false});
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return a.record.console < b.record.console;
  });
  return pieces;
}

}  // namespace lastgasp
