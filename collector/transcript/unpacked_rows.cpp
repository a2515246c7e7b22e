#include "collector/transcript/unpacked_rows.h"

#include <utility>

namespace lastgasp {

void UnpackedRows::put(std::int64_t seq, std::string_view raw) {
  const std::lock_guard lock(mutex_);
  if (raw.size() < kLeastBytes || bytes_ + raw.size() > kMostBytes) return;
  if (rows_.emplace(seq, raw).second) bytes_ += raw.size();
}

std::string UnpackedRows::take(std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(seq);
  if (row == rows_.end()) return {};
  std::string raw = std::move(row->second);
  rows_.erase(row);
  bytes_ -= raw.size();
  return raw;
}

}  // namespace lastgasp
