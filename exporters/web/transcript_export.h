// What consoles printed, as received or as text, piece by piece: for the API and the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/transcript/printed_bytes.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

struct ExportPart {
  std::vector<std::string> consoles;  // globs
  TimeRange range;
};

// Of an incident: from 50 lines before its first to its last. Throws Error when there is none.
ExportPart part_of(TranscriptReader& reader, IncidentId incident);

inline constexpr std::size_t kExportPieceBytes = std::size_t{1} << 20;  // more or less

enum class ExportForm : std::uint8_t {
  raw,   // the bytes of one console, as PrintedBytes gives them
  text,  // cleaned lines without marks, oldest first: "TIME CONSOLE: text", escaped
};

// One part. Between pieces nothing of the store is held, so that whoever takes them slowly is in
// nobody's way. One thread at a time.
class TranscriptExport {
 public:
  // Throws Error when several consoles match and the form is raw.
  TranscriptExport(TranscriptReader& reader, ExportPart part, ExportForm form);

  // The next piece; an empty one at the end. Any reader of the same store.
  std::string next(TranscriptReader& reader);
  std::size_t damaged_blocks() const;  // left out so far

 private:
  std::string next_text(TranscriptReader& reader);

  const ExportPart part_;
  std::optional<PrintedBytes> raw_;     // or, as text:
  std::optional<SearchCursor> cursor_;  // of the next line
  bool ended_ = false;
  std::size_t damaged_blocks_ = 0;
};

}  // namespace lastgasp
