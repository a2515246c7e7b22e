#include "exporters/web/line_colours.h"

#include <algorithm>
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
  auto coloured =
      read_lines(store, lines.front().console, {lines.front().at, lines.back().at + kLineGoesOn});
  if (coloured.empty()) return {};
  std::vector<std::vector<ColourRun>> runs(lines.size());
  auto next = coloured.begin();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto same = std::find_if(next, coloured.end(), [&](const ColouredLine& line) {
      return line.at >= lines[i].at && (line.at > lines[i].at || line.text == lines[i].text);
    });
    if (same == coloured.end() || same->at != lines[i].at) continue;
    runs[i] = std::move(same->runs);
    next = same + 1;
  }
  return runs;
}

}  // namespace lastgasp
