#include "collector/transcript/record_codec.h"

#include <catch2/catch.hpp>

#include "collector/core/bytes.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

using namespace lastgasp;

namespace {

const std::vector<Record> kRecords{
    {1, RecordKind::data, kNoon, "hello\n"},
    {4000000000u, RecordKind::gap, kNoon - std::chrono::hours(1), "12 why"},
    {2, RecordKind::connected, kNoon, ""},
    {1, RecordKind::data, WallTime{}, "\x00\xff"},
};

void check_same(const std::vector<Record>& a, const std::vector<Record>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].console == b[i].console);
    CHECK(a[i].kind == b[i].kind);
    CHECK(a[i].at == b[i].at);
    CHECK(a[i].bytes == b[i].bytes);
  }
}

}  // namespace

TEST_CASE("a frame and a block give back their records") {
  std::string frame;
  std::int64_t previous = 0;
  for (const Record& record : kRecords) append_to_frame(frame, record, previous);
  std::vector<Record> records;
  CHECK(decode_frame(frame, records));
  check_same(records, kRecords);

  const std::string block = encode_block(kRecords).bytes;
  records.clear();
  CHECK(decode_block(block, records));
  check_same(records, kRecords);
}

TEST_CASE("a block of an earlier format has its numbers record by record") {
  std::string block;
  append_varint(block, kRecords.size());
  std::int64_t previous = 0;
  std::string texts;
  for (const Record& record : kRecords) {
    std::string head;
    append_to_frame(head, record, previous);
    block += head.substr(0, head.size() - record.bytes.size());
    texts += record.bytes;
  }
  const std::string whole = block + texts, cut = block + texts.substr(1);
  std::vector<Record> records;
  CHECK(decode_block(whole, records));
  check_same(records, kRecords);
  CHECK_FALSE(decode_block(cut, records));
  CHECK(records.size() == kRecords.size());
}

TEST_CASE("cut off frames and blocks are seen") {
  std::string frame;
  std::int64_t previous = 0;
  for (const Record& record : kRecords) append_to_frame(frame, record, previous);
  std::vector<Record> records;
  CHECK_FALSE(decode_frame(std::string_view(frame).substr(0, frame.size() - 1), records));
  const std::string block = encode_block(kRecords).bytes;
  records.clear();
  CHECK_FALSE(decode_block(std::string_view(block).substr(0, block.size() - 1), records));
  CHECK(records.empty());
}

TEST_CASE("table and text of a block are packed apart, and unpacked as one") {
  Packer packer(PackLevel::keep);
  const EncodedBlock block = encode_block(kRecords);
  const std::string packed(packer.pack(block));
  std::string raw;
  CHECK(unpack(packed, checksum(packed), block.bytes.size(), raw));
  CHECK(raw == block.bytes);
  CHECK_FALSE(unpack(packed, checksum(packed), block.table_bytes, raw));
}

TEST_CASE("the text of a block is unpacked without its table, and told when it is plain") {
  const bool plain = GENERATE(false, true);
  Packer packer(PackLevel::keep);
  EncodedBlock block = encode_block(kRecords);
  block.plain = plain;
  const std::string packed(packer.pack(block));
  CHECK(is_marked_plain(packed) == plain);
  std::string whole, raw;
  CHECK(unpack(packed, checksum(packed), block.bytes.size(), whole));
  CHECK(whole == block.bytes);

  const auto text = unpack_text(packed, checksum(packed), block.bytes.size(), raw, nullptr);
  REQUIRE(text);
  CHECK(text->plain == plain);
  CHECK(raw.substr(text->table_bytes) == block.text());
  CHECK(unpack_table(text->table_frame, text->table_bytes, raw, nullptr));
  CHECK(raw == block.bytes);
  CHECK_FALSE(unpack_table(text->table_frame, text->table_bytes - 1, raw, nullptr));

  CHECK_FALSE(unpack_text(packed, checksum(packed) + 1, block.bytes.size(), raw, nullptr));
  CHECK_FALSE(unpack_text(packed, checksum(packed), block.bytes.size() + 1, raw, nullptr));
  const std::string one_frame(packer.pack(block.bytes));
  CHECK_FALSE(unpack_text(one_frame, checksum(one_frame), block.bytes.size(), raw, nullptr));
}

TEST_CASE("a size that is not that of what was packed asks for no memory") {
  Packer packer(PackLevel::fast);
  const std::string packed(packer.pack("some text"));
  std::string raw;
  CHECK_FALSE(unpack(packed, checksum(packed), 1 << 29, raw));
  CHECK(raw.capacity() < 1 << 20);
}

TEST_CASE("damage to packed bytes is seen") {
  Packer packer(PackLevel::fast);
  std::string packed(packer.pack("some text, some text, some text"));
  const std::uint32_t crc = checksum(packed);
  std::string raw;
  CHECK(unpack(packed, crc, 31, raw));
  CHECK(raw == "some text, some text, some text");
  CHECK_FALSE(unpack(packed, crc, 30, raw));
  packed[packed.size() / 2] ^= 4;
  CHECK_FALSE(unpack(packed, crc, 31, raw));
}
