#include "exporters/web/tail_feed.h"

#include <algorithm>
#include <map>

#include "collector/core/bytes.h"
#include "exporters/web/line_json.h"

namespace lastgasp {
namespace {

// How many lines are left out is not always known.
std::string gap_event(std::optional<std::size_t> lines) {
  return event_text("gap", "{\"lines\":" + (lines ? std::to_string(*lines) : "null") + '}');
}

// A line that has not ended comes again: without an id, so that a reader does not resume behind it.
std::string line_event(const FoundLine& line) {
  if (line.partial) return event_text("partial", line_json(line));
  return event_text("line", line_json(line), to_utf8(to_text(line.id())));
}

}  // namespace

// Lines of one console, each made into its event once for all streams, and only if one gets it.
class TailFeed::Batch {
 public:
  explicit Batch(std::vector<FoundLine> lines = {}) : lines_(std::move(lines)) {}
  void add(FoundLine line) { lines_.push_back(std::move(line)); }
  std::size_t size() const { return lines_.size(); }
  const FoundLine& line(std::size_t i) const { return lines_[i]; }
  const std::string& event(std::size_t i) {
    events_.resize(lines_.size());
    if (events_[i].empty()) events_[i] = line_event(lines_[i]);
    return events_[i];
  }

 private:
  std::vector<FoundLine> lines_;
  std::vector<std::string> events_;
};

void TailFeed::add(std::shared_ptr<EventStream> stream, std::string console,
                   std::optional<LineId> after) {
  tails_.push_back({std::move(stream), std::move(console), std::move(after), false, 0, {}});
}

void TailFeed::poll(TranscriptReader& reader, Instant now) {
  std::erase_if(tails_, [](const Tail& tail) { return tail.stream->over(); });
  std::vector<std::string> consoles;
  for (const Tail& tail : tails_) consoles.push_back(tail.console);
  std::sort(consoles.begin(), consoles.end());
  consoles.erase(std::unique(consoles.begin(), consoles.end()), consoles.end());
  std::map<std::string, Batch> batches;
  for (FoundLine& line : reader.follow(consoles, now)) batches[line.console].add(std::move(line));
  for (Tail& tail : tails_) {
    if (tail.begun)
      tell(tail, batches[tail.console]);
    else
      begin(tail, reader);
  }
}

void TailFeed::resume() {
  for (Tail& tail : tails_) tail.begun = false;
}

// Its console is followed by now, so that nothing falls in between; what the backlog has already
// may come once more.
void TailFeed::begin(Tail& tail, TranscriptReader& reader) {
  tail.begun = true;
  auto lines = tail.after ? reader.line(*tail.after, 0, kTailBacklog)
                          : reader.tail(tail.console, kTailBacklog);
  if (tail.after && !lines.empty() && lines.size() <= kTailBacklog) {
    lines.erase(lines.begin());
  } else if (tail.after) {
    tail.stream->write(gap_event(std::nullopt));
    lines = reader.tail(tail.console, kTailBacklog);
  }
  for (FoundLine& line : lines) line.hit = true;
  Batch batch(std::move(lines));
  tell(tail, batch);
  for (std::size_t i = 0; i < batch.size(); ++i)
    tail.told.emplace(batch.line(i).id(), batch.line(i).text);
}

// As many of the last lines as there is room for: of a flood one wants to see where it is now.
void TailFeed::tell(Tail& tail, Batch& batch) {
  std::size_t first = 0;
  while (first < batch.size() &&
         tail.told.contains({batch.line(first).id(), batch.line(first).text}))
    ++first;
  if (first < batch.size()) tail.told.clear();
  std::size_t room = std::min(kTailBytesPerPoll, tail.stream->room() / 2);
  std::size_t from = batch.size();
  while (from > first && batch.event(from - 1).size() <= room) room -= batch.event(--from).size();
  tail.left_out += from - first;
  if (tail.left_out > 0 && (from < batch.size() || batch.size() == first) &&
      tail.stream->write(gap_event(tail.left_out)))
    tail.left_out = 0;
  for (; from < batch.size(); ++from) {
    tail.stream->write(batch.event(from));
    if (!batch.line(from).partial) tail.after = batch.line(from).id();
  }
}

}  // namespace lastgasp
