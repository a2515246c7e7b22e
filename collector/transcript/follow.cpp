#include "collector/transcript/follow.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "collector/transcript/record_codec.h"

namespace lastgasp {

Follow::Follow(OpenFiles& files, ConsoleId id, std::string console)
    : files_(files), id_(id), console_(std::move(console)) {}

void Follow::poll(Database& hot, const HotContent& content, Instant now,
                  std::vector<FoundLine>& out) {
  if (content.sealed_seq > seq_) {
    catch_up(hot, now);
  } else {
    add_rows(content, now);
  }
  assembler_.quiet(now, *this);
  std::move(out_.begin(), out_.end(), std::back_inserter(out));
  out_.clear();
}

// What is there already is not shown, but a line still open is joined with what follows.
void Follow::start(Database& hot, Instant now) {
  Snapshot snapshot(files_, hot);
  const auto newest = snapshot.neighbour({INT32_MAX, 0, {}, {}}, id_, false);
  const bool in_journal = newest && newest->in_journal();
  if (const auto sealed = in_journal ? snapshot.neighbour(*newest, id_, false) : std::nullopt) {
    add_block(snapshot, *sealed, now);
  }
  if (newest) add_block(snapshot, *newest, now);
  out_.clear();
  seq_ = snapshot.last_seq();
}

void Follow::add_rows(const HotContent& content, Instant now) {
  std::vector<Record> records;
  for (const HotContent::Row& row : content.rows)
    if (row.seq > seq_) decode_frame(row.raw, records);
  for (const Record& record : records) add(record, now);
  seq_ = std::max(seq_, content.last_seq());
}

// Rows were sealed before we saw them: everything from the last line shown on, out of all files.
void Follow::catch_up(Database& hot, Instant now) {
  Snapshot snapshot(files_, hot);
  assembler_ = {};
  forced_ = {};
  catching_up_ = true;
  skip_ = last_count_;
  const std::set<ConsoleId> wanted{id_};
  for (const Day day : snapshot.days()) {
    if (day + 1 < day_of(last_at_)) continue;
    for (const BlockRef& ref : snapshot.blocks(day, &wanted, {last_at_})) {
      add_block(snapshot, ref, now);
    }
  }
  catching_up_ = false;
  seq_ = snapshot.last_seq();
}

void Follow::add_block(Snapshot& snapshot, const BlockRef& ref, Instant now) {
  const auto block = snapshot.load(ref);
  if (!block) return;
  for (const Record& record : block->of(id_)) add(record, now);
}

void Follow::add(const Record& record, Instant now) {
  if (record.console != id_) return;
  const bool data = record.kind == RecordKind::data;
  if (data) assembler_.feed(record.bytes, {record.at, now.mono}, *this);
  if (forced_.after(record)) {
    assembler_.flush(*this);
    assembler_ = {};
  }
  if (!data) show({console_, record.at, record.kind, std::string(record.bytes)});
}

void Follow::on_line(const Line& line) {
  FoundLine found{console_, line.at.wall, RecordKind::data, std::string(line.text)};
  found.partial = line.partial;
  show(std::move(found));
}

void Follow::show(FoundLine line) {
  if (line.partial) {
    line.nth = line.at == last_at_ ? last_count_ : 0;
    out_.push_back(std::move(line));
    return;
  }
  if (catching_up_) {
    if (line.at < last_at_) return;
    if (line.at == last_at_ && skip_ > 0) {
      --skip_;
      return;
    }
  }
  last_count_ = line.at == last_at_ ? last_count_ + 1 : 1;
  last_at_ = line.at;
  line.nth = last_count_ - 1;
  out_.push_back(std::move(line));
}

}  // namespace lastgasp
