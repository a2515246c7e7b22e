#include "collector/transcript/search.h"

#include <algorithm>

#include "collector/line/control_byte.h"

namespace lastgasp {
namespace {

std::vector<std::string> texts_of(const Query& query) {
  std::vector<std::string> texts{query.text};
  texts.insert(texts.end(), query.also.begin(), query.also.end());
  return texts;
}

// Without the time that was searched before.
Query rest_of(Query query) {
  if (!query.cursor) return query;
  const WallTime reached = query.cursor->reached();
  if (!query.newest_first) query.range.from = std::max(query.range.from, reached);
  if (query.newest_first && reached < query.range.to) query.range.to = reached + Micros(1);
  return query;
}

// Of the places in `all`, those in a part of it.
TextMatcher::Places within(const TextMatcher::Places& places, std::string_view all,
                           std::string_view part) {
  if (!places) return std::nullopt;
  const auto offset = static_cast<std::size_t>(part.data() - all.data());
  const auto begin = std::lower_bound(places->begin(), places->end(), offset);
  const auto end = std::lower_bound(begin, places->end(), offset + part.size());
  std::vector<std::size_t> found(begin, end);
  for (std::size_t& place : found) place -= offset;
  return found;
}

SearchCursor beginning_of(const Query& query) {
  if (query.cursor) return *query.cursor;
  return {query.newest_first, query.newest_first ? query.range.to : query.range.from};
}

}  // namespace

Search::Search(Snapshot& snapshot, const Query& query, std::map<ConsoleId, std::string> consoles,
               bool all, const std::function<bool(const FoundLine&)>& found)
    : snapshot_(snapshot),
      query_(rest_of(query)),
      consoles_(std::move(consoles)),
      all_(all),
      found_(found),
      texts_(texts_of(query)),
      matcher_(texts_, query.regex, query.ignore_case),
      grams_(texts_, query.regex, query.ignore_case),
      deadline_(clock_.now().mono + query.budget),
      cursor_(beginning_of(query)),
      earlier_(snapshot) {
  for (const auto& [id, name] : consoles_) ids_.insert(id);
}

SearchEnd Search::run() {
  end_.reached = query_.newest_first ? query_.range.from : query_.range.to;
  std::vector<Day> days = snapshot_.days();
  if (query_.newest_first) std::reverse(days.begin(), days.end());
  for (const Day day : days) {
    if (start_of(day) >= query_.range.to) continue;
    if (start_of(day + 1) + kAfterMidnight <= query_.range.from) continue;
    end_.complete = search_day(day) && emit_day(day);
    if (!end_.complete) break;
  }
  end_.complete = end_.complete && emit_waiting();
  if (!end_.complete) {
    end_.reached = cursor_.reached();
    end_.cursor = cursor_;
  }
  end_.damaged_blocks = snapshot_.damaged();
  return end_;
}

bool Search::search_day(Day day) {
  const std::set<ConsoleId>* const wanted = all_ ? nullptr : &ids_;
  std::vector<BlockRef> unsealed = snapshot_.unsealed(day, wanted, query_.range);
  if (!unsealed.empty() && query_.newest_first) {
    // Often the newest lines are all that is asked for, and the day need not be looked into.
    search_block(unsealed.back());
    unsealed.pop_back();
    WallTime newest = snapshot_.newest_sealed(day);
    for (const BlockRef& ref : unsealed) newest = std::max(newest, ref.t1);
    if (!emit_before(newest)) return false;
  }
  std::vector<BlockRef> blocks = snapshot_.sealed(day, wanted, query_.range, &grams_);
  blocks.insert(blocks.end(), unsealed.begin(), unsealed.end());
  const auto earliest = [&](const BlockRef& b) { return query_.newest_first ? b.t1 : b.t0; };
  std::stable_sort(blocks.begin(), blocks.end(), [&](const BlockRef& a, const BlockRef& b) {
    return precedes(earliest(a), earliest(b));
  });
  for (const BlockRef& ref : blocks) {
    if (!emit_before(earliest(ref))) return false;
    if (out_of_time(query_.newest_first ? ref.t1 + Micros(1) : ref.t0)) return false;
    search_block(ref);
  }
  return true;
}

// Not before it got further than where it began, or it never would.
bool Search::out_of_time(WallTime bound) {
  if (end_.searched_bytes == 0 || clock_.now().mono < deadline_) return false;
  const WallTime begun = beginning_of(query_).reached();
  if (query_.cursor && !precedes(begun, bound)) return false;
  cursor_.advance(bound);
  return true;
}

std::size_t Search::earlier_lines(const BlockRef& ref, ConsoleId id, const ConsoleLines& lines) {
  const bool asked = query_.cursor && lines.size() > 0 &&
                     query_.cursor->needs_number(consoles_.at(id), lines[0].at);
  return asked ? earlier_.count(ref, id, lines[0].at) : 0;
}

void Search::search_block(const BlockRef& ref) {
  TextMatcher::Places of_block;
  if (all_) {
    const auto text = snapshot_.load_text(ref);
    if (!text) return;
    of_block = matcher_.places(text->text);
    if (of_block && of_block->empty() && (text->plain || is_plain(text->text))) {
      end_.searched_bytes += text->text.size();
      return;
    }
  }
  const auto block = snapshot_.load(ref);
  if (!block) return;
  for (auto begin = block->records.begin(); begin != block->records.end();) {
    const ConsoleId id = begin->console;
    const auto end = std::find_if(begin, block->records.end(),
                                  [&](const Record& record) { return record.console != id; });
    const std::span<const Record> records{begin, end};
    begin = end;
    const auto console = consoles_.find(id);
    if (console == consoles_.end()) continue;
    for (const Record& record : records) end_.searched_bytes += record.bytes.size();
    const auto text = ConsoleLines::contiguous(records);
    TextMatcher::Places places;
    if (text) places = all_ ? within(of_block, block->text, *text) : matcher_.places(*text);
    if (text && places && places->empty() && (block->plain || is_plain(*text))) continue;
    lines_.assemble(records, block->plain);
    if (!text || lines_.all_text().data() != text->data())
      places = matcher_.places(lines_.all_text());
    const std::size_t earlier = earlier_lines(ref, id, lines_);
    for (HitGroup& group :
         hit_groups(query_, matcher_, ref, id, console->second, lines_, places, earlier)) {
      waiting_.push_back(std::move(group));
    }
    drop_surplus();
  }
}

// Every group has a hit, so those after the first `limit` are never shown.
void Search::drop_surplus() {
  if (waiting_.size() <= query_.limit || waiting_.size() - query_.limit <= query_.limit + 64)
    return;
  const auto keep = waiting_.begin() + static_cast<std::ptrdiff_t>(query_.limit + 1);
  std::nth_element(waiting_.begin(), keep, waiting_.end(),
                   [&](const HitGroup& a, const HitGroup& b) { return comes_first(a, b); });
  waiting_.erase(keep, waiting_.end());
}

bool Search::emit_before(WallTime bound) {
  const auto later = std::partition(waiting_.begin(), waiting_.end(), [&](const HitGroup& group) {
    return precedes(group.at, bound);
  });
  std::vector<HitGroup> held(std::make_move_iterator(later),
                             std::make_move_iterator(waiting_.end()));
  waiting_.erase(later, waiting_.end());
  if (!emit_waiting()) return false;
  waiting_ = std::move(held);
  return true;
}

// Lines of the first hours of a day may lie in the file of the day before it.
bool Search::emit_day(Day day) {
  return emit_before(query_.newest_first ? start_of(day) + kAfterMidnight : start_of(day + 1));
}

// Whatever sealing does to blocks, they stay in this order.
bool Search::comes_first(const HitGroup& a, const HitGroup& b) const {
  const auto place = [](const HitGroup& g) { return std::tuple(g.block.day, g.block.id, g.first); };
  if (a.at != b.at) return precedes(a.at, b.at);
  if (a.console != b.console)
    return (consoles_.at(a.console) < consoles_.at(b.console)) != query_.newest_first;
  return query_.newest_first ? place(a) > place(b) : place(a) < place(b);
}

bool Search::emit_waiting() {
  std::sort(waiting_.begin(), waiting_.end(),
            [&](const HitGroup& a, const HitGroup& b) { return comes_first(a, b); });
  for (const HitGroup& group : waiting_) {
    if (!emit(group) || end_.hits >= query_.limit) return false;
  }
  waiting_.clear();
  return true;
}

bool Search::emit(const HitGroup& group) {
  std::vector<Placed> lines = with_context(group);
  const auto hit_of_group = [&](const Placed& line) {
    const auto& [console, day, block, i] = line.first;
    return line.second.hit && day == group.block.day && block == group.block.id;
  };
  const LineId first = query_.newest_first
                           ? std::find_if(lines.rbegin(), lines.rend(), hit_of_group)->second.id()
                           : std::find_if(lines.begin(), lines.end(), hit_of_group)->second.id();
  LineId last = first;
  std::erase_if(lines, [&](const Placed& line) { return shown_.count(line.first) > 0; });
  cut_to_limit(lines);
  for (const auto& [position, line] : lines) {
    if (!found_(line)) return false;
    if (query_.before + query_.after > 0) shown_.insert(position);
    if (!line.hit) continue;
    ++end_.hits;
    last = query_.newest_first ? std::min(last, line.id()) : std::max(last, line.id());
  }
  cursor_.advance(first, last);
  return true;
}

// Hits beyond the limit become context, and go when no hit needs them.
void Search::cut_to_limit(std::vector<Placed>& lines) const {
  const std::size_t room = query_.limit - end_.hits;
  std::size_t hits = 0, last_needed = lines.size();
  for (std::size_t n = 0; n < lines.size(); ++n) {
    FoundLine& line = lines[query_.newest_first ? lines.size() - 1 - n : n].second;
    if (!line.hit) continue;
    if (++hits <= room) {
      last_needed = n + (query_.newest_first ? query_.before : query_.after);
    } else {
      line.hit = false;
      line.matches.clear();
    }
  }
  if (hits <= room || last_needed + 1 >= lines.size()) return;
  const auto surplus = static_cast<std::ptrdiff_t>(lines.size() - last_needed - 1);
  if (query_.newest_first) {
    lines.erase(lines.begin(), lines.begin() + surplus);
  } else {
    lines.erase(lines.end() - surplus, lines.end());
  }
}

std::vector<Search::Placed> Search::with_context(const HitGroup& group) {
  std::vector<Placed> lines;
  extend(group, false, lines);
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    lines.emplace_back(Position(group.console, group.block.day, group.block.id, group.first + i),
                       group.lines[i]);
  }
  extend(group, true, lines);
  for (Placed& line : lines) number(line);
  return lines;
}

// Its number among the lines of the block becomes that among all lines of its time.
void Search::number(Placed& line) {
  const auto& [console, day, block, i] = line.first;
  if (line.second.nth != i) return;
  line.second.nth += earlier_.count({day, block, {}, {}}, console, line.second.at);
}

// Adds the context that lies in the blocks before or after the group's.
void Search::extend(const HitGroup& group, bool after, std::vector<Placed>& lines) {
  std::size_t missing = after ? group.after_missing : group.before_missing;
  BlockRef ref = group.block;
  while (missing > 0) {
    const auto next = snapshot_.neighbour(ref, group.console, after);
    const auto block = next ? snapshot_.load(*next) : nullptr;
    if (!block) return;
    ref = *next;
    lines_.assemble(block->of(group.console));
    const std::size_t earlier = earlier_lines(ref, group.console, lines_);
    const std::size_t count = std::min(missing, lines_.size());
    const std::size_t first = after ? 0 : lines_.size() - count;
    std::vector<Placed> context;
    for (std::size_t i = first; i < first + count; ++i) {
      context.emplace_back(
          Position(group.console, ref.day, ref.id, i),
          found_line(query_, matcher_, consoles_.at(group.console), lines_, i, earlier));
    }
    lines.insert(after ? lines.end() : lines.begin(), std::make_move_iterator(context.begin()),
                 std::make_move_iterator(context.end()));
    missing -= count;
  }
}

}  // namespace lastgasp
