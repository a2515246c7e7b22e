#include "collector/transcript/sealer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collector/transcript/day_writer.h"
#include "collector/transcript/hot_content.h"
#include "collector/transcript/line_split.h"
#include "collector/transcript/schema.h"

namespace lastgasp {
namespace {

std::optional<std::string> name_in(Database& hot, ConsoleId id) {
  Statement select(hot, "SELECT name FROM console WHERE id=?");
  if (!select.bind(1, id).step()) return std::nullopt;
  return select.text(0);
}

SealedStep step_of(std::int64_t seq, const std::vector<Piece>& open, Packer& packer) {
  SealedStep step;
  step.seq = seq;
  if (!open.empty()) step.open_t0 = step.open_t1 = open.front().record.at;
  for (const Piece& piece : open) {
    step.open_t0 = std::min(step.open_t0, piece.record.at);
    step.open_t1 = std::max(step.open_t1, piece.record.at);
  }
  const std::string frame = frame_of(open);
  step.open_raw_len = frame.size();
  step.open_lines = packer.pack(frame);
  step.open_crc = checksum(step.open_lines);
  return step;
}

std::map<Day, std::vector<Piece>> by_day(std::vector<Piece> pieces) {
  std::map<Day, std::vector<Piece>> days;
  const auto of_first_day = [&](const Piece& piece) { return piece.day == pieces.front().day; };
  if (!std::all_of(pieces.begin(), pieces.end(), of_first_day)) {
    for (const Piece& piece : pieces) days[piece.day].push_back(piece);
  } else if (!pieces.empty()) {
    const Day day = pieces.front().day;
    days[day] = std::move(pieces);
  }
  return days;
}

}  // namespace

Sealer::Sealer(const std::filesystem::path& folder, std::int64_t sealed_seq, UnpackedRows& unpacked)
    : folder_(folder),
      unpacked_(unpacked),
      hot_(Database::open_read_only(hot_path(folder))),
      days_(folder),
      repack_(folder),
      begun_seq_(sealed_seq) {}

// The last row of the journal when the newest `leave` bytes are left out; any when that is all.
std::int64_t Sealer::last_row(std::uint64_t leave) {
  if (leave == 0) return INT64_MAX;
  Statement select(hot_, "SELECT seq,raw_len FROM journal ORDER BY seq DESC");
  std::uint64_t left = 0;
  while (select.step()) {
    if (left >= leave) return select.integer(0);
    left += static_cast<std::uint64_t>(select.integer(1));
  }
  return INT64_MAX;
}

std::optional<SealedStep> Sealer::step(std::uint64_t leave, std::uint64_t most) {
  HotContent content = read_hot(hot_, 0, last_row(leave), most, &unpacked_);
  if (content.rows.empty()) return std::nullopt;
  // A step that was begun is taken again exactly as it was.
  const bool begun = begun_seq_ > content.sealed_seq && begun_seq_ >= content.rows.front().seq;
  if (begun) content = read_hot(hot_, 0, begun_seq_);

  LineSplit split = split_of(content);
  split.end_stale(content.newest());
  std::map<Day, std::vector<Piece>> days = by_day(split.take_whole());
  begun_seq_ = content.last_seq();
  const auto name_of = [this](ConsoleId id) { return name_in(hot_, id); };
  for (const auto& [day, pieces] : days) {
    days_.write(day, pieces, begun_seq_, name_of);
    repack_.written(day);
  }
  SealedStep step = step_of(begun_seq_, split.open(), packer_);
  step.damaged_rows = content.damaged;
  step.rows = content.rows.size();
  for (const HotContent::Row& row : content.rows) step.raw_bytes += row.raw.size();
  return step;
}

}  // namespace lastgasp
