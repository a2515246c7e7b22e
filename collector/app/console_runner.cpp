#include "collector/app/console_runner.h"

#include <algorithm>
#include <utility>

#include "collector/core/bytes.h"
#include "collector/core/log.h"

namespace lastgasp {
namespace {

std::string_view name_of(LinkState state) {
  switch (state) {
    case LinkState::connecting:
      return "connecting";
    case LinkState::up:
      return "up";
    case LinkState::down:
      return "down";
  }
  return "down";
}

std::string_view name_of(LinkReason reason) {
  return kLinkReasonNames[static_cast<std::size_t>(reason)];
}

constexpr Micros kProvesItself = std::chrono::seconds(10);  // a link without a byte, by lasting

std::int64_t micros_of(MonoTime time) { return time.time_since_epoch().count(); }

void add(std::atomic<std::uint64_t>& counter, std::uint64_t n) {
  counter.fetch_add(n, std::memory_order_relaxed);
}

}  // namespace

ConsoleRunner::ConsoleRunner(ConsoleConfig config, const TrackerSettings& settings, ConsoleId id,
                             Matching& matching, ShardNotes& notes, RunnerServices services)
    : config_(std::move(config)),
      endpoint_(parse_endpoint(config_.endpoint)),
      id_(id),
      server_(endpoint_.server()),
      services_(services),
      metrics_(services.metrics.add_console(config_.name, std::string(endpoint_.transport()),
                                            config_.labels)),
      matching_(matching),
      notes_(notes),
      pipeline_(config_.name, config_.platform, settings, matching, *this) {
  redactor_.set_platform(config_.platform);
  if (!config_.platform.empty())
    metrics_->platform = services_.metrics.platform_index(config_.platform);
  link_mono_us_ = micros_of(services_.clock.now().mono);
}

// A dump that was being printed when the collector died has lost its end.
void ConsoleRunner::restore(std::vector<Incident> open, Instant now) {
  for (Incident& incident : open) {
    services_.desk.resume(incident, metrics_.get());
    if (incident.state != IncidentState::capturing) continue;
    incident.state = IncidentState::open;
    incident.truncated = true;
    on_incident(incident);
  }
  append(nullptr);
  pipeline_.tracker().restore(std::move(open), now);
}

void ConsoleRunner::start(asio::io_context& context, std::shared_ptr<ConnectBudget> budget) {
  note_due();
  link_ = std::make_unique<Link>(context, endpoint_, std::move(budget), services_.clock, *this);
  link_->start();
}

void ConsoleRunner::stop(std::string_view why) {
  link_.reset();
  const Instant now = services_.clock.now();
  end_redaction(now);
  pipeline_.link(false, now);
  if (up_.exchange(false)) {
    note_link(false, now.mono);
    mark(RecordKind::disconnected, why, now);
  }
  append(nullptr);
  end_boot();
  services_.metrics.remove_console(config_.name);
}

void ConsoleRunner::resolve_all(std::string_view resolution) {
  for (Incident incident : pipeline_.tracker().open_incidents()) {
    incident.state = IncidentState::resolved;
    incident.resolved = services_.clock.now().wall;
    incident.resolution = resolution;
    on_incident(incident);
  }
  append(nullptr);
}

void ConsoleRunner::tick(Instant now) {
  if (now.mono >= redactor_.due()) keep(redactor_.release(matching_.redaction), now);
  pipeline_.tick(now);
  if (now.mono >= overdue_at_) set_overdue(true, now.mono);
  append(nullptr);
  note_due();
}

void ConsoleRunner::note_due() {
  due_ = std::min({pipeline_.due(), redactor_.due(), overdue_at_});
  notes_.earliest_due = std::min(notes_.earliest_due, due_);
}

void ConsoleRunner::on_bytes(std::string_view bytes, Instant at) {
  ++notes_.reads;
  add(metrics_->received_bytes, bytes.size());
  metrics_->last_received_us.store(unix_micros(at.wall), std::memory_order_relaxed);
  byte_mono_us_.store(micros_of(at.mono), std::memory_order_relaxed);
  set_overdue(false, at.mono);
  garble_.feed(bytes, std::exchange(line_errors_, 0));
  keep(config_.redact ? redactor_.feed(matching_.redaction, bytes, at.mono) : bytes, at);
  publish_state();
  note_due();
}

// What the rules see and what is stored are the same bytes.
void ConsoleRunner::keep(std::string_view bytes, Instant at) {
  const std::uint64_t masked = redactor_.masked();
  if (masked != masked_) add(services_.metrics.redactions(), masked - masked_);
  masked_ = masked;
  if (bytes.empty()) return;
  pipeline_.bytes(bytes, at);
  metrics_->received_lines.store(pipeline_.lines(), std::memory_order_relaxed);
  const Record record{id_, RecordKind::data, at.wall, bytes};
  append(&record);
}

void ConsoleRunner::end_redaction(Instant at) {
  if (config_.redact) keep(redactor_.finish(matching_.redaction), at);
}

// Bytes and the incidents and boots they caused are one unit for the store: after a crash of the
// collector no stored line lacks its incident, and none is opened twice.
void ConsoleRunner::append(const Record* record) {
  if (!record && rows_.empty() && boots_.empty()) return;
  const std::span<const Record> records(record, record ? 1 : 0);
  const std::size_t refused = services_.writer.append(records, rows_, boots_);
  if (refused > 0) add(metrics_->lost_bytes, refused);
  rows_.clear();
  boots_.clear();
}

void ConsoleRunner::mark(RecordKind kind, std::string_view text, Instant at) {
  const Record record{id_, kind, at.wall, text};
  append(&record);
}

void ConsoleRunner::on_status(const LinkStatus& status, Instant at) {
  const bool was_up = up_.load(std::memory_order_relaxed);
  const bool is_up = status.state == LinkState::up;
  // A link that is tried again every few seconds is no news each time.
  const bool settled = status.state != LinkState::connecting;
  const bool news = settled && (is_up != was_up || status.reason != settled_reason_);
  if (settled) settled_reason_ = status.reason;
  count_failure(status, was_up);
  status_ = status;
  status_.detail = shown(status);
  if (settled) {  // while it is tried again, why it failed is told on
    const std::lock_guard lock(detail_mutex_);
    detail_ = status_.detail;
    metrics_->reason.store(static_cast<std::uint8_t>(status.reason), std::memory_order_relaxed);
  }
  if (is_up != was_up) {
    up_.store(is_up, std::memory_order_relaxed);
    note_link(is_up, at.mono);
    set_overdue(false, at.mono);
    end_redaction(at);
    pipeline_.link(is_up, at);
    mark(is_up ? RecordKind::connected : RecordKind::disconnected,
         is_up ? std::string_view{} : name_of(status.reason), at);
  }
  publish_state();
  note_due();
  if (!news) return;
  log_status(is_up != was_up);
  state_since_ = at.wall;
  update_row();
}

// A peer that accepts, says nothing and hangs up again and again is down all the while.
void ConsoleRunner::note_link(bool is_up, MonoTime now) {
  const MonoTime since{Micros{link_mono_us_.load(std::memory_order_relaxed)}};
  const MonoTime byte{Micros{byte_mono_us_.load(std::memory_order_relaxed)}};
  const bool useless = !is_up && byte < since && now - since < kProvesItself;
  if (is_up) down_since_ = since;
  link_mono_us_.store(micros_of(useless ? down_since_ : now), std::memory_order_relaxed);
}

// Whether it has been quiet for longer than it may; while it has not, when it will have been.
void ConsoleRunner::set_overdue(bool overdue, MonoTime now) {
  const bool watched = !overdue && config_.silence > Micros{0} && up_.load();
  overdue_at_ = watched ? now + config_.silence : MonoTime::max();
  if (overdue == overdue_) return;
  overdue_ = overdue;
  publish_state();
  update_row();
}

void ConsoleRunner::count_failure(const LinkStatus& status, bool was_up) {
  if (status.state != LinkState::connecting) tried_.store(true, std::memory_order_relaxed);
  if (status.state != LinkState::down) return;
  add(was_up ? metrics_->disconnects : metrics_->connect_failures, 1);
}

// Its detail with what the peer said, which may hold a secret as well as all else that it says.
std::string ConsoleRunner::shown(const LinkStatus& status) const {
  if (status.said.empty()) return status.detail;
  const std::string said =
      config_.redact ? redacted(matching_.redaction, status.said) : status.said;
  return status.detail + ", saying \"" + escaped(said) + '"';
}

void ConsoleRunner::log_status(bool changed) const {
  if (status_.state == LinkState::up) {
    if (changed) log_info(escaped(config_.name) + " is connected");
    return;
  }
  const std::string why =
      status_.detail.empty() ? std::string(name_of(status_.reason)) : status_.detail;
  log_warning(escaped(config_.name) + " is down: " + why);
}

void ConsoleRunner::on_line_errors(const LineErrors& errors, Instant) {
  add(metrics_->framing_errors, errors.framing);
  add(metrics_->parity_errors, errors.parity);
  add(metrics_->overrun_errors, errors.overrun);
  add(metrics_->breaks, errors.breaks);
  line_errors_ += errors.framing + errors.parity;
}

void ConsoleRunner::on_attempt(Instant) { add(metrics_->connect_attempts, 1); }

void ConsoleRunner::on_incident(Incident& incident) {
  rows_.push_back(services_.desk.take(incident, id_, metrics_.get()));
}

void ConsoleRunner::on_boot(const Boot& boot) {
  boots_.push_back({id_, boot.began, boot.done, std::string(name_of(boot.reason)), boot.evidence});
  // Its reason may be told, or told better, while it goes on.
  const bool known = boot_ && boot_->began == boot.began && boot_->reason != boot.reason;
  if (boot.done == WallTime{} && !known) {
    end_boot();
    add(metrics_->boots, 1);
    metrics_->last_boot_us.store(unix_micros(boot.began), std::memory_order_relaxed);
  }
  boot_ = boot;
  booting_.store(boot.done == WallTime{}, std::memory_order_relaxed);
  if (boot.done == WallTime{}) return;
  metrics_->last_boot_duration_us.store((boot.done - boot.began).count(),
                                        std::memory_order_relaxed);
  end_boot();
}

void ConsoleRunner::end_boot() {
  if (boot_) add(services_.metrics.boots()[static_cast<std::size_t>(boot_->reason)], 1);
  boot_.reset();
}

void ConsoleRunner::on_platform(std::string_view platform) {
  redactor_.set_platform(platform);
  metrics_->platform.store(services_.metrics.platform_index(platform), std::memory_order_relaxed);
  update_row();
}

void ConsoleRunner::publish_state() {
  ConsoleState state = ConsoleState::down;
  if (status_.state == LinkState::connecting) state = ConsoleState::connecting;
  if (status_.state == LinkState::up)
    state = garble_.garbled()                                  ? ConsoleState::garbled
            : overdue_ || status_.reason == LinkReason::silent ? ConsoleState::silent
                                                               : ConsoleState::up;
  metrics_->state.store(state, std::memory_order_relaxed);
}

void ConsoleRunner::update_row() {
  ConsoleRow row;
  row.id = id_;
  row.name = config_.name;
  row.endpoint = config_.endpoint;
  row.platform = pipeline_.tracker().platform();
  row.state = name_of(status_.state);
  row.reason = name_of(overdue_ ? LinkReason::silent : status_.reason);
  row.state_since = state_since_;
  row.last_received = from_unix_micros(metrics_->last_received_us.load(std::memory_order_relaxed));
  services_.writer.update_console(row);
}

std::string ConsoleRunner::detail() const {
  const std::lock_guard lock(detail_mutex_);
  return detail_;
}

ConsoleActivity ConsoleRunner::activity() const {
  ConsoleActivity activity;
  activity.console = config_.name;
  activity.up = up_.load(std::memory_order_relaxed);
  activity.link_since = MonoTime{Micros{link_mono_us_.load(std::memory_order_relaxed)}};
  activity.last_byte = MonoTime{Micros{byte_mono_us_.load(std::memory_order_relaxed)}};
  activity.allowed = config_.silence;
  return activity;
}

ConsoleStanding ConsoleRunner::standing() const {
  return {activity(), tried(), booting_.load(std::memory_order_relaxed)};
}

}  // namespace lastgasp
