#include "collector/line/garble_meter.h"

#include <catch2/catch.hpp>
#include <string>

namespace lastgasp {

TEST_CASE("text is clear, noise is garbled, and text clears it again") {
  GarbleMeter meter;
  const std::string text(1000, 'x'), noise(1000, '\xfe');
  meter.feed(text);
  CHECK_FALSE(meter.garbled());
  for (int i = 0; i < 4; ++i) meter.feed(noise);
  CHECK(meter.garbled());
  for (int i = 0; i < 5; ++i) meter.feed(text);
  CHECK(meter.garbled());  // not yet: hysteresis
  for (int i = 0; i < 40; ++i) meter.feed(text);
  CHECK_FALSE(meter.garbled());
}

TEST_CASE("of all bytes only those that no console prints are bad") {
  // So many of one byte that the meter shows nothing else.
  for (int c = 0; c < 256; ++c) {
    GarbleMeter meter;
    meter.feed(std::string(1000, static_cast<char>(c)));
    const bool printed =
        (c >= 0x20 && c < 0x7f) ||
        std::string("\a\b\t\n\r\x1b").find(static_cast<char>(c)) != std::string::npos;
    INFO(c);
    CHECK(meter.garbled() != printed);
  }
}

TEST_CASE("a few odd bytes say nothing, framing errors count") {
  GarbleMeter meter;
  meter.feed("\xff\xff\xff\xff");
  CHECK_FALSE(meter.garbled());
  meter.feed(std::string(100, 'a'), 100);
  CHECK(meter.garbled());
}

}  // namespace lastgasp
