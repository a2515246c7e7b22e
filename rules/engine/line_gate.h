// Which of many texts a line holds, and whether any of a few bytes: asked of every line before RE2
// is, and many times cheaper. Internal to this folder. Immutable; safe from any thread.
//
// The texts are looked for by pieces of four bytes, at every second place of the line: each text
// has a piece at an even and one at an odd place within it, whichever ordinary text holds least
// often. A table of 64 KiB tells which pieces are none, eight at a step and nearly always at once.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/line_needs.h"

namespace lastgasp {

class LineGate {
 public:
  static constexpr std::size_t kMostBytes = 8;

  // `texts` as in LineNeeds; of `bytes`, at most kMostBytes.
  LineGate(std::vector<std::string> texts, std::string bytes, std::string_view ordinary_text);

  // Replaces `found` by the numbers of the texts in `line`, each once, in no order.
  void find_texts(std::string_view line, std::vector<std::uint32_t>& found) const;
  bool has_byte(std::string_view line) const;

 private:
  // Four bytes of a line with bit 5 of each set, which makes a letter of either case the same.
  using Piece = std::uint32_t;
  struct Entry {
    Piece piece = 0;
    std::uint32_t text = 0;
    std::int32_t offset = 0;  // of the piece in the text; -1: one byte before it
  };
  // Where the pieces at eight even places of a line are in the table, and which bits each has
  // there.
  using Lanes [[gnu::vector_size(16)]] = std::uint16_t;
  struct Marks {
    Lanes place, bits;
  };
  static constexpr std::size_t kStep = 16;              // bytes of a line
  static constexpr std::size_t kStepReads = kStep + 2;  // the last piece begins at 14
  static constexpr unsigned kTableBits = 15, kSlotBits = 14;

  static Piece piece_at(const char* at);
  static Marks marks_of(const char* step);  // reads kStepReads bytes
  static Marks marks_of(Piece piece);       // of the first lane
  static std::uint32_t slot_of(Piece piece) { return piece * 0x9e3779b1U >> (32 - kSlotBits); }

  using Sixteen [[gnu::vector_size(16)]] = unsigned char;

  class Rarity;
  void add_text(std::uint32_t text, int parity, const Rarity& rarity);
  void add_shifted(std::uint32_t text, int offset);
  void add(const Entry& entry);
  void index();

  Lanes listed(const char* step) const;
  void find_listed(std::string_view line, std::size_t at, const char* step, Lanes listed,
                   std::vector<std::uint32_t>& found) const;
  void find_here(std::string_view line, std::size_t at, Piece piece,
                 std::vector<std::uint32_t>& found) const;

  std::vector<std::string> texts_;
  std::string bytes_;                 // both cases of letters
  std::vector<Sixteen> wanted_;       // each of them in all places
  std::vector<std::uint16_t> table_;  // the bits of all entries
  std::vector<Entry> entries_;        // by slot
  std::vector<std::uint32_t> slots_;  // where the entries of a slot begin; one more than slots
};

}  // namespace lastgasp
