// The hot database, as the writer thread sees it: what is appended lands here first. Belongs to one
// thread. Failures are thrown as SqliteError and leave the database as before the call.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "collector/transcript/append_queue.h"
#include "collector/transcript/record_codec.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/unpacked_rows.h"

namespace lastgasp {

class Journal {
 public:
  // Opens or creates hot.db in `folder`. `sealed_seq` is the highest of the day files: rows get
  // higher numbers, also when hot.db was lost.
  // `unpacked`, where full rows go as well, outlives it.
  Journal(const std::filesystem::path& folder, std::int64_t sealed_seq, UnpackedRows& unpacked);

  // One transaction; on disk when it returns.
  void commit(const Batch& batch);

  struct Waiting {
    std::uint64_t rows = 0, raw_bytes = 0;
  };
  Waiting waiting();  // for sealing
  std::vector<ConsoleRow> consoles();
  std::vector<IncidentRow> open_incidents();
  IncidentId last_incident_id();
  std::vector<SpooledAlert> spooled_alerts();

 private:
  void count_uncounted(std::int64_t written);
  void pack(const Batch& batch);
  void write_rows();
  void write_counts(const Batch& batch, std::int64_t up_to);
  void write_consoles(const Batch& batch);
  void write_labels(const Batch& batch);
  void write_incidents(const Batch& batch);
  void write_boots(const Batch& batch);
  void write_notes(const Batch& batch);
  void write_alerts(const Batch& batch);
  void take_out(const SealedStep& sealed);

  struct Row {
    std::int64_t t0 = 0, t1 = 0, raw_len = 0, crc = 0;
    std::string data;
  };

  void keep_unpacked(const Batch& batch);

  UnpackedRows& unpacked_;
  Database db_;
  Packer packer_{PackLevel::fast};
  std::int64_t next_seq_ = 1;
  std::vector<Row> rows_;  // packed ahead of the transaction, kept for a second try
  const Batch* packed_ = nullptr;
};

}  // namespace lastgasp
