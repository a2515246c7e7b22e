#include "collector/core/clock.h"

#include <charconv>
#include <cstdio>

namespace lastgasp {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::string_view kBlank = " \t";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Micros> unit_named(std::string_view name) {
  if (name == "ms") return Micros(1000);
  if (name == "s" || name == "sec" || name == "second" || name == "seconds") return seconds(1);
  if (name == "m" || name == "min" || name == "minute" || name == "minutes") return minutes(1);
  if (name == "h" || name == "hour" || name == "hours") return hours(1);
  if (name == "d" || name == "day" || name == "days") return days(1);
  if (name == "w" || name == "week" || name == "weeks") return days(7);
  return std::nullopt;
}

std::optional<sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                            std::chrono::day(unsigned(*day))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

// ".123456": any number of digits, microseconds kept.
std::optional<Micros> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return Micros(0);
  std::int64_t value = 0, scale = 1'000'000;
  std::size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; ++digits, text.remove_prefix(1)) {
    if (scale > 1) value = value * 10 + (text[0] - '0'), scale /= 10;
  }
  if (digits == 0) return std::nullopt;
  return Micros(value * scale);
}

std::optional<Micros> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Micros time = hours(*hour) + minutes(*minute);
  if (take(text, ':')) {
    const auto second = take_number(text, 2);
    if (!second || *second > 60) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    time += seconds(*second) + *fraction;
  }
  return time;
}

// "", "Z", "+02:00", "-0330".
std::optional<Micros> take_offset(std::string_view& text) {
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return Micros(0);
  const int sign = text[0] == '-' ? -1 : 1;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23) return std::nullopt;
  take(text, ':');
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return sign * (hours(*hour) + minutes(*minute));
}

std::optional<WallTime> parse_calendar(std::string_view text) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (text.empty()) return WallTime(*date);
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return WallTime(*date) + *time - *offset;
}

}  // namespace

Instant SystemClock::now() const {
  return {std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()),
          std::chrono::time_point_cast<Micros>(std::chrono::steady_clock::now())};
}

std::string format_utc(WallTime t) {
  const auto day = floor<days>(t);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss time(floor<std::chrono::milliseconds>(t - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return text;
}

std::string format_utc_day(WallTime t) {
  const year_month_day date(floor<days>(t));
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02u", int(date.year()), unsigned(date.month()),
                unsigned(date.day()));
  return text;
}

std::string format_duration(Micros d) {
  const auto s = std::chrono::duration_cast<seconds>(d).count();
  char text[48];
  if (d < seconds(1)) {
    std::snprintf(text, sizeof text, "%dms", int(d.count() / 1000));
  } else if (s < 60) {
    std::snprintf(text, sizeof text, "%ds", int(s));
  } else if (s < 3600) {
    std::snprintf(text, sizeof text, "%dm%02ds", int(s / 60), int(s % 60));
  } else if (s < 86400) {
    std::snprintf(text, sizeof text, "%dh%02dm", int(s / 3600), int(s / 60 % 60));
  } else {
    std::snprintf(text, sizeof text, "%lldd%02dh", static_cast<long long>(s / 86400),
                  int(s / 3600 % 24));
  }
  return text;
}

std::optional<Micros> parse_duration(std::string_view text) {
  text = trimmed(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const auto rest = static_cast<std::size_t>(text.data() + text.size() - end);
  const auto unit = unit_named(trimmed({end, rest}));
  if (!unit || number > (Micros::max() / *unit)) return std::nullopt;
  return number * *unit;
}

std::optional<WallTime> parse_epoch_millis(std::string_view text) {
  std::int64_t millis = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (text.size() != 13 || text[0] == '-' || parsed.ptr != text.data() + text.size())
    return std::nullopt;
  return from_unix_micros(millis * 1000);
}

std::optional<WallTime> parse_time(std::string_view text, WallTime now) {
  text = trimmed(text);
  const WallTime today = floor<days>(now);
  if (text == "now") return now;
  if (text == "today") return today;
  if (text == "yesterday") return today - days(1);
  if (const auto calendar = parse_calendar(text)) return calendar;
  if (const auto epoch = parse_epoch_millis(text)) return epoch;
  if (text.ends_with(" ago")) text = trimmed(text.substr(0, text.size() - 4));
  const auto duration = parse_duration(text);
  if (!duration) return std::nullopt;
  return now - *duration;
}

}  // namespace lastgasp
