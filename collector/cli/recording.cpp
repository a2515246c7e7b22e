#include "collector/cli/recording.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "collector/app/rule_source.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

// At 115200 baud, a tenth of a second at a time: quiet never happens, but an hour of output is an
// hour.
constexpr std::size_t kStepBytes = 1152;
constexpr Micros kStep = std::chrono::milliseconds(100);
constexpr std::uint64_t kTellEvery = std::uint64_t{16} << 20;

}  // namespace

Progress::~Progress() {
  if (shown_) std::fprintf(stderr, "\r\x1b[K");
}

void Progress::at(std::uint64_t bytes, WallTime reached) {
  if (bytes < next_ || !isatty(STDERR_FILENO)) return;
  next_ = bytes + kTellEvery;
  shown_ = true;
  const std::string when = reached == WallTime{} ? "" : ", at " + format_utc(reached);
  std::fprintf(stderr, "\r\x1b[K%s: %s%s", escaped(what_).c_str(), format_bytes(bytes).c_str(),
               when.c_str());
}

void play_stream(std::istream& in, const std::string& name, Pipeline& pipeline) {
  Progress progress(name);
  Instant now{SystemClock().now().wall, MonoTime{}};
  std::string chunk(kStepBytes, '\0');
  std::uint64_t bytes = 0;
  const Redactor::Rules rules = compile_redaction({}, {});
  Redactor redactor;
  pipeline.link(true, now);
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    const std::string_view read(chunk.data(), static_cast<std::size_t>(in.gcount()));
    pipeline.bytes(redactor.feed(rules, read, now.mono), now);
    now = now + kStep;
    if (pipeline.due() <= now.mono) pipeline.tick(now);
    progress.at(bytes += static_cast<std::uint64_t>(in.gcount()));
  }
  pipeline.bytes(redactor.finish(rules), now);
  pipeline.finish(now);
}

bool is_recording(const std::string& what) {
  std::error_code error;
  const auto status = std::filesystem::status(what, error);
  return what == "-" || (std::filesystem::exists(status) && !std::filesystem::is_directory(status));
}

void read_recording(const std::string& file, const std::function<void(std::istream&)>& read) {
  if (file == "-") return read(std::cin);
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(errno_text("cannot read " + file, errno));
  read(in);
}

void play_file(const std::string& file, Pipeline& pipeline) {
  const std::string name = file == "-" ? "standard input" : file;
  read_recording(file, [&](std::istream& in) { play_stream(in, name, pipeline); });
}

void tell_damaged(std::size_t blocks) {
  if (blocks > 0) std::fprintf(stderr, "lastgasp: %zu damaged blocks were skipped\n", blocks);
}

// Everything that fell due on the way happens at its own time. A clock that was set back stands
// still.
void StoredConsole::advance(WallTime at) {
  if (!begun_) now_ = {at, MonoTime{}};
  const Micros passed = std::max(Micros{0}, at - now_.wall);
  const Instant target{at, now_.mono + passed};
  for (MonoTime due = pipeline_.due(); due <= target.mono;) {
    now_ = {target.wall - (target.mono - std::max(due, now_.mono)), std::max(due, now_.mono)};
    pipeline_.tick(now_);
    const MonoTime next = pipeline_.due();
    if (next <= due) break;  // what is due now waits for more than time
    due = next;
  }
  now_ = target;
  if (!begun_) pipeline_.link(true, now_);
  begun_ = true;
}

void StoredConsole::take(const Record& record) {
  advance(record.at);
  if (record.kind == RecordKind::data) {
    pipeline_.bytes(record.bytes, now_);
  } else {
    pipeline_.link(record.kind == RecordKind::connected, now_);
  }
}

void StoredConsole::finish(WallTime at) {
  if (!begun_) return;
  advance(at);
  pipeline_.finish(now_);
}

}  // namespace lastgasp
