#include "collector/transcript/line_lookup.h"

#include <algorithm>

namespace lastgasp {

std::vector<FoundLine> LineLookup::find(const LineId& id, std::size_t before, std::size_t after) {
  const std::set<ConsoleId> wanted{id_};
  for (const Day day : days_with(id.at)) {
    for (const BlockRef& ref : snapshot_.blocks(day, &wanted, {id.at, id.at + Micros(1)})) {
      if (!load(ref)) continue;
      const std::size_t place = place_in(ref, id);
      if (place == lines_.size()) continue;
      const std::size_t first = place - std::min(place, before);
      const std::size_t end = place + std::min(after, lines_.size() - 1 - place) + 1;
      std::vector<FoundLine> found;
      for (std::size_t i = first; i < end; ++i) {
        found.push_back(line(ref, i));
        found.back().hit = i == place;
      }
      std::vector<FoundLine> earlier = beyond(ref, false, before - (place - first));
      found.insert(found.begin(), earlier.rbegin(), earlier.rend());
      const std::vector<FoundLine> later = beyond(ref, true, after - (end - 1 - place));
      found.insert(found.end(), later.begin(), later.end());
      return found;
    }
  }
  return {};
}

bool LineLookup::load(const BlockRef& ref) {
  block_ = snapshot_.load(ref);
  if (block_) lines_.assemble(block_->of(id_));
  return block_ != nullptr;
}

std::size_t LineLookup::place_in(const BlockRef& ref, const LineId& id) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].at == id.at && line(ref, i).nth == id.nth) return i;
  }
  return lines_.size();
}

FoundLine LineLookup::line(const BlockRef& ref, std::size_t i) {
  FoundLine line{console_, lines_[i].at, lines_[i].kind, std::string(lines_.text(i))};
  line.nth = lines_[i].nth;
  if (lines_[i].nth == i) line.nth += earlier_.count(ref, id_, line.at);
  line.hit = false;
  return line;
}

std::vector<FoundLine> LineLookup::beyond(BlockRef ref, bool after, std::size_t count) {
  std::vector<FoundLine> found;
  while (found.size() < count) {
    const auto next = snapshot_.neighbour(ref, id_, after);
    if (!next || !load(*next)) break;
    ref = *next;
    for (std::size_t n = 0; n < lines_.size() && found.size() < count; ++n) {
      found.push_back(line(ref, after ? n : lines_.size() - 1 - n));
    }
  }
  return found;
}

}  // namespace lastgasp
