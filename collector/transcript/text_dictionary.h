// What the texts of one day have in common, taken from some of them: blocks packed with it are a
// tenth smaller, at no more CPU. A day file keeps it twice, since nothing in it can be read
// without. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "collector/transcript/sqlite.h"

struct ZSTD_DDict_s;

namespace lastgasp {

class TextDictionary {
 public:
  static constexpr std::size_t kBytes = 96 << 10;       // of one, at most
  static constexpr std::size_t kLeastText = 256 << 10;  // there is something to learn from
  static constexpr std::size_t kMostText = 4 << 20;     // more teaches little

  // From text such as is to be packed; null when it is less than kLeastText, or has nothing in
  // common. Pieces of it as they are, in a few ms;
  static std::unique_ptr<const TextDictionary> sample(std::string_view text);
  // or what comes most often in it, which is better, but takes 0.1 s a MiB and 10 MB of memory.
  static std::unique_ptr<const TextDictionary> learn(std::string_view text);
  // That of a day file; null when it has none that is sound. Throws SqliteError.
  static std::unique_ptr<const TextDictionary> read(Database& day);
  // Of a row that was found; null when it is not what was written.
  static std::unique_ptr<const TextDictionary> of_row(std::uint32_t crc, std::string_view data);
  TextDictionary(const TextDictionary&) = delete;
  TextDictionary& operator=(const TextDictionary&) = delete;
  ~TextDictionary();

  // Into a day file that has none, in the transaction going on.
  void write(Database& day) const;
  const std::string& bytes() const { return bytes_; }
  const ZSTD_DDict_s* unpacking() const;

 private:
  static std::unique_ptr<const TextDictionary> of_size(std::string bytes, std::size_t size);
  explicit TextDictionary(std::string bytes) : bytes_(std::move(bytes)) {}

  const std::string bytes_;
  mutable ZSTD_DDict_s* unpacking_ = nullptr;  // made when it is first needed
};

}  // namespace lastgasp
