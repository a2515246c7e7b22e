#include "exporters/web/stored_boots.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "collector/core/bytes.h"
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

TimeRange boot_range(TranscriptReader& reader, const std::vector<std::string>& consoles,
                     std::size_t number) {
  std::vector<std::string> meant;
  for (const ConsoleRow& console : reader.consoles())
    for (const std::string& glob : consoles)
      if (glob_match(glob, console.name)) {
        meant.push_back(console.name);
        break;
      }
  if (meant.size() != 1)
    throw Error("a boot is of one console, and " +
                (consoles.empty() ? "none is named" : std::to_string(meant.size()) + " match") +
                ": name one");
  const StoredBoot boot = stored_boot(reader, meant.front(), number);
  return {boot.found.boot.began, boot.next};
}

std::string boot_json(const FoundBoot& found) {
  const BootRow& boot = found.boot;
  nlohmann::ordered_json json{{"console", to_utf8(found.console)},
                              {"number", found.number},
                              {"began", format_utc(boot.began)},
                              {"done", nullptr},
                              {"seconds", nullptr},
                              {"reason", boot.reason},
                              {"evidence", to_utf8(boot.evidence)}};
  if (boot.done != WallTime{}) {
    json["done"] = format_utc(boot.done);
    json["seconds"] = std::chrono::duration<double>(boot.done - boot.began).count();
  }
  return json.dump();
}

std::string when_and_why(const BootRow& boot) {
  return format_utc(boot.began) + " (" + boot.reason + ")";
}

}  // namespace lastgasp
