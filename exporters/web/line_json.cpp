#include "exporters/web/line_json.h"

#include <nlohmann/json.hpp>

#include "collector/core/bytes.h"
#include "exporters/web/stored.h"

namespace lastgasp {

std::string line_json(const FoundLine& line) {
  auto shown = utf8_line(line);
  nlohmann::ordered_json json = {{"id", to_utf8(to_text(line.id()))},
                                 {"console", to_utf8(line.console)},
                                 {"at", format_utc(line.at)},
                                 {"kind", kRecordKindNames[static_cast<std::size_t>(line.kind)]},
                                 {"text", std::move(shown.text)},
                                 {"hit", line.hit},
                                 {"matches", nlohmann::ordered_json::array()}};
  for (const auto& [offset, length] : shown.matches) json["matches"].push_back({offset, length});
  return json.dump();
}

}  // namespace lastgasp
