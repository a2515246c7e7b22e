// What the words of a line say on systems that no pack knows. Pure; for the few lines around a
// dump, not for every line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgasp {

// How surely a line speaks of a failure: "exception", "assertion failed" and the like are strong;
// "watchdog", "backtrace" and the like need more beside them.
enum class Failure : std::uint8_t { none, weak, strong };
Failure failure_in(std::string_view line);

// The line as a title: no stamp, level, stars or addresses; at most 120 bytes. Empty when nothing
// is left.
std::string title_from(std::string_view line);

// What was typed after something that looks like a prompt, also one that no rule knows, and after
// the keys that ask a kernel for its state.
std::optional<std::string_view> typed_command(std::string_view line);

}  // namespace lastgasp
