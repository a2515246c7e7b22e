#include "collector/transcript/block_grams.h"

#include <algorithm>

#include "collector/transcript/console_lines.h"

namespace lastgasp {

GramSet grams_of(std::span<const Record> records, bool with_numbers) {
  GramFilter filter(with_numbers);
  ConsoleLines lines;
  while (!records.empty()) {
    const auto end = std::find_if(records.begin(), records.end(), [&](const Record& record) {
      return record.console != records.front().console;
    });
    const auto count = static_cast<std::size_t>(end - records.begin());
    lines.assemble(records.first(count));
    for (std::size_t i = 0; i < lines.size(); ++i) filter.add(lines.text(i));
    records = records.subspan(count);
  }
  return filter.take();
}

}  // namespace lastgasp
