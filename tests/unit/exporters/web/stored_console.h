// A store that is being written and read, with one console in it. For fixtures to derive from.
#pragma once

#include "collector/transcript/reader.h"
#include "collector/transcript/writer.h"
#include "tests/unit/collector/transcript/transcript_fixture.h"

namespace lastgasp {

struct StoredConsole {
  TempFolder folder;
  HandClock clock;
  TranscriptWriter writer{folder.path(), {}, clock};
  const ConsoleId console = writer.console_id("r1", "");
  const bool ready = writer.flush();  // a reader wants a database
  TranscriptReader reader{folder.path()};
};

}  // namespace lastgasp
