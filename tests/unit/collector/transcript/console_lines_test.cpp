#include "collector/transcript/console_lines.h"

#include <catch2/catch.hpp>
#include <random>

#include "collector/line/control_byte.h"

using namespace lastgasp;

namespace {

struct Shown {
  WallTime at;
  std::size_t nth;
  std::string text;
  bool operator==(const Shown& other) const {
    return at == other.at && nth == other.nth && text == other.text;
  }
};

std::vector<Shown> shown(const ConsoleLines& lines) {
  std::vector<Shown> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out.push_back({lines[i].at, lines[i].nth, std::string(lines.text(i))});
  }
  return out;
}

// One text in reads of any length, one after the other in memory.
std::vector<Record> reads_of(const std::string& text, std::mt19937& random) {
  std::vector<Record> records;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::min<std::size_t>(1 + random() % 40, text.size() - at);
    records.push_back({1, RecordKind::data, from_unix_micros(static_cast<std::int64_t>(at) / 50),
                       std::string_view(text).substr(at, length)});
    at += length;
  }
  return records;
}

}  // namespace

TEST_CASE("lines split from plain text are those the assembler makes") {
  std::mt19937 random(5);
  const std::vector<std::string> parts{"a",  "some words", "\r\n",     "\n", "\r\r\n", "\n\n",
                                       "\t", "\xe9",       "eth0: up", "\r", "\b",     "\x1b[1m"};
  int plain = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    const std::size_t kinds = round % 2 ? parts.size() : parts.size() - 3;
    for (std::size_t n = random() % 30; n > 0; --n) text += parts[random() % kinds];
    if (round % 100 == 0) text += std::string(5000, 'x') + "\r\n";
    const std::vector<Record> records = reads_of(text, random);
    plain += is_plain(text) ? 1 : 0;
    ConsoleLines fast;
    fast.assemble(records);
    // Elsewhere in memory each, so that they cannot be taken as one text.
    std::vector<std::string> copies;
    for (const Record& record : records) copies.emplace_back(record.bytes);
    std::vector<Record> scattered = records;
    for (std::size_t i = 0; i < records.size(); ++i) scattered[i].bytes = copies[i];
    ConsoleLines slow;
    slow.assemble(scattered);
    INFO("text of " << text.size() << " bytes, round " << round);
    REQUIRE(shown(fast) == shown(slow));
    for (std::size_t i = 0; i < fast.size(); ++i) {
      if (fast[i].length > 0) REQUIRE(fast.line_at(fast[i].offset + fast[i].length - 1) == i);
    }
  }
  CHECK(plain > 300);
}

TEST_CASE("text is plain that shows what it is") {
  CHECK(is_plain(""));
  CHECK(is_plain("up\r\ndown\r\r\n\ttab \xe9\n"));
  CHECK(is_plain("no end"));
  CHECK(is_plain("half an end\r"));
  for (const char* text : {"50%\r100%\n", "a\bb", "\x1b[31mred", "del\x7f", "bell\a", "x\v"}) {
    INFO(text);
    CHECK_FALSE(is_plain(text));
    CHECK_FALSE(is_plain(std::string(10000, 'x') + text + std::string(10000, 'x')));
  }
  CHECK_FALSE(is_plain(std::string_view("nul\0", 4)));
}
