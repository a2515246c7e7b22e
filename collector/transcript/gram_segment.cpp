#include "collector/transcript/gram_segment.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

constexpr std::size_t kPartBytes = 4096;
constexpr int kPartBits = 20;  // of the id of a part

std::size_t row_bytes(std::size_t columns) { return (columns + 63) / 64 * 8; }
std::size_t rows_of_part(std::size_t columns) { return kPartBytes / row_bytes(columns); }

std::int64_t part_id(std::int64_t segment, std::size_t part) {
  return (segment << kPartBits) | static_cast<std::int64_t>(part);
}

std::string encode(const std::vector<GramColumn>& columns) {
  std::string out;
  GramBlock before;
  for (const auto& [block, grams] : columns) {
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

bool decode(std::string_view in, std::vector<GramBlock>& blocks) {
  std::int64_t id = 0, t0 = 0;
  while (!in.empty()) {
    const auto id_step = take_varint(in);
    const auto t0_step = id_step ? take_varint(in) : std::nullopt;
    const auto length = t0_step ? take_varint(in) : std::nullopt;
    if (!length) return false;
    id = sum(id, *id_step);
    t0 = sum(t0, *t0_step);
    blocks.push_back({id, from_unix_micros(t0), from_unix_micros(sum(t0, *length))});
  }
  return !blocks.empty() && blocks.size() <= kMostGramColumns;
}

// Sets a column in every row of `rows` whose bit `set`, repeated as often as fits, has.
void put_column(std::string_view set, std::size_t first_row, std::size_t count, std::size_t width,
                std::size_t column, std::string& rows) {
  char* const at = rows.data() + column / 8;
  const auto bit = static_cast<char>(1 << (column % 8));
  const std::size_t mask = set.size() * 8 - 1;
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t of_set = (first_row + row) & mask;
    if (((static_cast<unsigned char>(set[of_set / 8]) >> (of_set % 8)) & 1U) != 0) {
      at[row * width] = static_cast<char>(at[row * width] | bit);
    }
  }
}

void write_segment(Database& db, Packer& packer, int bits, const std::vector<GramColumn>& columns) {
  Statement last(db, "SELECT ifnull(max(id),0)+1 FROM gram_segment");
  last.step();
  const std::int64_t segment = last.integer(0);
  const std::string blocks = encode(columns);
  Statement(db, "INSERT INTO gram_segment VALUES(?,?,?)")
      .bind(1, segment)
      .bind(2, bits)
      .bind_blob(3, blocks)
      .run();
  Statement put(db, "INSERT INTO gram_part VALUES(?,?,?)");
  const std::size_t width = row_bytes(columns.size()), rows = rows_of_part(columns.size());
  const std::size_t all = std::size_t{1} << bits;
  std::string part;
  for (std::size_t first = 0; first < all; first += rows) {
    const std::size_t count = std::min(rows, all - first);
    part.assign(count * width, '\0');
    for (std::size_t column = 0; column < columns.size(); ++column) {
      put_column(columns[column].grams.bytes, first, count, width, column, part);
    }
    const std::string_view packed = packer.pack(part);
    put.bind(1, part_id(segment, first / rows)).bind(2, checksum(packed));
    put.bind_blob(3, packed).run();
  }
}

}  // namespace

void write_gram_segment(Database& db, Packer& packer, const std::vector<GramColumn>& columns) {
  write_segment(db, packer, columns.front().grams.bits, columns);
}

void write_gram_segments(Database& db, Packer& packer, std::vector<GramColumn> columns) {
  constexpr std::size_t kFew = 32;
  std::map<int, std::vector<GramColumn>> by_bits;
  for (GramColumn& column : columns) by_bits[column.grams.bits].push_back(std::move(column));
  for (auto group = by_bits.begin(); group != by_bits.end(); ++group) {
    auto& [bits, members] = *group;
    const auto next = std::next(group);
    if (next != by_bits.end() && members.size() <= std::max(kFew, next->second.size() / 8)) {
      std::move(members.begin(), members.end(), std::back_inserter(next->second));
      continue;
    }
    std::sort(members.begin(), members.end(),
              [](const GramColumn& a, const GramColumn& b) { return a.block.id < b.block.id; });
    for (std::size_t first = 0; first < members.size(); first += kMostGramColumns) {
      const auto begin = members.begin() + static_cast<std::ptrdiff_t>(first);
      const auto count = std::min(kMostGramColumns, members.size() - first);
      write_segment(db, packer, bits,
                    {std::make_move_iterator(begin),
                     std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count))});
    }
  }
}

std::vector<GramSegment> GramSegment::all(Database& db) {
  std::vector<GramSegment> segments;
  if (!db.has_table("gram_part")) return segments;
  Statement select(db, "SELECT id,bits,blks FROM gram_segment");
  while (select.step()) {
    GramSegment segment;
    segment.id_ = select.integer(0);
    segment.bits_ = static_cast<int>(select.integer(1));
    const bool sound = segment.bits_ >= kLeastGramBits && segment.bits_ <= kMostGramBits &&
                       decode(select.bytes(2), segment.blocks_);
    if (sound) segments.push_back(std::move(segment));
  }
  return segments;
}

bool GramSegment::and_row(Statement& select_part, GramHash gram, Row& row,
                          std::string& scratch) const {
  const std::size_t number = gram & ((GramHash{1} << bits_) - 1);
  const std::size_t width = row_bytes(blocks_.size()), rows = rows_of_part(blocks_.size());
  const std::size_t first = number / rows * rows;
  const std::size_t count = std::min(rows, (std::size_t{1} << bits_) - first);
  select_part.reset();
  select_part.bind(1, part_id(id_, number / rows));
  if (!select_part.step() ||
      !unpack(select_part.bytes(1), static_cast<std::uint32_t>(select_part.integer(0)),
              count * width, scratch)) {
    return false;
  }
  const char* at = scratch.data() + (number - first) * width;
  for (std::uint64_t& all : row) {
    std::uint64_t word = 0;
    for (int byte = 7; byte >= 0; --byte) {
      word = word << 8 | static_cast<unsigned char>(at[byte]);
    }
    all &= word;
    at += 8;
  }
  return true;
}

}  // namespace lastgasp
