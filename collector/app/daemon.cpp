#include "collector/app/daemon.h"

#include <malloc.h>
#include <sys/resource.h>

#include <csignal>
#include <functional>

#include "collector/app/console_view.h"
#include "collector/app/explanation.h"
#include "collector/app/systemd.h"
#include "collector/app/web_access.h"
#include "collector/core/console_memory.h"
#include "collector/core/log.h"
#include "collector/transcript/reader.h"

namespace lastgasp {
namespace {

constexpr auto kTendEvery = std::chrono::seconds(1);
constexpr auto kStorageStalls = std::chrono::seconds(10);
constexpr auto kShardHangs = std::chrono::seconds(10);
constexpr std::string_view kLeft = "the console left the configuration";

void raise_open_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool same_protocol(const WebAccess& a, const WebAccess& b) {
  return a.tls.has_value() == b.tls.has_value() &&
         (!a.tls || a.tls->tls13_only == b.tls->tls13_only);
}

std::vector<Receiver> receivers_of(const Config& config) {
  std::vector<Receiver> receivers;
  for (const ReceiverConfig& one : config.receivers)
    receivers.push_back(receiver_of(one, config.external_url));
  return receivers;
}

unsigned shard_count() { return std::max(2U, std::thread::hardware_concurrency()) - 1; }

}  // namespace

Version version() { return {LASTGASP_VERSION, LASTGASP_REVISION}; }

Daemon::Daemon(Options options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      config_(read_config()),
      metrics_(lastgasp::version().number, lastgasp::version().revision),
      files_(config_.storage),
      rules_(shard_count()),
      signals_(context_, SIGINT, SIGTERM, SIGHUP),
      tend_timer_(context_) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_open_file_limit();
  writer_ = std::make_unique<TranscriptWriter>(config_.storage, config_.limits, clock_);
  metrics_.set_storage(&writer_->stats());
  metrics_.set_per_console(config_.per_console);
  start_alerts();
  start_shards();
  resume_incidents();
  metrics_.set_reload(true, clock_.now().wall);
  certificate_.watch(config_.access.tls);
  web_ = std::make_unique<WebServer>(config_.listen, *this, config_.access);
  malloc_trim(0);  // what compiling the rules took
}

// Readers first, then those they write to.
Daemon::~Daemon() {
  web_.reset();
  shards_.clear();
  receivers_.reset();
  if (writer_) writer_->flush();
  metrics_.set_storage(nullptr);
}

// A parsed file of thousands of consoles is tens of megabytes in small pieces, which the allocator
// would keep for the next time.
Config Daemon::read_config() const {
  Config config = parsed_config();
  malloc_trim(0);
  return config;
}

Config Daemon::parsed_config() const {
  Config config = options_.file ? load_config(*options_.file) : default_config();
  for (const std::string& endpoint : options_.endpoints)
    config.consoles.push_back(console_at(endpoint));
  if (options_.storage) config.storage = *options_.storage;
  if (options_.listen) config.listen = *options_.listen;
  if (options_.web_access) config.access = load_web_access(*options_.web_access);
  for (const std::string& name : options_.admins) make_admin(config.access, name);
  if (options_.allow_unprotected) config.allow_unprotected = true;
  check_protection(config);
  check_consoles(config, options_.file ? options_.file->string() : "command line");
  return config;
}

void Daemon::start_alerts() {
  receivers_ = std::make_unique<Receivers>(
      receivers_of(config_), clock_,
      [this](const std::string& receiver, std::int64_t incident, const std::string& body) {
        writer_->spool_alert({receiver, incident, body});
      });
  for (const SpooledAlert& alert : writer_->spooled_alerts())
    receivers_->restore(alert.receiver, alert.body);
  metrics_.set_receivers(receivers_->metrics());
  desk_ = std::make_unique<IncidentDesk>(
      writer_->last_incident_id(), config_.external_url, metrics_.alerts_active(),
      [this](const Alert& alert) { receivers_->notify(alert); }, acknowledged_incidents());
  outages_ = std::make_unique<OutageMonitor>(*desk_, *writer_);
}

// By whom, as of the last run.
IncidentDesk::Acknowledged Daemon::acknowledged_incidents() const {
  IncidentDesk::Acknowledged acknowledged;
  TranscriptReader store(config_.storage);
  for (const IncidentRow& row : writer_->open_incidents()) {
    const std::vector<IncidentNote> notes = store.notes(row.id);
    if (const IncidentNote* const note = acknowledgement(notes)) acknowledged[row.id] = note->by;
  }
  return acknowledged;
}

void Daemon::show_rules() {
  const RuleSet& rules = rules_.rules();
  metrics_.set_rules(rules.rules().size(), rules.refused().size());
  for (const RefusedRule& refused : rules.refused()) log_warning(text_of(refused));
  std::vector<std::shared_ptr<MatchMetrics>> matching;
  for (const auto& shard : shards_) matching.push_back(shard->matching().metrics);
  metrics_.set_match_metrics(std::move(matching));
  const std::lock_guard lock(shown_mutex_);
  shown_rules_ = rules_.copy(0);
  shown_redaction_ = rules_.redaction();
}

void Daemon::start_shards() {
  rules_.load(config_);
  for (unsigned i = 0; i < shard_count(); ++i) {
    shards_.push_back(std::make_unique<Shard>(clock_, rules_.copy(i), rules_.redaction()));
    shards_.back()->start();
  }
  show_rules();
}

// What was open when the collector last stopped goes on.
void Daemon::resume_incidents() {
  OpenIncidents open;
  std::vector<Incident> silences;
  for (const IncidentRow& row : writer_->open_incidents()) {
    Incident incident = incident_from_json(row.body);
    incident.id = row.id;
    auto& place = incident.kind == Kind::silence ? silences : open[incident.console];
    place.push_back(std::move(incident));
  }
  for (const ConsoleConfig& console : config_.consoles) add_console(console, open);
  outages_->watch(runners(), config_.outages);
  outages_->restore(std::move(silences));
  resolve_orphans(open);
}

// Incidents of consoles that have left the configuration while the collector was down.
void Daemon::resolve_orphans(OpenIncidents& open) {
  for (auto& [console, incidents] : open) {
    for (Incident& incident : incidents) {
      desk_->resume(incident, nullptr);
      incident.state = IncidentState::resolved;
      incident.resolved = clock_.now().wall;
      incident.resolution = kLeft;
      const IncidentRow row = desk_->take(incident, writer_->console_id(console, ""), nullptr);
      writer_->append({}, {&row, 1});
    }
  }
}

// Consoles of one server share a shard, and so its budget of connections.
Shard& Daemon::shard_of(const std::string& console, const std::string& server) {
  const std::string& key = server.empty() ? console : server;
  return *shards_[std::hash<std::string>{}(key) % shards_.size()];
}

void Daemon::add_console(const ConsoleConfig& console, OpenIncidents& open) {
  const ConsoleId id = writer_->console_id(console.name, console.endpoint);
  writer_->set_labels(id, console.labels);
  Shard& shard = shard_of(console.name, parse_endpoint(console.endpoint).server());
  const auto runner = make_shared_in_console_memory<ConsoleRunner>(
      console, config_.incidents, id, shard.matching(), shard.notes(),
      RunnerServices{clock_, *writer_, *desk_, metrics_});
  if (const auto incidents = open.find(console.name); incidents != open.end()) {
    runner->restore(std::move(incidents->second), clock_.now());
    open.erase(incidents);
  }
  {
    const std::lock_guard lock(runners_mutex_);
    runners_[console.name] = runner;
  }
  shard.call([&] { shard.add(runner); });
}

// A console that only changed hands its open incidents to its successor.
void Daemon::drop_console(const std::shared_ptr<ConsoleRunner>& runner, bool for_ever,
                          OpenIncidents& open) {
  Shard& shard = shard_of(runner->config().name, runner->server());
  shard.call([&] {
    shard.remove(runner, for_ever ? kLeft : "its configuration changed");
    if (for_ever) runner->resolve_all(kLeft);
    if (!for_ever) open[runner->config().name] = runner->open_incidents();
  });
  const std::lock_guard lock(runners_mutex_);
  runners_.erase(runner->config().name);
}

void Daemon::run() {
  await_signal();
  tend();
  log_info("collecting " + std::to_string(runners().size()) + " consoles into " +
           config_.storage.string() + (config_.access.tls ? "; open https://" : "; open http://") +
           address() + "/");
  systemd::ready();
  context_.run();
  systemd::stopping();
  log_info("stopping");
}

void Daemon::stop() { context_.stop(); }

void Daemon::await_signal() {
  signals_.async_wait([this](const asio::error_code& error, int number) {
    if (error) return;
    if (number != SIGHUP) return stop();
    reload();
    await_signal();
  });
}

ReloadResult Daemon::reload() {
  const std::lock_guard lock(reload_mutex_);
  try {
    const std::string changes = apply(read_config());
    metrics_.set_reload(true, clock_.now().wall);
    log_info("reloaded: " + changes);
    return {true, changes};
  } catch (const Error& error) {
    metrics_.set_reload(false, clock_.now().wall);
    log_error(std::string("reload refused, the old configuration stays: ") + error.what());
    return {false, error.what()};
  }
}

std::string Daemon::apply_rules(const Config& next) {
  if (rules_.load(next)) {
    for (std::size_t i = 0; i < shards_.size(); ++i)
      shards_[i]->call([&] { shards_[i]->use_rules(rules_.copy(i), rules_.redaction()); });
    show_rules();
  }
  const RuleSet& rules = rules_.rules();
  std::string changes = std::to_string(rules.rules().size()) + " rules";
  for (const RefusedRule& refused : rules.refused()) changes += "; " + text_of(refused);
  return changes;
}

// Consoles whose configuration did not change are not touched.
std::string Daemon::apply(Config next) {
  if (next.storage != config_.storage || next.listen != config_.listen ||
      next.external_url != config_.external_url || !same_protocol(next.access, config_.access))
    throw Error(
        "storage.path, web.listen, web.external_url and whether there is TLS and which change only "
        "at a restart; the rest of the file was not applied either");
  const std::string rules = apply_rules(next);
  std::map<std::string, const ConsoleConfig*> wanted;
  for (const ConsoleConfig& console : next.consoles) wanted[console.name] = &console;
  std::size_t removed = 0, changed = 0, kept = 0, added = 0;
  OpenIncidents open;
  for (const auto& runner : runners()) {
    const std::string& name = runner->config().name;
    const auto found = wanted.find(name);
    if (found != wanted.end() && runner->config().same_as(*found->second)) {
      wanted.erase(found);
      ++kept;
      continue;
    }
    const bool for_ever = found == wanted.end();
    ++(for_ever ? removed : changed);
    drop_console(runner, for_ever, open);
  }
  added = wanted.size() - changed;
  config_.incidents = next.incidents;
  for (const auto& [name, console] : wanted) add_console(*console, open);
  outages_->watch(runners(), next.outages);
  receivers_->set(receivers_of(next), [this] { return desk_->firing(); });
  metrics_.set_receivers(receivers_->metrics());
  web_->set_access(next.access);
  config_.access = std::move(next.access);
  certificate_.watch(config_.access.tls);
  writer_->set_limits(next.limits);
  metrics_.set_per_console(next.per_console);
  config_.limits = next.limits;
  config_.consoles = std::move(next.consoles);
  return std::to_string(added) + " consoles added, " + std::to_string(removed) + " removed, " +
         std::to_string(changed) + " changed, " + std::to_string(kept) + " untouched, " + rules;
}

std::vector<std::shared_ptr<ConsoleRunner>> Daemon::runners() const {
  const std::lock_guard lock(runners_mutex_);
  std::vector<std::shared_ptr<ConsoleRunner>> all;
  all.reserve(runners_.size());
  for (const auto& [name, runner] : runners_) all.push_back(runner);
  return all;
}

void Daemon::tend() {
  tend_timer_.expires_after(kTendEvery);
  tend_timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    outages_->check(clock_.now());
    files_.close_idle(clock_.now().mono);
    renew_certificate();
    if (shards_alive()) systemd::alive();
    tend();
  });
}

// While somebody reloads, that reads the files anyhow.
void Daemon::renew_certificate() {
  const std::unique_lock lock(reload_mutex_, std::try_to_lock);
  if (!lock) return;
  auto tls = certificate_.poll();
  if (!tls) return;
  config_.access.tls = std::move(tls);
  web_->set_access(config_.access);
}

// A shard that hangs must get the collector restarted, not look healthy.
bool Daemon::shards_alive() const {
  const MonoTime now = clock_.now().mono;
  for (const auto& shard : shards_)
    if (now - shard->last_sweep() > kShardHangs) return false;
  return true;
}

std::vector<ConsoleView> Daemon::consoles() const {
  const Instant now = clock_.now();
  std::vector<ConsoleView> views;
  for (const auto& runner : runners()) {
    const ConsoleMetrics& metrics = runner->metrics();
    ConsoleView& view = views.emplace_back(view_of(metrics, runner->standing(), now));
    view.name = runner->config().name;
    view.endpoint = runner->config().endpoint;
    view.platform = metrics_.platform_name(metrics.platform);
    view.reason = kLinkReasonNames[metrics.reason];
    view.detail = runner->detail();
    view.silence = runner->config().silence;
    view.redact = runner->config().redact;
  }
  return views;
}

RulesView Daemon::rules() const {
  const std::lock_guard lock(shown_mutex_);
  return {shown_rules_, metrics_.match_totals()};
}

std::string Daemon::explain(std::string_view line, const std::string& platform) const {
  std::unique_lock lock(shown_mutex_);
  Matching matching = make_matching(shown_rules_, shown_redaction_);
  lock.unlock();
  return explain_text(line, platform, matching, clock_.now().wall);
}

std::string Daemon::metrics() const { return metrics_.scrape(clock_.now()); }

bool Daemon::ready() const {
  for (const auto& runner : runners())
    if (!runner->tried()) return false;
  const WallTime unsynced = from_unix_micros(writer_->stats().oldest_unsynced_us);
  return unsynced == WallTime{} || clock_.now().wall - unsynced < kStorageStalls;
}

std::vector<DeliveryRecord> Daemon::deliveries(std::int64_t incident) const {
  return receivers_->deliveries(incident);
}

bool Daemon::annotate(const IncidentNote& note) {
  writer_->add_note(note);
  if (note.acknowledges) desk_->acknowledge(note.incident, note.by);
  return writer_->flush();
}

void Daemon::served(std::string_view handler, int code, Micros took) {
  metrics_.http(handler).served(code, took);
}

}  // namespace lastgasp
