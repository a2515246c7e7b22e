// Time, injected. Wall time says when something happened; monotonic time measures how long ago.
// Nothing in the project reads a system clock but SystemClock. Threads: all functions are safe
// from any thread; ManualClock belongs to one test.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgasp {

using Micros = std::chrono::microseconds;
using WallTime = std::chrono::sys_time<Micros>;  // UTC
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Micros>;

// One moment on both clocks; passed along with everything that arrived at it.
struct Instant {
  WallTime wall{};
  MonoTime mono{};

  Instant operator+(Micros d) const { return {wall + d, mono + d}; }
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// Stands still until told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = {}) : now_(start) {}
  Instant now() const override { return now_; }
  void advance(Micros d) { now_ = now_ + d; }
  void set_wall(WallTime wall) { now_.wall = wall; }  // a stepped wall clock

 private:
  Instant now_;
};

// Microseconds since 1970-01-01T00:00:00Z, as stored.
constexpr std::int64_t unix_micros(WallTime t) { return t.time_since_epoch().count(); }
constexpr WallTime from_unix_micros(std::int64_t us) { return WallTime{Micros{us}}; }

// "2026-11-22T14:03:05.123Z": RFC 3339 in UTC, always with milliseconds.
std::string format_utc(WallTime t);
// "20261122": the UTC day, as in the name of a day file.
std::string format_utc_day(WallTime t);
// "45s", "3m12s", "2h05m", "3d4h": at most two units.
std::string format_duration(Micros d);

// "250ms", "20s", "5m", "2h", "30d", "1w"; a bare number has no unit and is refused. Not negative.
std::optional<Micros> parse_duration(std::string_view text);
// RFC 3339 ("2026-11-22T14:03:05Z", "+01:00" understood), "2026-11-22", "2026-11-22 14:03[:05]"
// (UTC), 13 digits (milliseconds since 1970, as links of dashboards have them), "now", "today",
// "yesterday", "2 hours ago", or a duration as in parse_duration: that long before `now`.
std::optional<WallTime> parse_time(std::string_view text, WallTime now);

}  // namespace lastgasp
