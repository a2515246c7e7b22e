#include "collector/transcript/gram_segment.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

static_assert(std::endian::native == std::endian::little, "bit b of a set is bit b of its words");

constexpr std::size_t kStripe = 64;  // rows turned at once
constexpr std::size_t kStripes = (std::size_t{1} << kGramBits) / kStripe;
constexpr std::size_t kPartBytes = 2048;
constexpr int kPartBits = 20;  // of the id of a part

std::size_t row_bytes(std::size_t columns) { return (columns + 63) / 64 * 8; }

// As many as fit a part, of those that divide a stripe.
std::size_t rows_of_part(std::size_t columns) {
  return std::bit_floor(std::clamp(kPartBytes / row_bytes(columns), std::size_t{1}, kStripe));
}

std::int64_t part_id(std::int64_t segment, std::size_t part) {
  return (segment << kPartBits) | static_cast<std::int64_t>(part);
}

std::string encode_gram_blocks(const std::vector<GramBlock>& blocks) {
  std::string out;
  GramBlock before;
  for (const GramBlock& block : blocks) {
    append_varint(out, zigzag(block.id - before.id));
    append_varint(out, zigzag(unix_micros(block.t0) - unix_micros(before.t0)));
    append_varint(out, zigzag((block.t1 - block.t0).count()));
    before = block;
  }
  return out;
}

// Sums wrap instead of overflowing: damaged input must stay defined.
std::int64_t sum(std::int64_t a, std::uint64_t zigzagged) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) +
                                   static_cast<std::uint64_t>(unzigzag(zigzagged)));
}

// The columns of `blks`; nothing unless there are `columns` of them.
std::optional<std::vector<GramBlock>> decode_gram_blocks(std::string_view list,
                                                         std::size_t columns) {
  std::vector<GramBlock> blocks;
  std::int64_t id = 0, t0 = 0;
  while (!list.empty()) {
    const auto id_step = take_varint(list);
    const auto t0_step = id_step ? take_varint(list) : std::nullopt;
    const auto length = t0_step ? take_varint(list) : std::nullopt;
    if (!length || blocks.size() == columns) return std::nullopt;
    id = sum(id, *id_step);
    t0 = sum(t0, *t0_step);
    blocks.push_back({id, from_unix_micros(t0), from_unix_micros(sum(t0, *length))});
  }
  if (blocks.size() != columns) return std::nullopt;
  return blocks;
}

using BitMatrix = std::array<std::uint64_t, 64>;

// Bit c of word r becomes bit r of word c: swaps ever smaller quarters.
void transpose(BitMatrix& matrix) {
  std::uint64_t mask = 0x00000000FFFFFFFF;
  for (std::size_t half = 32; half > 0; half /= 2, mask ^= mask << half) {
    for (std::size_t r = 0; r < 64; r = (r + half + 1) & ~half) {
      const std::uint64_t swapped = ((matrix[r] >> half) ^ matrix[r + half]) & mask;
      matrix[r] ^= swapped << half;
      matrix[r + half] ^= swapped;
    }
  }
}

// The rows of the 64 bits from 64 * `stripe`, one after the other.
void turn_stripe(std::span<const GramColumn> columns, std::size_t stripe, std::string& rows) {
  const std::size_t width = row_bytes(columns.size());
  for (std::size_t first = 0; first < columns.size(); first += 64) {
    BitMatrix matrix{};
    const std::size_t count = std::min<std::size_t>(64, columns.size() - first);
    for (std::size_t c = 0; c < count; ++c) {
      std::memcpy(&matrix[c], columns[first + c].grams.bytes.data() + stripe * 8, 8);
    }
    transpose(matrix);
    for (std::size_t r = 0; r < kStripe; ++r) {
      std::memcpy(rows.data() + r * width + first / 8, &matrix[r], 8);
    }
  }
}

// A part is packed when it has fewer bytes than its rows.
std::string_view smaller(std::string_view rows, std::string_view packed) {
  return packed.size() < rows.size() ? packed : rows;
}

// The rows of a stored part; null when it is damaged.
const char* rows_in(std::string_view part, std::uint32_t crc, std::size_t bytes,
                    std::string& scratch) {
  if (part.size() == bytes) return checksum(part) == crc ? part.data() : nullptr;
  return unpack(part, crc, bytes, scratch) ? scratch.data() : nullptr;
}

// A new segment, stripe by stripe.
class SegmentWriter {
 public:
  SegmentWriter(Database& db, Packer* packer, const std::vector<GramBlock>& blocks)
      : packer_(packer),
        put_(db, "INSERT INTO gram_rows VALUES(?,?,?)"),
        width_(row_bytes(blocks.size())),
        rows_(rows_of_part(blocks.size())) {
    Statement last(db, "SELECT ifnull(max(id),0)+1 FROM gram_columns");
    last.step();
    id_ = last.integer(0);
    const std::string list = encode_gram_blocks(blocks);
    Statement put(db, "INSERT INTO gram_columns VALUES(?,?,?,?)");
    put.bind(1, id_).bind(2, static_cast<std::int64_t>(blocks.size())).bind(3, checksum(list));
    put.bind_blob(4, list).run();
  }

  std::size_t width() const { return width_; }
  // The 64 rows from 64 * `stripe`.
  void put(std::size_t stripe, std::string_view rows) {
    for (std::size_t first = 0; first < kStripe; first += rows_) {
      std::string_view part = rows.substr(first * width_, rows_ * width_);
      if (packer_) part = smaller(part, packer_->pack(part));
      put_.bind(1, part_id(id_, (stripe * kStripe + first) / rows_)).bind(2, checksum(part));
      put_.bind_blob(3, part).run();
    }
  }

 private:
  Packer* packer_;
  Statement put_;
  std::size_t width_, rows_;
  std::int64_t id_ = 0;
};

}  // namespace

void write_gram_segment(Database& db, Packer* packer, std::span<const GramColumn> columns) {
  std::vector<GramBlock> blocks;
  for (const GramColumn& column : columns) blocks.push_back(column.block);
  SegmentWriter writer(db, packer, blocks);
  std::string rows(kStripe * writer.width(), '\0');
  for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
    turn_stripe(columns, stripe, rows);
    writer.put(stripe, rows);
  }
}

bool merge_gram_segments(Database& db, Packer& packer, std::span<const GramSegment> segments) {
  std::vector<GramBlock> blocks;
  for (const GramSegment& segment : segments) {
    const auto some = segment.blocks(db);
    if (!some || segment.columns() % 64 != 0) return false;
    blocks.insert(blocks.end(), some->begin(), some->end());
  }
  if (blocks.size() > kMostGramColumns) return false;
  SegmentWriter writer(db, &packer, blocks);
  Statement select(db, GramSegment::kSelectRows);
  std::string rows(kStripe * writer.width(), '\0'), scratch;
  for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
    std::size_t column = 0;
    for (const GramSegment& segment : segments) {
      segment.copy_stripe(select, stripe, rows.data() + column / 8, writer.width(), scratch);
      column += segment.columns();
    }
    writer.put(stripe, rows);
  }
  for (const GramSegment& segment : segments) {
    Statement(db, "DELETE FROM gram_columns WHERE id=?").bind(1, segment.id()).run();
    Statement(db, "DELETE FROM gram_rows WHERE id>=? AND id<?")
        .bind(1, part_id(segment.id(), 0))
        .bind(2, part_id(segment.id() + 1, 0))
        .run();
  }
  return true;
}

std::vector<GramSegment> GramSegment::all(Database& db) {
  std::vector<GramSegment> segments;
  Statement select(db, "SELECT id,n FROM gram_columns ORDER BY id");
  while (select.step()) {
    const std::int64_t columns = select.integer(1);
    if (columns > 0 && columns <= static_cast<std::int64_t>(kMostGramColumns))
      segments.emplace_back(select.integer(0), static_cast<std::size_t>(columns));
  }
  return segments;
}

std::optional<std::vector<GramBlock>> GramSegment::blocks(Database& db) const {
  Statement select(db, "SELECT crc,blks FROM gram_columns WHERE id=?");
  if (!select.bind(1, id_).step()) return std::nullopt;
  const std::string_view list = select.bytes(1);
  if (checksum(list) != static_cast<std::uint32_t>(select.integer(0))) return std::nullopt;
  return decode_gram_blocks(list, columns_);
}

std::size_t GramSegment::read_sets(Database& db, std::vector<GramSet>& sets) const {
  sets.assign(columns_, {std::string(kGramSetBytes, '\0')});
  Statement select(db, kSelectRows);
  const std::size_t width = row_bytes(columns_);
  std::string rows(kStripe * width, '\0'), scratch;
  std::size_t lost = 0;
  for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
    lost += copy_stripe(select, stripe, rows.data(), width, scratch);
    for (std::size_t first = 0; first < columns_; first += 64) {
      BitMatrix matrix;
      for (std::size_t r = 0; r < kStripe; ++r)
        std::memcpy(&matrix[r], rows.data() + r * width + first / 8, 8);
      transpose(matrix);
      for (std::size_t c = first; c < std::min(first + 64, columns_); ++c)
        std::memcpy(sets[c].bytes.data() + stripe * 8, &matrix[c - first], 8);
    }
  }
  return lost;
}

std::size_t GramSegment::copy_stripe(Statement& select_rows, std::size_t stripe, char* to,
                                     std::size_t step, std::string& scratch) const {
  const std::size_t width = row_bytes(columns_), rows = rows_of_part(columns_);
  std::size_t lost = 0;
  for (std::size_t first = 0; first < kStripe; first += rows) {
    const char* const part = read_part(select_rows, stripe * kStripe + first, scratch);
    if (!part) lost += rows;
    for (std::size_t r = 0; r < rows; ++r, to += step) {
      part ? std::memcpy(to, part + r * width, width) : std::memset(to, 0xff, width);
    }
  }
  return lost;
}

// Of the rows that the part with `row` has; null when it is lost.
const char* GramSegment::read_part(Statement& select_rows, std::size_t row,
                                   std::string& scratch) const {
  const std::size_t rows = rows_of_part(columns_);
  select_rows.reset();
  select_rows.bind(1, part_id(id_, row / rows));
  if (!select_rows.step()) return nullptr;
  return rows_in(select_rows.bytes(1), static_cast<std::uint32_t>(select_rows.integer(0)),
                 rows * row_bytes(columns_), scratch);
}

bool GramSegment::and_row(Statement& select_rows, GramHash gram, Row& row,
                          std::string& scratch) const {
  const char* const part = read_part(select_rows, gram, scratch);
  if (!part) return false;
  const char* at = part + gram % rows_of_part(columns_) * row_bytes(columns_);
  for (std::uint64_t& all : row) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    all &= word;
    at += 8;
  }
  return true;
}

std::optional<GramColumn> stored_gram_set(const Statement& row) {
  const std::string_view bytes = row.bytes(4);
  if (bytes.size() != kGramSetBytes ||
      checksum(bytes) != static_cast<std::uint32_t>(row.integer(3))) {
    return std::nullopt;
  }
  return GramColumn{
      {row.integer(0), from_unix_micros(row.integer(1)), from_unix_micros(row.integer(2))},
      {std::string(bytes)}};
}

}  // namespace lastgasp
