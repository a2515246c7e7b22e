#include "collector/transcript/wal_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace lastgasp {
namespace {

constexpr std::size_t kHeaderBytes = 32, kFrameHeaderBytes = 24;
constexpr std::uint32_t kWalMagic =
    0x377f0682;  // the lowest bit says that sums are of big-endian words
constexpr int kReadTries = 10;

using Sums = std::pair<std::uint32_t, std::uint32_t>;

std::uint32_t word_at(std::string_view bytes, std::size_t at, bool big_endian = true) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + i]);
    word |= std::uint32_t{byte} << (8 * (big_endian ? 3 - i : i));
  }
  return word;
}

Sums sums_at(std::string_view bytes, std::size_t at) {
  return {word_at(bytes, at), word_at(bytes, at + 4)};
}

Sums sum(std::string_view bytes, Sums sums, bool big_endian) {
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    sums.first += word_at(bytes, i, big_endian) + sums.second;
    sums.second += word_at(bytes, i + 4, big_endian) + sums.first;
  }
  return sums;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_page_size(std::uint32_t size) {
  return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

// Each frame's sums go on from those of the frame before it.
class FrameScan {
 public:
  explicit FrameScan(WalFile& wal) : wal_(wal), bytes_(wal.bytes) {
    const Sums computed = sum(bytes_.substr(0, 24), {0, 0}, big_endian());
    stored_ = sums_at(bytes_, 24);
    computed_ = computed;
    wal_.header_sound = (word_at(bytes_, 0) & ~1u) == kWalMagic && computed == stored_;
    wal_.page_size = word_at(bytes_, 8);
    if (!is_page_size(wal_.page_size)) wal_.page_size = 8192;  // ours
  }

  void run() {
    const std::size_t stride = kFrameHeaderBytes + wal_.page_size;
    std::size_t committed = 0;
    bool gap = false;
    for (std::size_t at = kHeaderBytes; at + stride <= bytes_.size(); at += stride) {
      const bool ours = salt(at + 8) == generation();
      if (!ours && gap) break;  // what an earlier round of the log left behind
      gap = !ours;
      add(bytes_.substr(at, stride), ours);
      if (wal_.frames.back().sound && wal_.frames.back().pages_after > 0)
        committed = wal_.frames.size();
    }
    wal_.frames.resize(committed);
  }

 private:
  bool big_endian() const { return (word_at(bytes_, 0) & 1) != 0; }
  Sums salt(std::size_t at) const { return sums_at(bytes_, at); }
  Sums generation() const { return salt(wal_.header_sound ? 16 : kHeaderBytes + 8); }

  void add(std::string_view frame, bool ours) {
    const std::string_view page = frame.substr(kFrameHeaderBytes);
    const Sums own = sums_at(frame, 16);
    const auto follows = [&](Sums before) {
      return sum(page, sum(frame.substr(0, 8), before, big_endian()), big_endian());
    };
    const Sums after_stored = follows(stored_);
    const bool sound = ours && (after_stored == own || follows(computed_) == own);
    wal_.frames.push_back({word_at(frame, 0), word_at(frame, 4), page, sound});
    computed_ = after_stored;
    stored_ = own;
  }

  WalFile& wal_;
  const std::string_view bytes_;
  Sums stored_, computed_;
};

}  // namespace

std::size_t WalFile::damaged() const {
  const auto bad =
      std::count_if(frames.begin(), frames.end(), [](const Frame& frame) { return !frame.sound; });
  return static_cast<std::size_t>(bad);
}

WalFile read_wal(const std::filesystem::path& database) {
  const std::string path = database.string() + "-wal";
  WalFile wal;
  for (int i = 0; i < kReadTries; ++i) {
    wal.bytes = content_of(path);
    // A log that was begun anew while we read it is half of one round and half of the other.
    std::ifstream again(path, std::ios::binary);
    std::string header(kHeaderBytes, '\0');
    again.read(header.data(), static_cast<std::streamsize>(header.size()));
    if (wal.bytes.compare(0, kHeaderBytes, header) == 0) break;
  }
  if (wal.bytes.size() < kHeaderBytes + kFrameHeaderBytes) return wal;
  FrameScan(wal).run();
  return wal;
}

}  // namespace lastgasp
