#include "exporters/web/compression.h"

#include <zlib.h>

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

std::string unpacked(const std::string& packed, std::size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

}  // namespace

TEST_CASE("a header says whether gzip is taken") {
  for (const char* yes : {"gzip", "deflate, gzip;q=0.8", "gzip;q=1.0, *;q=0"})
    CHECK(takes_gzip(yes));
  for (const char* no : {"", "identity", "br", "gzip;q=0", "gzip;q=0, br"})
    CHECK_FALSE(takes_gzip(no));
}

TEST_CASE("text that is worth it becomes small and comes back whole") {
  std::string page;
  for (int i = 0; i < 2000; ++i) page += "<li>console " + std::to_string(i) + "</li>";
  Response response{.type = kHtml, .body = page};
  compress(response);
  CHECK(response.body.size() < page.size() / 4);
  CHECK(unpacked(response.body, page.size()) == page);
  CHECK(response.headers.front() ==
        std::pair<std::string, std::string>("Content-Encoding", "gzip"));
}

TEST_CASE("small answers and other types stay as they are") {
  for (auto response : {Response{.type = kHtml, .body = "<p>"},
                        Response{.type = "image/png", .body = std::string(9000, 'x')}}) {
    const auto before = response.body;
    compress(response);
    CHECK(response.body == before);
    CHECK(response.headers.empty());
  }
}

}  // namespace lastgasp
