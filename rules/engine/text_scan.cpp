#include "rules/engine/text_scan.h"

#include <limits>
#include <utility>

#include "rules/engine/characters.h"
#include "rules/engine/ordinary_text.h"

namespace lastgasp {

// How often pieces are in ordinary text, at any place.
class TextScan::Rarity {
 public:
  Rarity() {
    const std::string_view text = ordinary_text();
    for (std::size_t i = 0; i + kPieceBytes <= text.size(); ++i)
      pieces_.push_back(piece_at(&text[i]));
    std::sort(pieces_.begin(), pieces_.end());
  }
  std::size_t of(Piece piece) const {
    const auto [begin, end] = std::equal_range(pieces_.begin(), pieces_.end(), piece);
    return static_cast<std::size_t>(end - begin);
  }

 private:
  std::vector<Piece> pieces_;  // each as often as it is there, rising
};

TextScan::Marks TextScan::marks_of(Piece piece) {
  char step[kStepReads] = {};
  std::memcpy(step, &piece, kPieceBytes);
  return marks_of(step);
}

TextScan::TextScan(std::vector<std::string> texts)
    : texts_(std::move(texts)), table_(std::size_t{1} << kTableBits) {
  const Rarity rarity;
  for (std::uint32_t text = 0; text < texts_.size(); ++text)
    for (const int parity : {0, 1}) add_text(text, parity, rarity);
  index();
}

// A piece of the text at an offset of this parity; where it is too short for one, all that begin a
// byte before it.
void TextScan::add_text(std::uint32_t text, int parity, const Rarity& rarity) {
  const std::string& bytes = texts_[text];
  Entry best{.text = text};
  std::size_t rarest = std::numeric_limits<std::size_t>::max();
  for (auto offset = static_cast<std::size_t>(parity); offset + kPieceBytes <= bytes.size();
       offset += 2) {
    const Piece piece = piece_at(bytes.data() + offset);
    if (rarity.of(piece) >= rarest) continue;
    rarest = rarity.of(piece);
    best.piece = piece;
    best.offset = static_cast<std::int32_t>(offset);
  }
  if (rarest != std::numeric_limits<std::size_t>::max()) return add(best);
  add_shifted(text, parity == 0 ? 0 : -1);
}

// With any byte before the text (offset -1), or after a text of three.
void TextScan::add_shifted(std::uint32_t text, int offset) {
  const std::string_view three = std::string_view(texts_[text]).substr(0, kPieceBytes - 1);
  for (int any = 0; any < 256; ++any) {
    if ((any & 0x20) == 0) continue;
    const char byte = static_cast<char>(any);
    char bytes[kPieceBytes];
    std::copy(three.begin(), three.end(), bytes + (offset == 0 ? 0 : 1));
    bytes[offset == 0 ? kPieceBytes - 1 : 0] = byte;
    add({.piece = piece_at(bytes), .text = text, .offset = offset});
  }
}

void TextScan::add(Entry entry) {
  const std::string& text = texts_[entry.text];
  entry.length = static_cast<std::uint32_t>(text.size());
  if (entry.length >= kPieceBytes) {
    const auto last = static_cast<std::int32_t>(text.size() - kPieceBytes);
    entry.other_offset = static_cast<std::uint32_t>(2 * entry.offset > last ? 0 : last);
    entry.other = piece_at(text.data() + entry.other_offset);
  }
  entries_.push_back(entry);
  const Marks marks = marks_of(entry.piece);
  table_[marks.place[0]] |= marks.bits[0];
}

void TextScan::index() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return slot_of(a.piece) < slot_of(b.piece); });
  slots_.assign((std::size_t{1} << kSlotBits) + 1, 0);
  for (const Entry& entry : entries_) ++slots_[slot_of(entry.piece) + 1];
  for (std::size_t i = 1; i < slots_.size(); ++i) slots_[i] += slots_[i - 1];
}

// `at` is where the piece of the entry is.
bool TextScan::stands_at(const Entry& entry, std::string_view text, std::size_t at) const {
  const auto begin = static_cast<std::int64_t>(at) - entry.offset;
  if (begin < 0 || static_cast<std::size_t>(begin) + entry.length > text.size()) return false;
  const char* const from = text.data() + begin;
  if (entry.length >= kPieceBytes && piece_at(from + entry.other_offset) != entry.other)
    return false;
  const std::string& wanted = texts_[entry.text];
  return std::equal(wanted.begin(), wanted.end(), from,
                    [](char a, char b) { return a == lower(b); });
}

}  // namespace lastgasp
