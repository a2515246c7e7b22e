// Any bytes, split anywhere, make lines that are clean, bounded and the same as unsplit.
#include <cstdlib>
#include <string>
#include <vector>

#include "collector/line/line_assembler.h"

namespace {

struct Collected final : lastgasp::LineSink {
  void on_line(const lastgasp::Line& line) override {
    if (line.text.size() > lastgasp::kMaxLineBytes || line.begin > line.end) std::abort();
    for (const char c : line.text)
      if (static_cast<unsigned char>(c) < 0x20 && c != '\t') std::abort();
    texts.emplace_back(line.text);
  }
  std::vector<std::string> texts;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t part = 1 + data[0] % 16;
  lastgasp::LineAssembler whole, split;
  Collected expected, out;
  whole.feed(bytes, {}, expected);
  whole.flush(expected);
  for (std::size_t i = 0; i < bytes.size(); i += part) split.feed(bytes.substr(i, part), {}, out);
  split.flush(out);
  if (out.texts != expected.texts) std::abort();
  return 0;
}
