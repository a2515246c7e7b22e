// What lies in a database is read back whatever it is: frames, blocks, and the splitting of lines.
#include <cstdint>
#include <cstdlib>

#include "collector/transcript/block_builder.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/record_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgasp;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<Record> records;
  decode_block(input, records);
  std::string raw;
  unpack(input, checksum(input), size, raw);
  if (const auto text = unpack_text(input, checksum(input), size, raw, nullptr))
    unpack_table(text->table_frame, text->table_bytes, raw, nullptr);

  records.clear();
  decode_frame(input, records);
  std::vector<Record> again;
  if (!decode_block(encode_block(records).bytes, again) || again.size() != records.size())
    std::abort();

  // Splitting, cutting into blocks and leaving open neither adds nor drops a byte.
  std::size_t in = 0, out = 0;
  LineSplit split;
  for (const Record& record : records) {
    if (record.at > from_unix_micros(0) &&
        record.at < from_unix_micros(INT64_C(4102444800000000))) {
      in += record.bytes.size();
      split.add(record);
    }
  }
  ConsoleLines lines;
  build_blocks(split.take_whole(), [&](const Block& block) {
    for (const Record& record : block.records) out += record.bytes.size();
    lines.assemble(block.records);
  });
  for (const Piece& piece : split.open()) out += piece.record.bytes.size();
  if (in != out) std::abort();
  return 0;
}
