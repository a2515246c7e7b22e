// Adds blocks to day files. Belongs to the sealing thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "collector/transcript/line_split.h"

namespace lastgasp {

using ConsoleNames = std::map<ConsoleId, std::string>;
using ConsoleNaming = std::function<std::optional<std::string>(ConsoleId)>;

// Keeps the newest day file open from one step to the next.
class DayWriter {
 public:
  explicit DayWriter(std::filesystem::path folder);
  ~DayWriter();

  // Writes `pieces`, all of `day`, as blocks, and that the journal up to row `seq` is sealed as far
  // as this day goes: one transaction, on disk when it returns. Does nothing when the file says
  // that it was done before. `name_of` is asked once for each console. Throws SqliteError.
  void write(Day day, std::span<const Piece> pieces, std::int64_t seq,
             const ConsoleNaming& name_of);

 private:
  struct Open;
  void sample(std::span<const Piece> pieces);
  void add(std::span<const Piece> pieces, std::int64_t seq, const ConsoleNaming& name_of);

  const std::filesystem::path folder_;
  std::unique_ptr<Open> open_;
};

// The highest row of the journal that is sealed into any day file; 0 when there is none.
std::int64_t highest_sealed_seq(const std::filesystem::path& folder);
// The consoles the day files know of.
ConsoleNames names_in_days(const std::filesystem::path& folder);

}  // namespace lastgasp
