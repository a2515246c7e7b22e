#include "collector/transcript/journal.h"

#include <algorithm>

#include "collector/core/log.h"
#include "collector/transcript/hot_content.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/tables.h"

namespace lastgasp {
namespace {

Database open_for_writing(const std::filesystem::path& folder) {
  Database db = Database::create(hot_path(folder));
  prepare_hot(db);
  return db;
}

}  // namespace

Journal::Journal(const std::filesystem::path& folder, std::int64_t sealed_seq,
                 UnpackedRows& unpacked)
    : unpacked_(unpacked), db_(open_for_writing(folder)) {
  Statement last(db_,
                 "SELECT max((SELECT ifnull(max(seq),0) FROM journal),"
                 " (SELECT ifnull(max(seq),0) FROM open_lines))");
  last.step();
  const std::int64_t written = last.integer(0);
  next_seq_ = std::max(written, sealed_seq) + 1;
  count_uncounted(written);
  if (written >= sealed_seq) return;
  log_error(db_.path().string() + " ends at row " + std::to_string(written) +
            ", though day files hold rows up to " + std::to_string(sealed_seq) +
            ": it or its WAL was cut or replaced, and lines, incidents and boots of its last "
            "minutes may be missing");
}

void Journal::commit(const Batch& batch) {
  if (packed_ != &batch) {
    pack(batch);
    keep_unpacked(batch);
  }
  packed_ = &batch;
  Transaction transaction(db_);
  write_consoles(batch);
  write_labels(batch);
  write_rows();
  write_counts(batch, next_seq_ + static_cast<std::int64_t>(rows_.size()) - 1);
  write_incidents(batch);
  write_boots(batch);
  write_notes(batch);
  write_alerts(batch);
  if (batch.sealed) take_out(*batch.sealed);
  transaction.commit();
  packed_ = nullptr;
  next_seq_ += static_cast<std::int64_t>(rows_.size());
}

void Journal::pack(const Batch& batch) {
  rows_.clear();
  for (const Batch::Frame& frame : batch.frames) {
    const std::string_view raw =
        std::string_view(batch.bytes).substr(frame.begin, frame.end - frame.begin);
    const std::string_view packed = packer_.pack(raw);
    rows_.push_back({unix_micros(frame.t0), unix_micros(frame.t1),
                     static_cast<std::int64_t>(raw.size()), checksum(packed), std::string(packed)});
  }
}

// Of a flood, which fills batches: less may wait for sealing much longer. Before the commit, or the
// sealer might have been past a row that comes here, where it would stay.
void Journal::keep_unpacked(const Batch& batch) {
  if (batch.bytes.size() < 2 * UnpackedRows::kLeastBytes) return;
  std::int64_t seq = next_seq_;
  for (const Batch::Frame& frame : batch.frames)
    unpacked_.put(seq++,
                  std::string_view(batch.bytes).substr(frame.begin, frame.end - frame.begin));
}

void Journal::write_rows() {
  if (rows_.empty()) return;
  Statement insert(db_, "INSERT INTO journal VALUES(?,?,?,?,?,?)");
  std::int64_t seq = next_seq_;
  for (const Row& row : rows_) {
    insert.bind(1, seq++).bind(2, row.t0).bind(3, row.t1).bind(4, row.raw_len).bind(5, row.crc);
    insert.bind_blob(6, row.data).run();
  }
}

void Journal::write_consoles(const Batch& batch) {
  Statement insert(db_,
                   "INSERT INTO console(id,name,endpoint) VALUES(?,?,?)"
                   " ON CONFLICT(id) DO UPDATE SET endpoint=excluded.endpoint");
  for (const ConsoleRow& row : batch.new_consoles) {
    insert.bind(1, row.id).bind(2, row.name).bind(3, row.endpoint).run();
  }
  Statement update(db_,
                   "UPDATE console SET endpoint=?,platform=?,state=?,reason=?,state_since=?"
                   " WHERE id=?");
  for (const ConsoleRow& row : batch.changed_consoles) {
    update.bind(1, row.endpoint).bind(2, row.platform).bind(3, row.state).bind(4, row.reason);
    update.bind(5, unix_micros(row.state_since)).bind(6, row.id).run();
  }
}

// `up_to`: the last row of the journal whose records are in the counts.
void Journal::write_counts(const Batch& batch, std::int64_t up_to) {
  if (batch.receivers.empty()) return;
  Statement count(db_,
                  "UPDATE console SET last_received=?, stored_bytes=stored_bytes+? WHERE id=?");
  for (const ConsoleId id : batch.receivers) {
    const Batch::Received& received = batch.received[id];
    count.bind(1, unix_micros(received.last));
    count.bind(2, static_cast<std::int64_t>(received.bytes)).bind(3, id).run();
  }
  write_meta(db_, "counted_seq", up_to);
}

// After a crash: what was committed since the counts were last written.
void Journal::count_uncounted(std::int64_t written) {
  const Meta meta = read_meta(db_);
  if (!meta.counted_seq || *meta.counted_seq >= written) return;
  const HotContent content = read_hot(db_, *meta.counted_seq);
  Batch uncounted;
  std::vector<Record> records;
  for (const HotContent::Row& row : content.rows) decode_frame(row.raw, records);
  for (const Record& record : records) uncounted.count(record);
  Transaction transaction(db_);
  write_counts(uncounted, written);
  transaction.commit();
}

void Journal::write_labels(const Batch& batch) {
  Statement remove(db_, "DELETE FROM console_label WHERE console=?");
  Statement put(db_, "INSERT OR REPLACE INTO console_label VALUES(?,?,?)");
  for (const auto& [console, labels] : batch.labels) {
    remove.bind(1, console).run();
    for (const auto& [name, value] : labels)
      put.bind(1, console).bind(2, name).bind(3, value).run();
  }
}

void Journal::write_incidents(const Batch& batch) {
  if (batch.incidents.empty()) return;
  Statement put(
      db_, "INSERT OR REPLACE INTO incident(" + kIncidentColumns + ") VALUES(?,?,?,?,?,?,?,?,?,?)");
  for (const IncidentRow& row : batch.incidents) {
    put.bind(1, row.id).bind(2, row.console).bind(3, row.kind).bind(4, row.severity);
    put.bind(5, row.fingerprint).bind(6, row.title).bind(7, unix_micros(row.opened));
    put.bind(8, unix_micros(row.updated)).bind(9, unix_micros(row.resolved));
    put.bind(10, row.body).run();
  }
}

void Journal::write_boots(const Batch& batch) {
  if (!batch.boots.empty()) {
    Statement put(db_, "INSERT OR REPLACE INTO boot(" + kBootColumns + ") VALUES(?,?,?,?,?)");
    for (const BootRow& row : batch.boots) {
      put.bind(1, row.console).bind(2, unix_micros(row.began)).bind(3, unix_micros(row.done));
      put.bind(4, row.reason).bind(5, row.evidence).run();
    }
  }
  if (batch.oldest_boot == WallTime{}) return;
  Statement forget(db_, "DELETE FROM boot WHERE began<?");
  forget.bind(1, unix_micros(batch.oldest_boot)).run();
}

void Journal::write_notes(const Batch& batch) {
  if (batch.notes.empty()) return;
  Statement put(db_, "INSERT INTO incident_note(" + kNoteColumns + ") VALUES(?,?,?,?,?)");
  for (const IncidentNote& note : batch.notes) {
    put.bind(1, note.incident).bind(2, unix_micros(note.at)).bind(3, note.acknowledges ? 1 : 0);
    put.bind(4, note.by).bind(5, note.text).run();
  }
}

void Journal::write_alerts(const Batch& batch) {
  if (batch.alerts.empty()) return;
  Statement put(db_, "INSERT OR REPLACE INTO alert_spool VALUES(?,?,?)");
  Statement remove(db_, "DELETE FROM alert_spool WHERE receiver=? AND incident=?");
  for (const SpooledAlert& alert : batch.alerts) {
    Statement& change = alert.body.empty() ? remove : put;
    change.bind(1, alert.receiver).bind(2, alert.incident);
    if (!alert.body.empty()) change.bind(3, alert.body);
    change.run();
  }
}

void Journal::take_out(const SealedStep& sealed) {
  Statement remove(db_, "DELETE FROM journal WHERE seq<=?");
  remove.bind(1, sealed.seq).run();
  Statement put(db_, "INSERT OR REPLACE INTO open_lines VALUES(1,?,?,?,?,?,?)");
  put.bind(1, sealed.seq).bind(2, unix_micros(sealed.open_t0));
  put.bind(3, unix_micros(sealed.open_t1));
  put.bind(4, static_cast<std::int64_t>(sealed.open_raw_len)).bind(5, sealed.open_crc);
  put.bind_blob(6, sealed.open_lines).run();
}

Journal::Waiting Journal::waiting() {
  Statement select(db_, "SELECT count(*), ifnull(sum(raw_len),0) FROM journal");
  select.step();
  return {static_cast<std::uint64_t>(select.integer(0)),
          static_cast<std::uint64_t>(select.integer(1))};
}

std::vector<ConsoleRow> Journal::consoles() {
  std::vector<ConsoleRow> rows;
  Statement select(db_, "SELECT " + kConsoleColumns + " FROM console ORDER BY id");
  while (select.step()) rows.push_back(console_of(select));
  return rows;
}

std::vector<IncidentRow> Journal::open_incidents() {
  std::vector<IncidentRow> rows;
  Statement select(db_,
                   "SELECT " + kIncidentColumns + " FROM incident WHERE resolved=0 ORDER BY id");
  while (select.step()) rows.push_back(incident_of(select));
  return rows;
}

IncidentId Journal::last_incident_id() {
  Statement select(db_, "SELECT ifnull(max(id),0) FROM incident");
  select.step();
  return select.integer(0);
}

std::vector<SpooledAlert> Journal::spooled_alerts() {
  std::vector<SpooledAlert> alerts;
  Statement select(db_, "SELECT receiver,incident,body FROM alert_spool ORDER BY incident");
  while (select.step()) alerts.push_back({select.text(0), select.integer(1), select.text(2)});
  return alerts;
}

}  // namespace lastgasp
