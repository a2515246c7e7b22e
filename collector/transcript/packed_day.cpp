#include "collector/transcript/packed_day.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "collector/transcript/schema.h"
#include "collector/transcript/text_dictionary.h"

namespace lastgasp {
namespace {

void remove_file(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

void sync(const std::filesystem::path& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  const bool ok = file >= 0 && fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  if (!ok) throw Error(errno_text("sync " + path.string(), error));
}

}  // namespace

PackedDay::PackedDay(std::filesystem::path day, Packer& blocks, const TextDictionary* dictionary)
    : day_(std::move(day)), path_(day_.string() + "-packed") {
  remove_file(path_);  // of a packing that was killed
  db_.emplace(Database::create_whole(path_));
  prepare_day(*db_);
  db_->run("BEGIN");
  if (dictionary) dictionary->write(*db_);
  writer_.emplace(*db_, blocks, "span");
}

PackedDay::~PackedDay() {
  writer_.reset();
  db_.reset();
  remove_file(path_);
}

void PackedDay::add(const Block& block) {
  grams_.push_back({writer_->write(block, true), block.grams});
  if (grams_.size() == kMostGramColumns) put_grams();
}

void PackedDay::put_grams() {
  if (!grams_.empty()) write_gram_segment(*db_, &grams_packer_, grams_);
  grams_.clear();
}

void PackedDay::replace(Database& old) {
  put_grams();
  copy_names(old);
  const std::int64_t seq = read_meta(old).sealed_seq;
  for (const char* key : {"sealed_seq", "packed_seq", "number_grams_seq"})
    write_meta(*db_, key, seq);
  db_->run("COMMIT");
  writer_.reset();
  db_.reset();
  take_place();
}

void PackedDay::copy_names(Database& old) {
  Statement put(*db_, "INSERT INTO console VALUES(?,?)");
  Statement names(old, "SELECT id,name FROM console");
  while (names.step()) put.bind(1, names.integer(0)).bind(2, names.bytes(1)).run();
}

void PackedDay::take_place() {
  sync(path_, O_RDONLY);
  // Whoever opens the day next finds no WAL to mistake for one of the new file.
  for (const char* suffix : {"-wal", "-shm"}) remove_file(day_.string() + suffix);
  std::filesystem::rename(path_, day_);
  sync(day_.parent_path(), O_RDONLY | O_DIRECTORY);
}

}  // namespace lastgasp
