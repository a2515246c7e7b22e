// Records as bytes, in the two forms README.md describes: a journal frame (records one after the
// other, as they came) and a block (a table of records, then the text of them all). Both are stored
// compressed with a checksum. Pure; decoding takes any bytes and never reads past them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/transcript/record.h"

namespace lastgasp {

class TextDictionary;

// Appends `record` to a frame whose previous record was at `previous` (0 before the first), and
// moves `previous` on. Never allocates when `frame` has room.
void append_to_frame(std::string& frame, const Record& record, std::int64_t& previous);
// The most a record adds to a frame besides its bytes.
inline constexpr std::size_t kRecordOverhead = 32;
// Appends the records of `frame`; their bytes are views of it. False when the frame is damaged:
// then the records before the damage were appended.
bool decode_frame(std::string_view frame, std::vector<Record>& out);

struct EncodedBlock {
  std::string bytes;
  std::size_t table_bytes = 0;  // before the text
  bool plain = false;           // is_plain() was asked of the text, and it is: readers need not

  std::string_view text() const { return std::string_view(bytes).substr(table_bytes); }
};
EncodedBlock encode_block(const std::vector<Record>& records);
// As decode_frame, but all or nothing.
bool decode_block(std::string_view block, std::vector<Record>& out);

// Of the records of one block, which lie one after the other.
std::string_view text_of(std::span<const Record> records);

std::uint32_t checksum(std::string_view bytes);

enum class PackLevel {
  fast,  // level 3 is slower and no smaller on console text
  keep,  // for good, when there is time: a sixth smaller, at four times the CPU
};

// Compresses; keeps its workspace from one call to the next. One thread.
class Packer {
 public:
  explicit Packer(PackLevel level);
  ~Packer();
  // What the texts have in common, from the next call on; null is nothing.
  void use(const TextDictionary* dictionary);
  // Valid until the next call.
  std::string_view pack(std::string_view raw);
  // The table and the text each by itself: numbers among words make both larger.
  std::string_view pack(const EncodedBlock& block);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Undoes either pack() into `raw`. False when the bytes are not what was packed, or were packed
// with another dictionary.
bool unpack(std::string_view packed, std::uint32_t crc, std::uint64_t raw_len, std::string& raw,
            const TextDictionary* dictionary = nullptr);

// Whether a packed block says that its text is plain.
bool is_marked_plain(std::string_view packed);
// The same of a block in two steps, since often its text says that the table is not needed.
struct UnpackedText {
  std::size_t table_bytes = 0;   // of `raw`, where unpack_table() puts the table
  std::string_view table_frame;  // of `packed`
  bool plain = false;
};
// Puts the text where it is in the whole block. Nothing when the bytes are not what was packed, or
// are of format 1, whose blocks are unpacked at once.
std::optional<UnpackedText> unpack_text(std::string_view packed, std::uint32_t crc,
                                        std::uint64_t raw_len, std::string& raw,
                                        const TextDictionary* dictionary);
// False when the frame is not what was packed.
bool unpack_table(std::string_view table_frame, std::size_t table_bytes, std::string& raw,
                  const TextDictionary* dictionary);

}  // namespace lastgasp
