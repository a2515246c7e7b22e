// One console's link: opens its endpoint, reads until the end, says why it ended, backs off, and
// tries again for ever. Runs as one coroutine on the io_context given to it; every call to the
// observer happens on that context's thread, as must every call to the link.
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/console/endpoint.h"
#include "collector/core/clock.h"

namespace lastgasp {

enum class LinkState : std::uint8_t { connecting, up, down };

// Why a link is down, or what is odd about it while it is up.
enum class LinkReason : std::uint8_t {
  none,
  silent,        // up, and nothing received since it was opened
  server_login,  // up, but what speaks is the console server's own login prompt
  refused,
  unreachable,  // no route, host down, no answer in time
  unresolved,   // the name has no address
  busy,         // accepted, perhaps with a banner, and closed at once: someone else holds the line
  closed,       // the peer ended it
  reset,        // the peer or the kernel broke it, a half-open connection included
  missing,      // no such device or file
  unplugged,    // the device went away
  locked,       // another program holds the device
  denied,       // permission
  exited,       // the command ended
  failed,       // anything else; detail says what
};
inline constexpr std::array<std::string_view, 15> kLinkReasonNames{
    "none",  "silent",  "server_login", "refused", "unreachable", "unresolved", "busy",  "closed",
    "reset", "missing", "unplugged",    "locked",  "denied",      "exited",     "failed"};

struct LinkStatus {
  LinkState state = LinkState::connecting;
  LinkReason reason = LinkReason::none;
  std::string detail;  // for people
  // What the peer said before it ended the link at once, as it came: whoever shows it has to mask
  // and escape it.
  std::string said;
};

struct LineErrors {  // since the last report
  std::uint32_t framing = 0, parity = 0, overrun = 0, breaks = 0;
  bool any() const { return framing || parity || overrun || breaks; }
};

class LinkObserver {
 public:
  // What the console printed, transport escapes decoded. Valid until the call returns.
  virtual void on_bytes(std::string_view bytes, Instant at) = 0;
  virtual void on_status(const LinkStatus& status, Instant at) = 0;
  virtual void on_line_errors(const LineErrors& errors, Instant at) = 0;
  // Before every attempt to open the endpoint.
  virtual void on_attempt(Instant at) = 0;

 protected:
  ~LinkObserver() = default;
};

// Limits how many links of one console server open at once: small servers fall over when 48
// connections arrive in one millisecond. Shared by the links of one shard; one thread.
class ConnectBudget;
std::shared_ptr<ConnectBudget> make_connect_budget(int attempts_at_once_per_server = 8);

struct LinkSettings;  // link_settings.h

class Link {
 public:
  // `observer` and `clock` outlive the link.
  Link(asio::io_context& context, Endpoint endpoint, std::shared_ptr<ConnectBudget> budget,
       const Clock& clock, LinkObserver& observer);
  // With other times than the daemon's.
  Link(asio::io_context& context, Endpoint endpoint, std::shared_ptr<ConnectBudget> budget,
       const Clock& clock, LinkObserver& observer, const LinkSettings& settings);
  ~Link();  // stops; no callback follows

  void start();
  // Ends reading and closes the endpoint, within the call. Idempotent; no callback follows.
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace lastgasp
