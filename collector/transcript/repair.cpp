#include "collector/transcript/repair.h"

#include "collector/transcript/database_files.h"
#include "collector/transcript/folder_lock.h"
#include "collector/transcript/schema.h"

namespace lastgasp {
namespace {

namespace fs = std::filesystem;

// The folder that a database file belongs to.
fs::path folder_of(const fs::path& file) {
  const fs::path parent = fs::absolute(file).parent_path();
  return parent.filename() == "days" ? parent.parent_path() : parent;
}

bool is_hot(const fs::path& file) { return database_name(file) == "hot.db"; }

// Days come first: a lost hot.db takes the names of consoles from them.
std::vector<fs::path> files_of(const fs::path& folder_or_file) {
  if (fs::is_regular_file(folder_or_file)) return {folder_or_file};
  std::vector<fs::path> files = database_files(folder_or_file);
  if (files.empty()) throw Error("no transcripts in " + folder_or_file.string());
  return files;
}

fs::path free_name(const fs::path& file) {
  fs::path name = file.string() + ".damaged";
  for (int i = 2; fs::exists(name); ++i) name = file.string() + ".damaged." + std::to_string(i);
  return name;
}

// With what belongs to it; the file itself last, so that it never stands without its WAL.
void rename_database(const fs::path& from, const fs::path& to) {
  fs::remove(from.string() + "-shm");
  if (fs::exists(from.string() + "-wal")) fs::rename(from.string() + "-wal", to.string() + "-wal");
  fs::rename(from, to);
}

RepairedFile repair_file(const fs::path& file, const fs::path& target, const FolderFacts& facts) {
  const bool in_place = target == file;
  const fs::path written = in_place ? fs::path(file.string() + ".repaired") : target;
  RepairedFile repaired{target, file, {}, {}};
  if (in_place) fs::remove(written);  // of a repair that was interrupted
  try {
    repaired.salvaged =
        is_hot(file) ? salvage_hot(file, written, facts) : salvage_day(file, written, facts);
  } catch (...) {
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(written.string() + suffix);
    throw;
  }
  if (in_place) {
    repaired.original = free_name(file);
    rename_database(file, repaired.original);
    fs::rename(written, file);
  }
  return repaired;
}

}  // namespace

std::vector<RepairedFile> repair(const fs::path& folder_or_file,
                                 const std::optional<fs::path>& into,
                                 const VerifyProgress& progress) {
  const std::vector<fs::path> files = files_of(folder_or_file);
  const fs::path folder = folder_of(files.front());
  const bool kept = is_kept(files.front());
  if (kept && !into)
    throw Error(files.front().string() +
                " is a copy that was kept for repair: name a folder for what is saved, --into");
  // A file copied out of its folder has no lock, and nobody writes it, nor a copy kept in it.
  std::optional<FolderLock> lock;
  const bool written_by_daemon = fs::exists(folder / "lock") && !kept;
  if (written_by_daemon && folder_holder(folder))
    throw Error(folder.string() + " is in use by " + *folder_holder(folder) +
                ": stop the daemon first");
  if (written_by_daemon && !into) lock.emplace(folder);
  FolderFacts facts = facts_of(folder);
  // The folder went on without what such a copy holds, and gave its numbers to other rows.
  if (kept) facts.sealed_seq = 0;
  std::vector<RepairedFile> repaired;
  for (const fs::path& file : files) {
    const fs::path name = database_name(file);
    const fs::path target = into ? (is_hot(file) ? *into / name : *into / "days" / name) : file;
    if (target != file && fs::exists(target)) throw Error(target.string() + " exists already");
    if (verify_file(file, progress).problems.empty()) {
      if (into) copy_database(file, target);
      continue;
    }
    try {
      repaired.push_back(repair_file(file, target, facts));
    } catch (const NothingSaved& error) {
      repaired.push_back({file, file, {}, error.what()});
    }
  }
  return repaired;
}

}  // namespace lastgasp
