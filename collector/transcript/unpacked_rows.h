// Full rows of the journal as they were before they were packed: in a flood the sealer takes them
// out moments later, and need not read and unpack them again. Bounded; a row that is not here is in
// the journal. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace lastgasp {

class UnpackedRows {
 public:
  static constexpr std::size_t kLeastBytes = 1 << 20;  // of a row: smaller ones come of no flood
  static constexpr std::size_t kMostBytes = 8 << 20;   // of all

  // Row `seq`, which is about to be committed. Not kept when it is small, or there is no room.
  void put(std::int64_t seq, std::string_view raw);
  // Gives the row away; empty when it is not here.
  std::string take(std::int64_t seq);

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::string> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace lastgasp
