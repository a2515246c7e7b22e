// The time that a console server, a terminal program or a logger writes in front of each line it
// passes on: conman, conserver, tio, minicom, ts(1). Not what the system itself printed. Pure.
#pragma once

#include <string_view>

namespace lastgasp {

// The line as the system printed it: without one stamp that begins it, such as
// "2026-11-22 10:11:12 ", "2026-11-22T10:11:12.123Z ", "[Sun Nov 22 10:11:12 2026] " or
// "[10:11:12.123] ". The same line when there is none.
std::string_view without_logger_stamp(std::string_view line);

}  // namespace lastgasp
