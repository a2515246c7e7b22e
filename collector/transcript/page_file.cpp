#include "collector/transcript/page_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

constexpr std::size_t kFileHeaderBytes = 100;
constexpr std::string_view kDatabaseMagic("SQLite format 3\0", 16);
constexpr unsigned char kLeafTable = 13, kLeafIndex = 10, kInnerIndex = 2;
constexpr std::uint64_t kMaxPayload = std::uint64_t{1} << 30;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < length; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// SQLite's own: most significant first, a ninth byte is whole.
std::optional<std::uint64_t> take_number(std::string_view& in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 9 && i < in.size(); ++i) {
    const auto byte = static_cast<unsigned char>(in[i]);
    value = i == 8 ? value << 8 | byte : value << 7 | (byte & 0x7f);
    if (i == 8 || byte < 0x80) {
      in.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::size_t size_of_type(std::uint64_t type) {
  constexpr std::size_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : static_cast<std::size_t>((type - 12) / 2);
}

FoundRow::Value value_of(std::uint64_t type, std::string_view bytes) {
  FoundRow::Value value;
  if (type == 0) return value;
  if (type >= 12) return {type % 2 ? 't' : 'b', 0, std::string(bytes)};
  value.type = type == 7 ? 'f' : 'i';
  if (type >= 8) value.integer = static_cast<std::int64_t>(type - 8);
  std::uint64_t number = !bytes.empty() && (bytes[0] & 0x80) ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  if (type < 8) value.integer = static_cast<std::int64_t>(number);
  return value;
}

// False when this is no row. A row cut short keeps the values that are whole.
bool parse_row(std::string_view payload, FoundRow& row) {
  std::string_view head = payload;
  const auto head_size = take_number(head);
  if (!head_size || *head_size > payload.size() || *head_size < payload.size() - head.size())
    return false;
  head = payload.substr(payload.size() - head.size(), *head_size - (payload.size() - head.size()));
  std::string_view body = payload.substr(*head_size);
  while (!head.empty()) {
    const auto type = take_number(head);
    if (!type || *type == 10 || *type == 11) return false;
    const std::size_t size = size_of_type(*type);
    if (size > body.size()) {
      row.whole = false;
      return !row.values.empty();
    }
    row.values.push_back(value_of(*type, body.substr(0, size)));
    body.remove_prefix(size);
  }
  return !row.values.empty();
}

}  // namespace

std::string FoundRow::shape() const {
  std::string shape;
  for (const Value& value : values) shape += value.type;
  return shape;
}

// One cell of a page, with the pages it flows over to.
class CellReader {
 public:
  explicit CellReader(const PageFile& file) : file_(file) {}

  bool read(std::string_view page, std::size_t at, unsigned char kind, FoundRow& row) {
    std::string_view cell = page.substr(at);
    if (kind == kInnerIndex) {
      if (cell.size() < 4) return false;
      cell.remove_prefix(4);
    }
    const auto size = take_number(cell);
    const auto rowid = kind == kLeafTable ? take_number(cell) : std::uint64_t{0};
    if (!size || !rowid || *size == 0 || *size > kMaxPayload) return false;
    row.rowid = static_cast<std::int64_t>(*rowid);
    if (!gather(cell, *size, kind)) row.whole = false;
    return parse_row(payload_, row);
  }

 private:
  // False when not all of it is there.
  bool gather(std::string_view cell, std::uint64_t size, unsigned char kind) {
    const std::uint64_t usable = file_.usable_;
    const std::uint64_t most = kind == kLeafTable ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    const std::uint64_t least = (usable - 12) * 32 / 255 - 23;
    std::uint64_t local = size;
    if (size > most) {
      local = least + (size - least) % (usable - 4);
      if (local > most) local = least;
    }
    payload_.assign(cell.substr(0, std::min<std::uint64_t>(local, cell.size())));
    if (size <= most) return payload_.size() == size;
    if (cell.size() < local + 4) return false;
    std::uint32_t next = number_at(cell, local, 4);
    while (payload_.size() < size) {
      const std::string_view page = file_.page(next);
      if (page.size() < usable) return false;
      next = number_at(page, 0, 4);
      payload_.append(page.substr(4, std::min<std::uint64_t>(usable - 4, size - payload_.size())));
    }
    return true;
  }

  const PageFile& file_;
  std::string payload_;
};

PageFile::PageFile(const std::filesystem::path& database) : wal_(read_wal(database)) {
  const int fd = open(database.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || fstat(fd, &status) != 0)
    throw Error(errno_text("open " + database.string(), errno));
  size_ = static_cast<std::size_t>(status.st_size);
  void* const at = size_ > 0 ? mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0) : nullptr;
  const int error = errno;
  close(fd);
  if (at == MAP_FAILED) throw Error(errno_text("read " + database.string(), error));
  data_ = static_cast<const char*>(at);
  read_header();
  place_wal();
  find_free_pages();
}

PageFile::~PageFile() {
  if (data_) munmap(const_cast<char*>(data_), size_);
}

void PageFile::read_header() {
  const std::string_view file = mapped();
  std::uint32_t promised = 0;
  if (file.size() >= kFileHeaderBytes && file.substr(0, kDatabaseMagic.size()) == kDatabaseMagic) {
    const std::uint32_t size = number_at(file, 16, 2);
    const std::uint32_t spare = number_at(file, 20, 1);
    header_sound_ = size >= 512 && (size & (size - 1)) == 0 && spare < 32;
    if (header_sound_) {
      page_size_ = size;
      usable_ = size - spare;
      promised = number_at(file, 28, 4);
    }
  }
  pages_ = static_cast<std::uint32_t>(file.size() / page_size_);
  if (promised > pages_) missing_bytes_ = std::uint64_t{promised} * page_size_ - file.size();
}

void PageFile::place_wal() {
  if (wal_.frames.empty() || wal_.page_size != page_size_) return;
  const std::uint32_t committed = wal_.frames.back().pages_after;
  for (const WalFile::Frame& frame : wal_.frames) {
    // A damaged page is mostly right, and better than the one it replaced.
    if (frame.page > 0 && frame.page <= committed) newer_[frame.page] = frame.bytes;
  }
  const auto beyond = std::distance(newer_.upper_bound(pages_), newer_.end());
  const std::uint64_t have = pages_ + static_cast<std::uint64_t>(beyond);
  missing_bytes_ = committed > have ? (committed - have) * page_size_ : 0;
  pages_ = committed;
}

std::string_view PageFile::page(std::uint32_t number) const {
  if (number == 0) return {};
  if (const auto newer = newer_.find(number); newer != newer_.end()) return newer->second;
  const std::size_t at = std::size_t{number - 1} * page_size_;
  return at < size_ ? mapped().substr(at, page_size_) : std::string_view{};
}

// What was deleted lies there as it was.
void PageFile::find_free_pages() {
  const std::string_view first = page(1);
  if (!header_sound_ || first.size() < kFileHeaderBytes) return;
  std::uint32_t trunk = number_at(first, 32, 4);
  while (trunk != 0 && free_.insert(trunk).second) {
    const std::string_view bytes = page(trunk);
    if (bytes.size() < usable_) return;
    const std::uint32_t count = std::min(number_at(bytes, 4, 4), usable_ / 4 - 2);
    for (std::uint32_t i = 0; i < count; ++i) free_.insert(number_at(bytes, 8 + i * 4, 4));
    trunk = number_at(bytes, 0, 4);
  }
}

std::size_t PageFile::empty_pages() const {
  std::size_t empty = 0;
  for (std::uint32_t number = 1; number <= pages_; ++number) {
    const std::string_view bytes = page(number);
    if (!bytes.empty() && free_.count(number) == 0 &&
        bytes.find_first_not_of('\0') == std::string_view::npos) {
      ++empty;
    }
  }
  return empty;
}

void PageFile::each_row(const std::function<void(const FoundRow&)>& found) const {
  CellReader reader(*this);
  for (std::uint32_t number = 1; number <= pages_; ++number) {
    const std::string_view bytes = page(number);
    const std::size_t begin = number == 1 ? kFileHeaderBytes : 0;
    if (free_.count(number) > 0 || bytes.size() < begin + 12) continue;
    const auto kind = static_cast<unsigned char>(bytes[begin]);
    if (kind != kLeafTable && kind != kLeafIndex && kind != kInnerIndex) continue;
    const std::size_t cells = number_at(bytes, begin + 3, 2);
    std::size_t pointer = begin + (kind == kInnerIndex ? 12 : 8);
    for (std::size_t i = 0; i < cells && pointer + 2 <= bytes.size(); ++i, pointer += 2) {
      FoundRow row;
      const std::size_t at = number_at(bytes, pointer, 2);
      if (at < bytes.size() && reader.read(bytes, at, kind, row)) found(row);
    }
  }
}

}  // namespace lastgasp
