#include "exporters/web/streams.h"

#include <algorithm>
#include <utility>

#include "collector/core/bytes.h"
#include "collector/core/log.h"
#include "exporters/web/incident_summary.h"
#include "exporters/web/incident_watch.h"
#include "exporters/web/stored.h"

namespace lastgasp {
namespace {

// Of incidents, when somebody begins to watch: it may have looked just before they were stored.
constexpr Micros kNews = std::chrono::seconds(5);

}  // namespace

Streams::Streams(WebBackend& backend)
    : backend_(backend), collector_([this] { ask_collector(); }), store_([this] { ask_store(); }) {}

Streams::~Streams() { stop(); }

void Streams::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& stream : streams_) stream->end();
  }
  wake_.notify_all();
  for (std::thread* thread : {&collector_, &store_})
    if (thread->joinable()) thread->join();
}

std::shared_ptr<EventStream> Streams::open() {
  auto stream = std::make_shared<EventStream>(backend_.now().mono);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& other) { return other->over(); });
    if (stopping_ || streams_.size() >= kMaxStreams)
      throw HttpError(503, std::to_string(kMaxStreams) +
                               " event streams are open, and no more may be; close a page, or ask "
                               "again in a few seconds");
    streams_.push_back(stream);
  }
  wake_.notify_all();
  return stream;
}

std::shared_ptr<EventStream> Streams::changes(ConsoleFilter filter, std::string_view hello) {
  auto stream = open();
  stream->write(hello);
  const std::lock_guard lock(changes_mutex_);
  changes_.sweep(backend_.consoles());  // what changed while nobody watched is no news
  changes_.add(stream, std::move(filter));
  return stream;
}

std::shared_ptr<EventStream> Streams::tail(std::string console, std::optional<LineId> after) {
  auto stream = open();
  const std::lock_guard lock(mutex_);
  new_tails_.push_back({stream, std::move(console), std::move(after)});
  return stream;
}

// False when it is over; waits on while no stream is open.
bool Streams::wait(Micros time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [this] { return stopping_; });
  wake_.wait(lock, [this] { return stopping_ || !streams_.empty(); });
  return !stopping_;
}

void Streams::ask_collector() {
  while (wait(kSweepEvery)) {
    {
      const std::lock_guard lock(mutex_);
      const MonoTime now = backend_.now().mono;
      for (const auto& stream : streams_) stream->tend(now);
      std::erase_if(streams_, [](const auto& stream) { return stream->over(); });
    }
    const std::lock_guard lock(changes_mutex_);
    if (!changes_.idle()) changes_.sweep(backend_.consoles());
  }
}

void Streams::ask_store() {
  std::optional<TranscriptReader> reader;
  TailFeed tails;
  IncidentWatch incidents;
  while (wait(kPollEvery)) {
    {
      const std::lock_guard lock(mutex_);
      for (NewTail& tail : std::exchange(new_tails_, {}))
        tails.add(std::move(tail.stream), std::move(tail.console), std::move(tail.after));
    }
    try {
      if (!reader) reader.emplace(backend_.transcripts());
      const Instant now = backend_.now();
      tails.poll(*reader, now);
      if (changes_wanted())
        tell_incidents(*reader, incidents.poll(*reader, now.wall - kNews));
      else
        incidents = {};
    } catch (const Error& e) {
      log_debug("HTTP streams: " + escaped(e.what()));
      reader.reset();
      tails.resume();
    }
  }
}

bool Streams::changes_wanted() {
  const std::lock_guard lock(changes_mutex_);
  return !changes_.idle();
}

void Streams::tell_incidents(TranscriptReader& reader, const std::vector<IncidentRow>& rows) {
  if (rows.empty()) return;
  const std::lock_guard lock(changes_mutex_);
  for (const IncidentRow& row : rows) {
    const Incident incident = stored_incident(row);
    auto consoles = incident.consoles;
    consoles.push_back(incident.console);
    changes_.incident(incident_summary(incident, reader.notes(row.id)), consoles);
  }
}

}  // namespace lastgasp
