// Recorded bytes played into a pipeline: files, and what the transcript holds.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>

#include "collector/app/pipeline.h"
#include "collector/transcript/reader.h"

namespace lastgasp {

// How far a long reading is, on standard error when that is a terminal.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  ~Progress();  // wipes it off
  void at(std::uint64_t bytes, WallTime reached = {});

 private:
  std::string what_;
  std::uint64_t next_ = std::uint64_t{16} << 20;
  bool shown_ = false;
};

// Whether `what` is a file to be read, or "-", rather than a line of text.
bool is_recording(const std::string& what);
// Opens the file, or standard input when it is called "-". Throws Error when it cannot be read.
void read_recording(const std::string& file, const std::function<void(std::istream&)>& read);

// Plays a file, or standard input when it is called "-". It has no times: it is read as if it came
// over a line of 115200 baud beginning now, its secrets masked as a collector's are by the built-in
// rules. Throws Error when it cannot be read.
void play_file(const std::string& file, Pipeline& pipeline);
void play_stream(std::istream& in, const std::string& name, Pipeline& pipeline);

// Says on standard error that so many blocks of the store could not be read, if any.
void tell_damaged(std::size_t blocks);

// Plays the stored records of one console at the times they arrived.
class StoredConsole {
 public:
  // `matching` and `sink` outlive it.
  StoredConsole(const std::string& name, const std::string& platform,
                const TrackerSettings& settings, Matching& matching, TrackerSink& sink)
      : pipeline_(name, platform, settings, matching, sink) {}

  void take(const Record& record);
  // Nothing more was printed until then.
  void finish(WallTime at);
  Pipeline& pipeline() { return pipeline_; }

 private:
  void advance(WallTime at);

  Pipeline pipeline_;
  Instant now_{};
  bool begun_ = false;
};

}  // namespace lastgasp
