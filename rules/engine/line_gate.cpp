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

using Halves [[gnu::vector_size(16)]] = std::uint64_t;
bool any(Halves flags) { return (flags[0] | flags[1]) != 0; }

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

LineGate::Marks LineGate::marks_of(const char* step) {
  Lanes front, back;  // halves of each piece
  std::memcpy(&front, step, sizeof front);
  std::memcpy(&back, step + kPieceBytes / 2, sizeof back);
  front |= kAnyCase & 0xffffU;
  back |= kAnyCase & 0xffffU;
  const Lanes mixed = front * 0x9e37U + back * 0x79b9U;  // best in its upper bits
  return {mixed >> (16 - kTableBits), front * 0xca6bU + back * 0x85ebU};
}

LineGate::Marks LineGate::marks_of(Piece piece) {
  char step[kStepReads] = {};
  std::memcpy(step, &piece, kPieceBytes);
  return marks_of(step);
}

LineGate::LineGate(std::vector<std::string> texts, std::string bytes,
                   std::string_view ordinary_text)
    : texts_(std::move(texts)), table_(std::size_t{1} << kTableBits) {
  for (const char byte : bytes) {
    bytes_ += byte;
    if (is_alpha(byte)) bytes_ += static_cast<char>(byte ^ 0x20);
  }
  for (const char byte : bytes_) wanted_.push_back(Sixteen{} + static_cast<unsigned char>(byte));
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
  const Marks marks = marks_of(entry.piece);
  table_[marks.place[0]] |= marks.bits[0];
}

void LineGate::index() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return slot_of(a.piece) < slot_of(b.piece); });
  slots_.assign((std::size_t{1} << kSlotBits) + 1, 0);
  for (const Entry& entry : entries_) ++slots_[slot_of(entry.piece) + 1];
  for (std::size_t i = 1; i < slots_.size(); ++i) slots_[i] += slots_[i - 1];
}

// Not zero in the lanes whose piece may be an entry's.
inline LineGate::Lanes LineGate::listed(const char* step) const {
  const Marks marks = marks_of(step);
  const Lanes& at = marks.place;
  const Lanes known{table_[at[0]], table_[at[1]], table_[at[2]], table_[at[3]],
                    table_[at[4]], table_[at[5]], table_[at[6]], table_[at[7]]};
  return reinterpret_cast<Lanes>((marks.bits & ~known) == 0);
}

void LineGate::find_texts(std::string_view line, std::vector<std::uint32_t>& found) const {
  found.clear();
  const auto find_step = [&](std::size_t at, const char* step) {
    const Lanes lanes = listed(step);
    if (any(reinterpret_cast<Halves>(lanes))) find_listed(line, at, step, lanes, found);
  };
  std::size_t at = 0;
  for (; at + kStepReads <= line.size(); at += kStep) find_step(at, line.data() + at);
  char rest[kStepReads] = {};
  line.copy(rest, sizeof rest, at);
  find_step(at, rest);
}

// `step` holds the line from `at` on, and anything behind its end.
[[gnu::noinline]] void LineGate::find_listed(std::string_view line, std::size_t at,
                                             const char* step, Lanes listed,
                                             std::vector<std::uint32_t>& found) const {
  for (std::size_t lane = 0; lane < kStep / 2; ++lane) {
    const std::size_t here = at + 2 * lane;
    if (here + LineNeeds::kShortestText > line.size()) return;
    if (listed[lane] != 0) find_here(line, here, piece_at(step + 2 * lane), found);
  }
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
  const auto step = [this](const char* from) {
    Sixteen text;
    std::memcpy(&text, from, sizeof text);
    Sixteen found{};
    for (const Sixteen& wanted : wanted_) found |= reinterpret_cast<Sixteen>(text == wanted);
    return any(reinterpret_cast<Halves>(found));
  };
  if (line.size() < sizeof(Sixteen)) return line.find_first_of(bytes_) != line.npos;
  for (std::size_t at = 0; at + sizeof(Sixteen) <= line.size(); at += sizeof(Sixteen))
    if (step(line.data() + at)) return true;
  return step(line.data() + line.size() - sizeof(Sixteen));
}

}  // namespace lastgasp
