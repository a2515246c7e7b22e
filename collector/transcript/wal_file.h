// The write-ahead log of a SQLite database, frame by frame. SQLite itself drops everything after
// the first damaged frame without a word; this tells damage from an ordinary end. Pure but for
// reading the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lastgasp {

struct WalFile {
  struct Frame {
    std::uint32_t page = 0;         // counts from 1
    std::uint32_t pages_after = 0;  // size of the database if this ends a transaction, else 0
    std::string_view bytes;         // of the page
    bool sound = false;
  };

  std::string bytes;
  std::uint32_t page_size = 0;
  bool header_sound = true;
  std::vector<Frame> frames;  // up to the last sound end of a transaction

  // Damaged frames with committed ones after them: SQLite would lose all that follows.
  std::size_t damaged() const;
};

// Of the database `database`; empty when there is none. The file may be written meanwhile.
WalFile read_wal(const std::filesystem::path& database);

}  // namespace lastgasp
