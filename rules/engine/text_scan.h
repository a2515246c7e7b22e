// Where any of many texts stand in another, in any case of letters: asked of every line before RE2
// is, and many times cheaper. Immutable; safe from any thread.
//
// The texts are looked for by pieces of four bytes, at every second place: each text has a piece at
// an even and one at an odd place within it, whichever ordinary text holds least often. A table of
// 64 KiB tells which pieces are none, eight at a step and nearly always at once.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

class TextScan {
 public:
  static constexpr std::size_t kShortest = 3;  // bytes of a text

  // `texts` of kShortest bytes or more, without capitals.
  explicit TextScan(std::vector<std::string> texts);

  const std::vector<std::string>& texts() const { return texts_; }

  // Calls found(number of the text, where it begins) for each that stands in `text` and begins
  // behind `from`, or at 0 when that is 0; in no order. It returns where to end: what ends beyond
  // is not looked for.
  template <typename Found>
  void each(std::string_view text, std::size_t from, Found found) const;

 private:
  // Four bytes with bit 5 of each set, which makes a letter of either case the same.
  using Piece = std::uint32_t;
  // A text by one of its pieces. Another, as far off as can be, is compared before the text itself
  // is looked at, which is rarely in the cache, and rarely there.
  struct Entry {
    Piece piece = 0, other = 0;
    std::uint32_t text = 0;
    std::int32_t offset = 0;  // of the piece in the text; -1: one byte before it
    std::uint32_t other_offset = 0;
    std::uint32_t length = 0;  // of the text
  };
  // Where the pieces at eight even places of a step are in the table, and which bits each has
  // there.
  using Lanes [[gnu::vector_size(16)]] = std::uint16_t;
  using Halves [[gnu::vector_size(16)]] = std::uint64_t;
  struct Marks {
    Lanes place, bits;
  };
  static constexpr std::size_t kPieceBytes = 4;
  static constexpr std::uint32_t kAnyCase = 0x20202020;
  static constexpr std::size_t kStep = 16;              // bytes
  static constexpr std::size_t kStepReads = kStep + 2;  // the last piece begins at 14
  static constexpr unsigned kTableBits = 15, kSlotBits = 14;

  static Piece piece_at(const char* at);
  static Marks marks_of(const char* step);  // reads kStepReads bytes
  static Marks marks_of(Piece piece);       // of the first lane
  static std::uint32_t slot_of(Piece piece) { return piece * 0x9e3779b1U >> (32 - kSlotBits); }

  class Rarity;
  void add_text(std::uint32_t text, int parity, const Rarity& rarity);
  void add_shifted(std::uint32_t text, int offset);
  void add(Entry entry);
  void index();

  Lanes listed(const char* step) const;
  bool stands_at(const Entry& entry, std::string_view text, std::size_t at) const;
  template <typename Found>
  void each_of_step(std::string_view text, std::size_t at, Lanes listed, const char* step,
                    std::size_t& end, Found& found) const;
  template <typename Found>
  void each_of_piece(std::string_view text, std::size_t at, Piece piece, std::size_t& end,
                     Found& found) const;

  std::vector<std::string> texts_;
  std::vector<std::uint16_t> table_;  // the bits of all entries
  std::vector<Entry> entries_;        // by slot
  std::vector<std::uint32_t> slots_;  // where the entries of a slot begin; one more than slots
};

inline TextScan::Piece TextScan::piece_at(const char* at) {
  Piece piece;
  std::memcpy(&piece, at, kPieceBytes);
  return piece | kAnyCase;
}

inline TextScan::Marks TextScan::marks_of(const char* step) {
  Lanes front, back;  // halves of each piece
  std::memcpy(&front, step, sizeof front);
  std::memcpy(&back, step + kPieceBytes / 2, sizeof back);
  front |= kAnyCase & 0xffffU;
  back |= kAnyCase & 0xffffU;
  const Lanes mixed = front * 0x9e37U + back * 0x79b9U;  // best in its upper bits
  return {mixed >> (16 - kTableBits), front * 0xca6bU + back * 0x85ebU};
}

// Not zero in the lanes whose piece may be an entry's.
inline TextScan::Lanes TextScan::listed(const char* step) const {
  const Marks marks = marks_of(step);
  const Lanes& at = marks.place;
  const Lanes known{table_[at[0]], table_[at[1]], table_[at[2]], table_[at[3]],
                    table_[at[4]], table_[at[5]], table_[at[6]], table_[at[7]]};
  return reinterpret_cast<Lanes>((marks.bits & ~known) == 0);
}

template <typename Found>
void TextScan::each(std::string_view text, std::size_t from, Found found) const {
  std::size_t end = text.size();
  const auto look = [&](std::size_t at, const char* step) {
    const Lanes lanes = listed(step);
    const auto halves = reinterpret_cast<Halves>(lanes);
    if ((halves[0] | halves[1]) != 0) each_of_step(text, at, lanes, step, end, found);
  };
  std::size_t at = from;
  for (; at + kStepReads <= end; at += kStep) look(at, text.data() + at);
  if (at >= end) return;
  char rest[kStepReads] = {};
  text.copy(rest, sizeof rest, at);
  look(at, rest);
}

// `step` holds the text from `at` on, and anything behind its end.
template <typename Found>
[[gnu::noinline]] void TextScan::each_of_step(std::string_view text, std::size_t at, Lanes listed,
                                              const char* step, std::size_t& end,
                                              Found& found) const {
  static_assert(std::endian::native == std::endian::little, "the first lane is the lowest");
  constexpr std::uint64_t kOneOfEach = 0x0001000100010001;
  const auto halves = reinterpret_cast<Halves>(listed);
  for (const std::size_t half : {0U, 1U}) {
    for (std::uint64_t lanes = halves[half] & kOneOfEach; lanes != 0; lanes &= lanes - 1) {
      const auto place = half * kStep / 2 + static_cast<std::size_t>(std::countr_zero(lanes)) / 8;
      if (at + place + kShortest > end) return;
      each_of_piece(text, at + place, piece_at(step + place), end, found);
    }
  }
}

template <typename Found>
void TextScan::each_of_piece(std::string_view text, std::size_t at, Piece piece, std::size_t& end,
                             Found& found) const {
  const std::uint32_t slot = slot_of(piece);
  for (std::uint32_t i = slots_[slot]; i < slots_[slot + 1]; ++i) {
    const Entry& entry = entries_[i];
    if (entry.piece == piece && stands_at(entry, text, at))
      end = std::min(end, found(entry.text, at - static_cast<std::size_t>(entry.offset)));
  }
}

}  // namespace lastgasp
