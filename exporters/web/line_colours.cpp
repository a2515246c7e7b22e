#include "exporters/web/line_colours.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "collector/line/control_byte.h"
#include "collector/transcript/console_lines.h"

namespace lastgasp {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostSequence = 64;
constexpr Micros kLineGoesOn = std::chrono::seconds(2);  // the last line's bytes may come later

std::vector<ColourRun> runs_of(const std::vector<Look>& looks, std::size_t length) {
  std::vector<ColourRun> runs;
  for (std::size_t i = 0; i < std::min(length, looks.size());) {
    std::size_t end = i + 1;
    while (end < std::min(length, looks.size()) && looks[end] == looks[i]) ++end;
    if (looks[i] != Look{}) runs.push_back({i, end - i, looks[i].classes()});
    i = end;
  }
  return runs;
}

// All lines the console printed in this time; none when there is too much, or nothing coloured.
std::vector<ColouredLine> read_lines(TranscriptReader& store, const std::string& console,
                                     TimeRange range) {
  ColourReader reader;
  ForcedEnd forced;
  std::size_t bytes = 0;
  bool coloured = false;
  store.records({console}, range, [&](std::string_view name, const Record& record) {
    if (name != console || bytes > kMostBytes) return;  // the name has a * in it
    bytes += record.bytes.size();
    coloured |= record.kind == RecordKind::data && record.bytes.find('\x1b') != record.bytes.npos;
    if (record.kind == RecordKind::data) reader.feed(record.bytes, record.at);
    if (forced.after(record)) reader.flush();
  });
  reader.flush();
  return coloured && bytes <= kMostBytes ? reader.take() : std::vector<ColouredLine>();
}

// The runs of `line`, which is among `coloured` from `next` on, or is not.
void take_runs(const FoundLine& line, const std::vector<ColouredLine>& coloured,
               std::vector<ColouredLine>::const_iterator& next, std::vector<ColourRun>& runs) {
  const auto same = std::find_if(next, coloured.end(), [&](const ColouredLine& other) {
    return other.at >= line.at && (other.at > line.at || other.text == line.text);
  });
  if (same == coloured.end() || same->at != line.at) return;
  runs = same->runs;
  next = same + 1;
}

// The lines of each part; nothing at all when they are more than one reads for a page.
std::vector<std::vector<ColouredLine>> read_parts(TranscriptReader& store,
                                                  std::span<const TranscriptReader::Part> parts) {
  struct TooMuch {};
  std::vector<ColourReader> readers(parts.size());
  std::vector<ForcedEnd> forced(parts.size());
  std::size_t bytes = 0;
  try {
    store.records(parts, [&](std::size_t part, const Record& record) {
      if ((bytes += record.bytes.size()) > kMostBytes) throw TooMuch();
      if (record.kind == RecordKind::data) readers[part].feed(record.bytes, record.at);
      if (forced[part].after(record)) readers[part].flush();
    });
  } catch (const TooMuch&) {
    return {};
  }
  std::vector<std::vector<ColouredLine>> lines;
  for (ColourReader& reader : readers) {
    reader.flush();
    lines.push_back(reader.take());
  }
  return lines;
}

}  // namespace

void ColourReader::feed(std::string_view bytes, WallTime at) {
  for (const char c : bytes) byte(c, at);
}

void ColourReader::byte(char c, WallTime at) {
  const bool text = assembler_.in_text();
  const std::size_t column = assembler_.returned() ? 0 : assembler_.column();
  line_ended_ = false;
  assembler_.feed({&c, 1}, {at, {}}, *this);
  looks_.resize(assembler_.row().size());
  if (!text) {
    if (sequence_.size() < kMostSequence) sequence_ += c;
    if (c == 'm' && assembler_.in_text() && sequence_.starts_with('['))
      look_.apply(std::string_view(sequence_).substr(1, sequence_.size() - 2));
    return;
  }
  sequence_.clear();
  const std::size_t place = line_ended_ ? 0 : column;
  if (!control_byte(c) && place < looks_.size()) looks_[place] = look_;
}

void ColourReader::flush() {
  assembler_.flush(*this);
  assembler_ = {};
  looks_.clear();
}

void ColourReader::on_line(const Line& line) {
  line_ended_ = true;
  looks_.resize(std::max(looks_.size(), line.text.size()));
  lines_.push_back({line.at.wall, std::string(line.text), runs_of(looks_, line.text.size())});
  looks_.clear();
}

std::vector<std::vector<ColourRun>> colours_of(TranscriptReader& store,
                                               std::span<const FoundLine> lines) {
  if (lines.empty()) return {};
  const auto coloured =
      read_lines(store, lines.front().console, {lines.front().at, lines.back().at + kLineGoesOn});
  if (coloured.empty()) return {};
  std::vector<std::vector<ColourRun>> runs(lines.size());
  auto next = coloured.begin();
  for (std::size_t i = 0; i < lines.size(); ++i) take_runs(lines[i], coloured, next, runs[i]);
  return runs;
}

std::vector<std::vector<ColourRun>> colours_of_hits(TranscriptReader& store,
                                                    std::span<const FoundLine> lines) {
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return lines[a].id() < lines[b].id(); });
  std::vector<TranscriptReader::Part> parts;
  std::vector<std::size_t> part_of(lines.size());
  for (const std::size_t i : order) {
    const FoundLine& line = lines[i];
    const TimeRange around{line.at - kLineGoesOn, line.at + kLineGoesOn};
    const bool near = !parts.empty() && parts.back().console == line.console &&
                      around.from <= parts.back().range.to;
    if (near)
      parts.back().range.to = around.to;
    else
      parts.push_back({line.console, around});
    part_of[i] = parts.size() - 1;
  }
  const auto coloured = read_parts(store, parts);
  std::vector<std::vector<ColourRun>> runs(lines.size());
  if (coloured.empty()) return runs;
  auto next = coloured.front().begin();
  std::size_t part = SIZE_MAX;
  for (const std::size_t i : order) {
    if (std::exchange(part, part_of[i]) != part_of[i]) next = coloured[part].begin();
    take_runs(lines[i], coloured[part], next, runs[i]);
  }
  return runs;
}

}  // namespace lastgasp
