// What the pages share: the frame around them, and how a time, a state, an incident and a line of a
// transcript look.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/web/html.h"
#include "exporters/web/response.h"
#include "exporters/web/stored.h"

namespace lastgasp {

enum class Section { none, consoles, search };

struct Frame {
  std::string title;
  Section section = Section::none;
  bool live = false;  // changes by itself: kept fresh by page.js, or reloaded without it
  WallTime now{};
};

Response framed(const Frame& frame, const std::function<void(Html&)>& content);

std::string console_path(std::string_view console);
std::string incident_path(std::int64_t id);
// The transcript of one console from `from` to `to`, oldest first.
std::string transcript_path(std::string_view console, WallTime from, WallTime to);

// One line and those around it, for ever.
std::string line_path(const LineId& id);

// "2026-11-22 14:03:05".
std::string readable(WallTime time);
// "3m12s ago", with the time itself as a tooltip; "never" for the epoch.
void ago(Html& html, WallTime time, WallTime now);
void badge(Html& html, Literal group, std::string_view word);
void notice(Html& html, std::string_view text);
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

void incident_list(Html& html, const std::vector<Incident>& incidents, WallTime now,
                   bool name_console = true);
// What stands in a <div class="log">: lines of one console, oldest first, each with its time, which
// links to it; a new day is announced. `chosen` is set off.
void transcript(Html& html, std::span<const FoundLine> lines, const LineId* chosen = nullptr);
// The line's text, its matches highlighted, or what a mark says.
void line_text(Html& html, const FoundLine& line);

}  // namespace lastgasp
