#include "exporters/web/compression.h"

#include <zlib.h>

#include <string>

namespace lastgasp {
namespace {

constexpr std::size_t kWorthIt = 1400;  // a packet
constexpr int kLevel = 1;               // 1.5 MB of a wall take 10 ms; the next levels gain little
constexpr int kGzipWindow = 15 + 16;

bool is_text(std::string_view type) {
  return type.starts_with("text/html") || type.starts_with("text/css") ||
         type.starts_with("text/javascript") || type.starts_with("application/json");
}

}  // namespace

bool takes_gzip(std::string_view accepted) {
  const auto at = accepted.find("gzip");
  if (at == accepted.npos) return false;
  const auto weight = accepted.substr(at + 4, accepted.find(',', at) - at - 4);
  return weight.find("q=0") == weight.npos || weight.find("q=0.") != weight.npos;
}

void compress(Response& response) {
  if (response.body.size() < kWorthIt || !is_text(response.type)) return;
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
  std::string small(deflateBound(&stream, response.body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(response.body.data());
  stream.avail_in = static_cast<uInt>(response.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(small.data());
  stream.avail_out = static_cast<uInt>(small.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  small.resize(small.size() - stream.avail_out);
  deflateEnd(&stream);
  if (!done) return;
  response.body = std::move(small);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

}  // namespace lastgasp
