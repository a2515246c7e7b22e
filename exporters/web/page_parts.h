// What the pages share: addresses, and how a time, a state and a fact look.
#pragma once

#include <string>
#include <string_view>

#include "exporters/web/backend.h"
#include "exporters/web/html.h"
#include "exporters/web/stored.h"

namespace lastgasp {

std::string console_path(std::string_view console);
std::string incident_path(std::int64_t id);
// The transcript of one console from `from` to `to`, oldest first.
std::string transcript_path(std::string_view console, WallTime from, WallTime to);
// One line and those around it, for ever.
std::string line_path(const LineId& id);
// What the console printed, to save: `form` is "raw" or "text".
std::string export_path(std::string_view console, WallTime from, WallTime to, Literal form);

// "2026-11-22 14:03:05".
std::string readable(WallTime time);

// How a time is written: in UTC here, and by the scripts as the reader chose.
enum class Stamp {
  second,  // 2026-11-22 14:03:05
  clock,   // 14:03:05.123
  ago,     // 3m12s ago
};
void stamp(Html& html, WallTime time, Stamp form, const std::string& element_id = {});
// "3m12s ago", with the time itself as a tooltip; "never" for the epoch.
void ago(Html& html, WallTime time, WallTime now);

// A word with its shape and colour; `group` is "state" or "severity".
void badge(Html& html, Literal group, std::string_view word);
void notice(Html& html, std::string_view text);
// A link that looks like a button.
void action(Html& html, const std::string& href, std::string_view text);
// One entry of a <dl class="fact-list">; `value` is a text or writes one.
template <typename Value>
void fact(Html& html, std::string_view name, Value value) {
  html.element("div", {}, [&] {
    html.element("dt", {}, name);
    html.element("dd", {}, value);
  });
}
// What the state's own name does not say yet; empty when nothing.
std::string_view reason_of(const ConsoleView& console);
// "1 boot", "2 boots".
std::string counted(std::uint64_t count, const std::string& noun);

}  // namespace lastgasp
