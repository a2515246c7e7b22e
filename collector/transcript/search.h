// One search over a snapshot: blocks in the order of time, and hits held back until no block to
// come can hold one that belongs before them. One thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "collector/transcript/earlier_lines.h"
#include "collector/transcript/gram_query.h"
#include "collector/transcript/hit_groups.h"
#include "collector/transcript/reader.h"
#include "collector/transcript/snapshot.h"
#include "collector/transcript/text_matcher.h"

namespace lastgasp {

class Search {
 public:
  // `consoles` are those searched; `all` says that there are no others.
  Search(Snapshot& snapshot, const Query& query, std::map<ConsoleId, std::string> consoles,
         bool all, const std::function<bool(const FoundLine&)>& found);

  SearchEnd run();

 private:
  // A line or mark: the console, the block, and which of the console's lines there.
  using Position = std::tuple<ConsoleId, Day, std::int64_t, std::size_t>;
  using Placed = std::pair<Position, FoundLine>;

  bool search_day(Day day);
  void search_block(const BlockRef& ref);
  bool out_of_time(WallTime bound);
  // Of the first lines of a block, when a cursor asks which of them were shown.
  std::size_t earlier_lines(const BlockRef& ref, ConsoleId id, const ConsoleLines& lines);
  bool emit_day(Day day);
  bool emit_before(WallTime bound);  // groups that no later block can come before
  bool emit_waiting();
  bool emit(const HitGroup& group);
  std::vector<Placed> with_context(const HitGroup& group);
  void extend(const HitGroup& group, bool after, std::vector<Placed>& lines);
  void cut_to_limit(std::vector<Placed>& lines) const;
  void drop_surplus();
  void number(Placed& line);
  bool comes_first(const HitGroup& a, const HitGroup& b) const;
  bool precedes(WallTime a, WallTime b) const { return query_.newest_first ? a > b : a < b; }

  Snapshot& snapshot_;
  const Query query_;
  const std::map<ConsoleId, std::string> consoles_;
  std::set<ConsoleId> ids_;
  const bool all_;
  const std::function<bool(const FoundLine&)>& found_;
  const std::vector<std::string> texts_;
  TextMatcher matcher_;
  const GramQuery grams_;
  const SystemClock clock_;
  const MonoTime deadline_;
  std::vector<HitGroup> waiting_;
  std::set<Position> shown_;
  SearchCursor cursor_;
  EarlierLines earlier_;
  ConsoleLines lines_;
  SearchEnd end_;
};

}  // namespace lastgasp
