#include "collector/cli/stored_boots.h"

#include <optional>

#include "collector/core/error.h"

namespace lastgasp {

void require_console(TranscriptReader& reader, const std::string& name) {
  std::string known;
  for (const ConsoleRow& console : reader.consoles()) {
    if (console.name == name) return;
    if (known.size() < 200) known += (known.empty() ? "" : ", ") + console.name;
  }
  throw Error("no transcript of a console called `" + name + "`; known are " +
              (known.empty() ? "none yet" : known));
}

StoredBoot stored_boot(TranscriptReader& reader, const std::string& console, std::size_t number) {
  BootQuery query;
  query.consoles = {console};
  query.last = number;
  query.limit = SIZE_MAX;
  std::optional<WallTime> next;
  std::size_t recorded = 0;
  for (FoundBoot& found : reader.boots(query)) {
    if (found.console != console) continue;  // the name has a * in it
    recorded = found.number;
    if (found.number == number) return {std::move(found), next.value_or(WallTime::max())};
    next = found.boot.began;
  }
  throw Error("boot " + std::to_string(number) + " of " + console + " is not recorded: it has " +
              std::to_string(recorded) + "; `lastgasp boots` lists them");
}

std::string when_and_why(const BootRow& boot) {
  return format_utc(boot.began) + " (" + boot.reason + ")";
}

}  // namespace lastgasp
