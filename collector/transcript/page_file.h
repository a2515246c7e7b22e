// The pages of a SQLite database, read without SQLite and without its b-trees: what a damaged file
// still holds. Rows are found on every leaf by themselves, so the loss of one page costs what was
// on it and nothing else. One thread; never reads past the file, whatever is in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collector/transcript/wal_file.h"

namespace lastgasp {

// A row as it lies on a page, not yet known to be of any table.
struct FoundRow {
  struct Value {
    char type = 'n';  // n null, i integer, f floating, t text, b blob
    std::int64_t integer = 0;
    std::string bytes;
  };
  std::int64_t rowid = 0;
  std::vector<Value> values;
  bool whole = true;  // false: the rest of its bytes is on pages that are gone

  std::string shape() const;  // the types of its values
};

class PageFile {
 public:
  // Throws Error when it cannot be read at all.
  explicit PageFile(const std::filesystem::path& database);
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;
  ~PageFile();

  // Calls `found` with each row there is, pages in order, but for pages that are free.
  void each_row(const std::function<void(const FoundRow&)>& found) const;

  bool header_sound() const { return header_sound_; }
  std::uint64_t missing_bytes() const { return missing_bytes_; }  // cut off the end
  std::size_t empty_pages() const;                                // of nothing but zeros, in use
  const WalFile& wal() const { return wal_; }

 private:
  friend class CellReader;
  std::string_view page(std::uint32_t number) const;  // empty when there is none
  std::string_view mapped() const { return {data_, size_}; }
  void place_wal();
  void read_header();
  void find_free_pages();

  const char* data_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t page_size_ = 8192, usable_ = 8192;
  std::uint32_t pages_ = 0;
  bool header_sound_ = false;
  std::uint64_t missing_bytes_ = 0;
  WalFile wal_;
  std::map<std::uint32_t, std::string_view> newer_;  // pages in the WAL
  std::set<std::uint32_t> free_;
};

}  // namespace lastgasp
