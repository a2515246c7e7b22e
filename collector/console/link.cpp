#include "collector/console/link.h"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <exception>
#include <random>
#include <utility>

#include "collector/console/backoff.h"
#include "collector/console/connect_budget.h"
#include "collector/console/first_words.h"
#include "collector/console/link_settings.h"
#include "collector/console/sources/source.h"
#include "collector/core/console_memory.h"

namespace lastgasp {
namespace {

double random_share() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

Backoff make_backoff(const Endpoint& endpoint, const LinkSettings& settings) {
  const std::string_view transport = endpoint.transport();
  const bool local = transport == "serial" || transport == "unix" || transport == "file";
  return Backoff(settings.backoff_first,
                 local ? settings.backoff_most_local : settings.backoff_most, random_share);
}

bool server_may_answer(const Endpoint& endpoint) {
  const std::string_view transport = endpoint.transport();
  return transport == "tcp" || transport == "telnet" || transport == "exec";
}

}  // namespace

// Shared by the Link and its coroutine, which may run on for a moment after a stop; from then on
// it touches neither observer nor clock.
struct Link::Impl final : Sink {
  Impl(asio::io_context& io, Endpoint to, std::shared_ptr<ConnectBudget> shared_budget,
       const Clock& time, LinkObserver& watcher, const LinkSettings& with)
      : context(io),
        endpoint(std::move(to)),
        budget(std::move(shared_budget)),
        clock(time),
        observer(watcher),
        settings(with),
        source(make_source(context, endpoint, settings)),
        backoff(make_backoff(endpoint, settings)),
        timer(context),
        words(settings, false, {}) {}

  static asio::awaitable<void> run(std::shared_ptr<Impl> self);
  asio::awaitable<Ending> attempt();
  asio::awaitable<Ending> session();
  asio::awaitable<void> pause();

  void bytes(std::string_view read) override;
  void line_errors(const LineErrors& errors) override;
  void report(LinkState state, LinkReason reason, std::string detail, std::string said = {});

  asio::io_context& context;
  const Endpoint endpoint;
  const std::shared_ptr<ConnectBudget> budget;
  const Clock& clock;
  LinkObserver& observer;
  const LinkSettings settings;
  const std::unique_ptr<Source> source;
  Backoff backoff;
  asio::steady_timer timer;  // for the budget and the back-off
  FirstWords words;          // of the session
  LinkReason shown = LinkReason::none;
  bool started = false, stopped = false;
};

asio::awaitable<void> Link::Impl::run(std::shared_ptr<Impl> self) {
  while (!self->stopped) {
    Ending end;
    try {
      end = co_await self->attempt();
    } catch (const std::exception& error) {
      end = {LinkReason::failed, error.what()};
    }
    if (self->stopped) break;
    self->source->close();
    self->report(LinkState::down, end.reason, std::move(end.detail), std::move(end.said));
    if (self->stopped) break;
    co_await self->pause();
  }
}

asio::awaitable<Ending> Link::Impl::attempt() {
  ConnectBudget::Place place = co_await budget->take(endpoint.server(), timer);
  if (stopped) co_return Ending{};
  report(LinkState::connecting, LinkReason::none, "");
  if (stopped) co_return Ending{};
  observer.on_attempt(clock.now());
  if (stopped) co_return Ending{};
  Ending end = co_await source->open();
  place.release();
  if (stopped || end.reason != LinkReason::none) co_return end;
  co_return co_await session();
}

asio::awaitable<Ending> Link::Impl::session() {
  const MonoTime opened = clock.now().mono;
  words = FirstWords(settings, server_may_answer(endpoint), opened);
  report(LinkState::up, LinkReason::silent, "nothing received yet");
  if (stopped) co_return Ending{};
  Ending end = co_await source->read_until_end(*this);
  if (stopped) co_return end;
  const MonoTime ended = clock.now().mono;
  if (ended - opened >= settings.stable_after) backoff.reset();
  LinkStatus judged = words.judge({LinkState::down, end.reason, std::move(end.detail), {}}, ended);
  co_return Ending{judged.reason, std::move(judged.detail), std::move(judged.said)};
}

asio::awaitable<void> Link::Impl::pause() {
  timer.expires_after(backoff.next());
  asio::error_code cancelled;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void Link::Impl::bytes(std::string_view read) {
  if (stopped) return;
  const Instant at = clock.now();
  const LinkReason heard = words.hear(read, at.mono);
  if (heard != shown) {
    report(LinkState::up, heard,
           heard == LinkReason::server_login ? "the console server asks for a login" : "");
    if (stopped) return;
  }
  observer.on_bytes(read, at);
}

void Link::Impl::line_errors(const LineErrors& errors) {
  if (!stopped) observer.on_line_errors(errors, clock.now());
}

void Link::Impl::report(LinkState state, LinkReason reason, std::string detail, std::string said) {
  shown = reason;
  observer.on_status({state, reason, std::move(detail), std::move(said)}, clock.now());
}

Link::Link(asio::io_context& context, Endpoint endpoint, std::shared_ptr<ConnectBudget> budget,
           const Clock& clock, LinkObserver& observer)
    : Link(context, std::move(endpoint), std::move(budget), clock, observer, LinkSettings()) {}

Link::Link(asio::io_context& context, Endpoint endpoint, std::shared_ptr<ConnectBudget> budget,
           const Clock& clock, LinkObserver& observer, const LinkSettings& settings)
    : impl_(make_shared_in_console_memory<Impl>(context, std::move(endpoint), std::move(budget),
                                                clock, observer, settings)) {}

Link::~Link() { stop(); }

void Link::start() {
  if (impl_->started || impl_->stopped) return;
  impl_->started = true;
  asio::co_spawn(impl_->context, Impl::run(impl_), asio::detached);
}

void Link::stop() {
  if (impl_->stopped) return;
  impl_->stopped = true;
  impl_->timer.cancel();
  impl_->source->close();
}

}  // namespace lastgasp
