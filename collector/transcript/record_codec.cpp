#include "collector/transcript/record_codec.h"

#include <libdeflate.h>
#include <zstd.h>

#include <algorithm>
#include <optional>
#include <span>

#include "collector/core/bytes.h"
#include "collector/core/error.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {
namespace {

constexpr std::uint64_t kMaxRawBytes = std::uint64_t{1} << 30;
constexpr unsigned kKindBits = 3;
// In front of a block: a zstd frame to skip, without content, which says that the text is plain.
constexpr std::string_view kPlainMark("\x50\x2a\x4d\x18\0\0\0\0", 8);
constexpr char kByColumn = '\0';  // begins a block; those of earlier formats begin with a count

std::uint64_t tag_of(const Record& record) {
  return (std::uint64_t{record.console} << kKindBits) | static_cast<std::uint64_t>(record.kind);
}

// Time differences wrap instead of overflowing: damaged input must stay defined.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

void append_head(std::string& out, const Record& record, std::int64_t& previous) {
  const std::int64_t at = unix_micros(record.at);
  append_varint(out, tag_of(record));
  append_varint(out, zigzag(difference(at, previous)));
  append_varint(out, record.bytes.size());
  previous = at;
}

bool set_tag(Record& record, std::uint64_t tag) {
  const std::uint64_t kind = tag & ((1u << kKindBits) - 1);
  if (kind >= kRecordKindNames.size() || (tag >> kKindBits) > UINT32_MAX) return false;
  record.console = static_cast<ConsoleId>(tag >> kKindBits);
  record.kind = static_cast<RecordKind>(kind);
  return true;
}

void set_time(Record& record, std::int64_t& previous, std::uint64_t step) {
  previous = static_cast<std::int64_t>(static_cast<std::uint64_t>(previous) +
                                       static_cast<std::uint64_t>(unzigzag(step)));
  record.at = from_unix_micros(previous);
}

// Everything of a record but its bytes, of which only the length is known.
bool take_head(std::string_view& in, std::int64_t& previous, Record& record,
               std::uint64_t& length) {
  const auto tag = take_varint(in);
  const auto step = tag ? take_varint(in) : std::nullopt;
  const auto size = step ? take_varint(in) : std::nullopt;
  if (!size || !set_tag(record, *tag)) return false;
  set_time(record, previous, *step);
  length = *size;
  return true;
}

// The heads of `records` at the front of a block, their numbers by column or, as earlier formats
// have them, record by record.
bool take_columns(std::string_view& block, std::span<Record> records,
                  std::span<std::uint64_t> lengths) {
  for (Record& record : records) {
    const auto tag = take_varint(block);
    if (!tag || !set_tag(record, *tag)) return false;
  }
  std::int64_t previous = 0;
  for (Record& record : records) {
    const auto step = take_varint(block);
    if (!step) return false;
    set_time(record, previous, *step);
  }
  for (std::uint64_t& length : lengths) {
    const auto size = take_varint(block);
    if (!size) return false;
    length = *size;
  }
  return true;
}
bool take_rows(std::string_view& block, std::span<Record> records,
               std::span<std::uint64_t> lengths) {
  std::int64_t previous = 0;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!take_head(block, previous, records[i], lengths[i])) return false;
  return true;
}

bool take_texts(std::string_view block, std::span<Record> records,
                std::span<const std::uint64_t> lengths) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (lengths[i] > block.size()) return false;
    records[i].bytes = block.substr(0, lengths[i]);
    block.remove_prefix(lengths[i]);
  }
  return true;
}

}  // namespace

void append_to_frame(std::string& frame, const Record& record, std::int64_t& previous) {
  append_head(frame, record, previous);
  frame.append(record.bytes);
}

bool decode_frame(std::string_view frame, std::vector<Record>& out) {
  std::int64_t previous = 0;
  while (!frame.empty()) {
    Record record;
    std::uint64_t length = 0;
    if (!take_head(frame, previous, record, length) || length > frame.size()) return false;
    record.bytes = frame.substr(0, length);
    frame.remove_prefix(length);
    out.push_back(record);
  }
  return true;
}

EncodedBlock encode_block(const std::vector<Record>& records) {
  EncodedBlock block;
  std::size_t text = 0;
  for (const Record& record : records) text += record.bytes.size();
  block.bytes.reserve(text + records.size() * 8 + 16);
  block.bytes += kByColumn;
  append_varint(block.bytes, records.size());
  for (const Record& record : records) append_varint(block.bytes, tag_of(record));
  std::int64_t previous = 0;
  for (const Record& record : records) {
    const std::int64_t at = unix_micros(record.at);
    append_varint(block.bytes, zigzag(difference(at, previous)));
    previous = at;
  }
  for (const Record& record : records) append_varint(block.bytes, record.bytes.size());
  block.table_bytes = block.bytes.size();
  for (const Record& record : records) block.bytes.append(record.bytes);
  return block;
}

bool decode_block(std::string_view block, std::vector<Record>& out) {
  const bool by_column = block.starts_with(kByColumn);
  if (by_column) block.remove_prefix(1);
  const auto count = take_varint(block);
  if (!count || *count > block.size()) return false;
  const std::size_t first = out.size();
  out.resize(first + *count);
  const std::span<Record> records = std::span(out).subspan(first);
  std::vector<std::uint64_t> lengths(*count);
  const bool heads =
      by_column ? take_columns(block, records, lengths) : take_rows(block, records, lengths);
  const bool sound = heads && take_texts(block, records, lengths);
  if (!sound) out.resize(first);
  return sound;
}

std::string_view text_of(std::span<const Record> records) {
  if (records.empty()) return {};
  const char* const begin = records.front().bytes.data();
  const char* const end = records.back().bytes.data() + records.back().bytes.size();
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::uint32_t checksum(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

// A text right behind its dictionary in memory is packed with a tenth fewer instructions.
struct Packer::Context {
  static constexpr std::size_t kRoom = 320 << 10;  // few blocks have more

  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  std::string dictionary;  // and room for a text
  std::size_t room_at = 0;
  std::unique_ptr<char[]> packed;  // with room for the worst; never touched beyond what is put
  std::size_t packed_room = 0;

  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(zstd); }

  void reserve(std::size_t raw_bytes) {
    const std::size_t room = ZSTD_compressBound(raw_bytes);
    if (room <= packed_room) return;
    packed = std::make_unique_for_overwrite<char[]>(room);
    packed_room = room;
  }
  void load(std::string_view bytes) {
    dictionary.reserve(bytes.size() + kRoom);  // so that it never moves
    dictionary = bytes;
    room_at = bytes.size();
    const std::size_t loaded =
        ZSTD_CCtx_loadDictionary_byReference(zstd, dictionary.data(), room_at);
    if (ZSTD_isError(loaded)) throw Error(std::string("zstd: ") + ZSTD_getErrorName(loaded));
  }
  std::string_view behind_dictionary(std::string_view raw) {
    if (dictionary.empty() || raw.size() > kRoom) return raw;
    dictionary.replace(room_at, std::string::npos, raw);
    return std::string_view(dictionary).substr(room_at);
  }
  // Puts a frame at `at`; returns where it ends.
  std::size_t put(std::string_view raw, std::size_t at) {
    raw = behind_dictionary(raw);
    const std::size_t size =
        ZSTD_compress2(zstd, packed.get() + at, packed_room - at, raw.data(), raw.size());
    if (ZSTD_isError(size)) throw Error(std::string("zstd: ") + ZSTD_getErrorName(size));
    return at + size;
  }
};

Packer::Packer(PackLevel level) : context_(std::make_unique<Context>()) {
  ZSTD_CCtx* const zstd = context_->zstd;
  const bool keep = level == PackLevel::keep;
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, keep ? 10 : 1);
  // What repeats on consoles is long: looking for it alone is quicker, and smaller.
  ZSTD_CCtx_setParameter(zstd, ZSTD_c_minMatch, keep ? 6 : 7);
}

Packer::~Packer() = default;

void Packer::use(const TextDictionary* dictionary) {
  context_->load(dictionary ? std::string_view(dictionary->bytes()) : std::string_view());
}

std::string_view Packer::pack(std::string_view raw) {
  context_->reserve(raw.size());
  return {context_->packed.get(), context_->put(raw, 0)};
}

std::string_view Packer::pack(const EncodedBlock& block) {
  const std::string_view table = std::string_view(block.bytes).substr(0, block.table_bytes);
  context_->reserve(kPlainMark.size() + block.bytes.size() + ZSTD_compressBound(0));
  std::size_t end = 0;
  if (block.plain) end = kPlainMark.copy(context_->packed.get(), kPlainMark.size());
  end = context_->put(table, end);
  return {context_->packed.get(), context_->put(block.text(), end)};
}

namespace {

// Making one for each call costs more than unpacking a row of the gram index.
ZSTD_DCtx* unpacking() {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

struct Frame {
  std::string_view packed;
  std::uint64_t content = 0;  // bytes it says it holds
};

// Takes one off the front; nothing when it is none, or does not say how much it holds.
std::optional<Frame> take_frame(std::string_view& frames) {
  const std::uint64_t content = ZSTD_getFrameContentSize(frames.data(), frames.size());
  const std::size_t size = ZSTD_findFrameCompressedSize(frames.data(), frames.size());
  if (content > kMaxRawBytes || ZSTD_isError(size)) return std::nullopt;
  const Frame frame{frames.substr(0, size), content};
  frames.remove_prefix(size);
  return frame;
}

// What the frames say they hold; nothing when one of them says nothing, or is none.
std::optional<std::uint64_t> content_size(std::string_view frames) {
  std::uint64_t total = 0;
  while (!frames.empty()) {
    const auto frame = take_frame(frames);
    if (!frame) return std::nullopt;
    total += frame->content;
  }
  return total;
}

bool unpack_into(std::string_view frames, std::span<char> out, const TextDictionary* dictionary) {
  const std::size_t size =
      ZSTD_decompress_usingDDict(unpacking(), out.data(), out.size(), frames.data(), frames.size(),
                                 dictionary ? dictionary->unpacking() : nullptr);
  return size == out.size();
}

}  // namespace

bool unpack(std::string_view packed, std::uint32_t crc, std::uint64_t raw_len, std::string& raw,
            const TextDictionary* dictionary) {
  if (checksum(packed) != crc || raw_len > kMaxRawBytes) return false;
  if (content_size(packed) != raw_len) return false;
  raw.resize(raw_len);
  return unpack_into(packed, raw, dictionary);
}

bool is_marked_plain(std::string_view packed) { return packed.starts_with(kPlainMark); }

std::optional<UnpackedText> unpack_text(std::string_view packed, std::uint32_t crc,
                                        std::uint64_t raw_len, std::string& raw,
                                        const TextDictionary* dictionary) {
  if (checksum(packed) != crc || raw_len > kMaxRawBytes) return std::nullopt;
  UnpackedText unpacked;
  unpacked.plain = is_marked_plain(packed);
  if (unpacked.plain) packed.remove_prefix(kPlainMark.size());
  const auto table = take_frame(packed);
  if (!table || packed.empty()) return std::nullopt;
  if (content_size(packed) != raw_len - table->content) return std::nullopt;
  unpacked.table_frame = table->packed;
  unpacked.table_bytes = table->content;
  raw.resize(raw_len);
  if (!unpack_into(packed, std::span(raw).subspan(table->content), dictionary)) return std::nullopt;
  return unpacked;
}

bool unpack_table(std::string_view table_frame, std::size_t table_bytes, std::string& raw,
                  const TextDictionary* dictionary) {
  return unpack_into(table_frame, std::span(raw).first(table_bytes), dictionary);
}

}  // namespace lastgasp
