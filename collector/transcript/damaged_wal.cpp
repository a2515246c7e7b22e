#include "collector/transcript/damaged_wal.h"

#include "collector/core/log.h"
#include "collector/transcript/database_files.h"
#include "collector/transcript/wal_file.h"

namespace lastgasp {
namespace {

namespace fs = std::filesystem;

void keep(const fs::path& file, const std::string& what, WallTime now) {
  const fs::path kept = kept_name(file, now);
  try {
    copy_database(file, kept);
    log_error(what + "; it is kept: `lastgasp db repair " + kept.string() +
              " --into FOLDER` saves it for a search there");
  } catch (const fs::filesystem_error& error) {
    log_error(what + ", and it cannot be kept: " + error.what());
    for (const char* suffix : {"", "-wal"}) {
      std::error_code ignored;
      fs::remove(kept.string() + suffix, ignored);
    }
  }
}

}  // namespace

std::size_t keep_damaged_wals(const fs::path& folder, WallTime now) {
  std::size_t damaged = 0;
  for (const fs::path& file : database_files(folder)) {
    const WalFile wal = read_wal(file);
    const bool header_lost = !wal.header_sound && !wal.frames.empty();
    if (!header_lost && wal.damaged() == 0) continue;
    ++damaged;
    const std::string pages = header_lost ? "its header and " : "";
    keep(file,
         file.string() + "-wal is damaged (" + pages + std::to_string(wal.damaged()) + " of " +
             std::to_string(wal.frames.size()) +
             " pages): what was committed from there on is missing from now on",
         now);
  }
  return damaged;
}

}  // namespace lastgasp
