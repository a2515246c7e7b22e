// Any bytes, cut anywhere, decode to the same data and the same answers; data only shrinks, and
// what is sent is negotiation and nothing else, in bounds that rule out a loop.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collector/console/telnet_codec.h"

namespace {

using lastgasp::TelnetCodec;

struct Decoded {
  std::string data, sent;
};

Decoded decode(std::string wire, std::size_t piece) {
  TelnetCodec codec;
  Decoded out;
  for (std::size_t at = 0; at < wire.size(); at += piece) {
    const std::size_t size = std::min(piece, wire.size() - at);
    const std::string_view data = codec.decode({wire.data() + at, size}, out.sent);
    if (data.size() > size) std::abort();
    out.data += data;
  }
  return out;
}

bool is_negotiation(const std::string& sent) {
  if (sent.size() % 3 != 0) return false;
  for (std::size_t at = 0; at < sent.size(); at += 3) {
    const auto verb = static_cast<std::uint8_t>(sent[at + 1]);
    if (sent[at] != '\xff' || verb < 251 || verb == 255) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string wire(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Decoded whole = decode(wire, wire.size() + 1);
  const Decoded cut = decode(wire, 1 + data[0] % 16);
  if (whole.data != cut.data || whole.sent != cut.sent) std::abort();
  if (!is_negotiation(whole.sent) || whole.sent.size() > wire.size()) std::abort();
  if (whole.sent.size() > 2 * 256 * 3 * TelnetCodec::kMostAnswers) std::abort();
  return 0;
}
