#include "collector/transcript/hit_groups.h"

#include <algorithm>
#include <numeric>

namespace lastgasp {
namespace {

bool is_hit(const Query& query, const TextMatcher& matcher, const std::string& console,
            const ConsoleLines& lines, std::size_t i, std::size_t earlier) {
  const ConsoleLines::Entry& line = lines[i];
  if (line.kind != RecordKind::data || line.at < query.range.from || line.at >= query.range.to)
    return false;
  const std::size_t nth = line.nth == i ? line.nth + earlier : line.nth;
  if (query.cursor && !query.cursor->remaining(console, line.at, nth)) return false;
  return matcher.matches(lines.text(i));
}

// Numbers of the lines that may match.
std::vector<std::size_t> candidates_in(const TextMatcher::Places& places,
                                       const ConsoleLines& lines) {
  std::vector<std::size_t> candidates;
  if (!places) {
    candidates.resize(lines.size());
    std::iota(candidates.begin(), candidates.end(), std::size_t{0});
    return candidates;
  }
  for (const std::size_t place : *places) {
    const std::size_t i = lines.line_at(place);
    if (candidates.empty() || candidates.back() != i) candidates.push_back(i);
  }
  return candidates;
}

std::vector<std::size_t> hits_in(const Query& query, const TextMatcher& matcher,
                                 const std::string& console, const ConsoleLines& lines,
                                 const TextMatcher::Places& places, std::size_t earlier) {
  const std::vector<std::size_t> candidates = candidates_in(places, lines);
  std::vector<std::size_t> hits;
  for (std::size_t n = 0; n < candidates.size() && hits.size() < query.limit; ++n) {
    const std::size_t i = candidates[query.newest_first ? candidates.size() - 1 - n : n];
    if (is_hit(query, matcher, console, lines, i, earlier)) hits.push_back(i);
  }
  if (query.newest_first) std::reverse(hits.begin(), hits.end());
  return hits;
}

}  // namespace

FoundLine found_line(const Query& query, const TextMatcher& matcher, const std::string& console,
                     const ConsoleLines& lines, std::size_t i, std::size_t earlier) {
  FoundLine line{console, lines[i].at, lines[i].kind, std::string(lines.text(i))};
  line.nth = lines[i].nth;
  line.hit = is_hit(query, matcher, console, lines, i, earlier);
  if (line.hit) line.matches = matcher.find_all(line.text);
  return line;
}

std::vector<HitGroup> hit_groups(const Query& query, const TextMatcher& matcher,
                                 const BlockRef& block, ConsoleId id, const std::string& console,
                                 const ConsoleLines& lines, const TextMatcher::Places& places,
                                 std::size_t earlier) {
  std::vector<HitGroup> groups;
  const std::vector<std::size_t> hits = hits_in(query, matcher, console, lines, places, earlier);
  for (std::size_t begin = 0; begin < hits.size();) {
    std::size_t end = begin + 1;
    while (end < hits.size() && hits[end] - hits[end - 1] <= query.before + query.after) ++end;
    const std::size_t first_hit = hits[begin], last_hit = hits[end - 1];
    HitGroup group{lines[query.newest_first ? last_hit : first_hit].at, id, block};
    group.first = first_hit - std::min(first_hit, query.before);
    group.before_missing = query.before - (first_hit - group.first);
    const std::size_t last = std::min(last_hit + query.after, lines.size() - 1);
    group.after_missing = query.after - (last - last_hit);
    for (std::size_t i = group.first; i <= last; ++i) {
      group.lines.push_back(found_line(query, matcher, console, lines, i, earlier));
    }
    groups.push_back(std::move(group));
    begin = end;
  }
  return groups;
}

}  // namespace lastgasp
