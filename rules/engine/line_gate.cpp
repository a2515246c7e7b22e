#include "rules/engine/line_gate.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

#include "rules/engine/characters.h"

namespace lastgasp {
namespace {

constexpr std::size_t kPieceBytes = 4;
constexpr std::uint32_t kAnyCase = 0x20202020;

// `folded` has no capitals.
bool same_in_any_case(std::string_view text, std::string_view folded) {
  return std::equal(text.begin(), text.end(), folded.begin(), folded.end(),
                    [](char a, char b) { return lower(a) == b; });
}

}  // namespace

// How often pieces are in ordinary text, at any place.
class LineGate::Rarity {
 public:
  explicit Rarity(std::string_view ordinary_text) {
    for (std::size_t i = 0; i + kPieceBytes <= ordinary_text.size(); ++i)
      ++counts_[piece_at(ordinary_text.data() + i)];
  }
  std::size_t of(Piece piece) const {
    const auto found = counts_.find(piece);
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<Piece, std::size_t> counts_;
};

LineGate::Piece LineGate::piece_at(const char* at) {
  Piece piece;
  std::memcpy(&piece, at, kPieceBytes);
  return piece | kAnyCase;
}

LineGate::LineGate(std::vector<std::string> texts, std::string bytes,
                   std::string_view ordinary_text)
    : texts_(std::move(texts)), bitmap_((std::size_t{1} << kBitmapBits) / 64) {
  for (const char byte : bytes) {
    bytes_ += byte;
    if (is_alpha(byte)) bytes_ += static_cast<char>(byte ^ 0x20);
  }
  const Rarity rarity(ordinary_text);
  for (std::uint32_t text = 0; text < texts_.size(); ++text)
    for (const int parity : {0, 1}) add_text(text, parity, rarity);
  index();
}

// A piece of the text at an offset of this parity; where it is too short for one, all that begin a
// byte before it.
void LineGate::add_text(std::uint32_t text, int parity, const Rarity& rarity) {
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
void LineGate::add_shifted(std::uint32_t text, int offset) {
  const std::string_view three = std::string_view(texts_[text]).substr(0, kPieceBytes - 1);
  for (int any = 0; any < 256; ++any) {
    if ((any & 0x20) == 0) continue;
    const char byte = static_cast<char>(any);
    char bytes[kPieceBytes];
    std::copy(three.begin(), three.end(), bytes + (offset == 0 ? 0 : 1));
    bytes[offset == 0 ? kPieceBytes - 1 : 0] = byte;
    add({piece_at(bytes), text, offset});
  }
}

void LineGate::add(const Entry& entry) {
  entries_.push_back(entry);
  const std::uint32_t bit = bit_of(entry.piece);
  bitmap_[bit >> 6U] |= std::uint64_t{1} << (bit & 63U);
}

void LineGate::index() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return slot_of(a.piece) < slot_of(b.piece); });
  slots_.assign((std::size_t{1} << kSlotBits) + 1, 0);
  for (const Entry& entry : entries_) ++slots_[slot_of(entry.piece) + 1];
  for (std::size_t i = 1; i < slots_.size(); ++i) slots_[i] += slots_[i - 1];
}

void LineGate::find_texts(std::string_view line, std::vector<std::uint32_t>& found) const {
  found.clear();
  std::size_t at = 0;
  for (; at + kPieceBytes <= line.size(); at += 2) {
    const Piece piece = piece_at(line.data() + at);
    if (is_listed(piece)) find_here(line, at, piece, found);
  }
  if (at + kPieceBytes != line.size() + 1) return;
  // A text of three bytes at the very end.
  char last[kPieceBytes] = {};
  std::copy_n(line.data() + at, kPieceBytes - 1, last);
  const Piece piece = piece_at(last);
  if (is_listed(piece)) find_here(line, at, piece, found);
}

void LineGate::find_here(std::string_view line, std::size_t at, Piece piece,
                         std::vector<std::uint32_t>& found) const {
  const std::uint32_t slot = slot_of(piece);
  for (std::uint32_t i = slots_[slot]; i < slots_[slot + 1]; ++i) {
    const Entry& entry = entries_[i];
    if (entry.piece != piece) continue;
    const std::string& text = texts_[entry.text];
    const auto begin = static_cast<std::int64_t>(at) - entry.offset;
    if (begin < 0) continue;
    const std::string_view here = line.substr(static_cast<std::size_t>(begin), text.size());
    if (same_in_any_case(here, text) &&
        std::find(found.begin(), found.end(), entry.text) == found.end())
      found.push_back(entry.text);
  }
}

// Sixteen bytes at a step.
bool LineGate::has_byte(std::string_view line) const {
  using Sixteen [[gnu::vector_size(16)]] = unsigned char;
  const auto step = [this](const char* from) {
    Sixteen text;
    std::memcpy(&text, from, sizeof text);
    Sixteen found{};
    for (const char byte : bytes_)
      found |= reinterpret_cast<Sixteen>(text == static_cast<unsigned char>(byte));
    std::uint64_t halves[2];
    std::memcpy(halves, &found, sizeof found);
    return (halves[0] | halves[1]) != 0;
  };
  if (line.size() < sizeof(Sixteen)) return line.find_first_of(bytes_) != line.npos;
  for (std::size_t at = 0; at + sizeof(Sixteen) <= line.size(); at += sizeof(Sixteen))
    if (step(line.data() + at)) return true;
  return step(line.data() + line.size() - sizeof(Sixteen));
}

}  // namespace lastgasp
