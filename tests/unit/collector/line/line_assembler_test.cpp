#include "collector/line/line_assembler.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace lastgasp {
namespace {

struct Collected final : LineSink {
  void on_line(const Line& line) override {
    texts.emplace_back(line.text);
    lines.push_back(line);
    lines.back().text = {};
  }
  std::vector<std::string> texts;
  std::vector<Line> lines;
};

Instant at_ms(int ms) { return Instant{} + std::chrono::milliseconds(ms); }

std::vector<std::string> lines_of(std::string_view bytes) {
  LineAssembler assembler;
  Collected out;
  assembler.feed(bytes, at_ms(0), out);
  assembler.flush(out);
  return out.texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("every usual line end ends one line") {
  CHECK(lines_of("a\nb\r\nc\r\r\nd\n\rE\r\n") == Texts{"a", "b", "c", "d", "E"});
  CHECK(lines_of("a\n\nb") == Texts{"a", "", "b"});
}

TEST_CASE("a lone CR overwrites and the last state is the line") {
  CHECK(lines_of("10%\r20%\r100%\n") == Texts{"100%"});
  CHECK(lines_of("Loading...\rdone\n") == Texts{"doneing..."});
  CHECK(lines_of("Loading...\r\x1b[Kdone\n") == Texts{"done"});
}

TEST_CASE("backspace erases and NUL vanishes") {
  CHECK(lines_of("rebo\b\b\b\bhalt\n") == Texts{"halt"});
  CHECK(lines_of("x\b \bls\n") == Texts{"ls"});
  CHECK(lines_of(std::string_view("a\0b\r\0\n", 6)) == Texts{"ab"});
  CHECK(lines_of("\b\b\bok\n") == Texts{"ok"});
}

TEST_CASE("escape sequences are removed, whole or split at any byte") {
  const std::string_view bytes =
      "\x1b[1;31mKernel\x1b[0m pan\x1b]0;title\x07ic\x1b(B \x1bP1$r\x1b\\now\r\nnext\n";
  CHECK(lines_of(bytes) == Texts{"Kernel panic now", "next"});
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    LineAssembler assembler;
    Collected out;
    assembler.feed(bytes.substr(0, cut), at_ms(0), out);
    assembler.feed(bytes.substr(cut), at_ms(1), out);
    CHECK(out.texts == Texts{"Kernel panic now", "next"});
  }
}

TEST_CASE("a cursor move to another row ends the line, one within the row does not") {
  CHECK(lines_of("\x1b[2J\x1b[1;1HBoot Menu\x1b[3;5HUEFI Shell\x1b[3;20HBuilt-in\x1b[4;1H") ==
        Texts{"Boot Menu", "UEFI Shell         Built-in"});
}

TEST_CASE("a sequence whose end was lost does not swallow the console") {
  std::string bytes = "\x1b]0;" + std::string(600, 'x') + "\nalive\n";
  CHECK(lines_of(bytes).back() == "alive");
  bytes = "\x1b]no terminator\npanic\n";
  CHECK(lines_of(bytes) == Texts{"", "panic"});
}

TEST_CASE("an overlong line is cut and goes on") {
  const std::string bytes = std::string(kMaxLineBytes + 10, 'x') + "\nnext\n";
  LineAssembler assembler;
  Collected out;
  assembler.feed(bytes, at_ms(0), out);
  REQUIRE(out.texts.size() == 3);
  CHECK(out.texts[0].size() == kMaxLineBytes);
  CHECK(out.lines[0].cut);
  CHECK(out.texts[1].size() == 10);
  CHECK_FALSE(out.lines[1].cut);
  CHECK(out.texts[2] == "next");
}

TEST_CASE("a line of exactly the limit is not cut") {
  CHECK(lines_of(std::string(kMaxLineBytes, 'x') + "\r\n").size() == 1);
}

TEST_CASE("a prompt is shown as a partial line once and joined with what follows") {
  LineAssembler assembler;
  Collected out;
  assembler.feed("boot ok\nlogin: ", at_ms(0), out);
  CHECK(assembler.partial_due() == at_ms(300).mono);
  assembler.quiet(at_ms(299), out);
  CHECK(out.texts == Texts{"boot ok"});
  assembler.quiet(at_ms(300), out);
  assembler.quiet(at_ms(900), out);
  REQUIRE(out.texts == Texts{"boot ok", "login: "});
  CHECK(out.lines[1].partial);
  CHECK(assembler.partial_due() == MonoTime::max());
  assembler.feed("admin\n", at_ms(1000), out);
  REQUIRE(out.texts.size() == 3);
  CHECK(out.texts[2] == "login: admin");
  CHECK_FALSE(out.lines[2].partial);
  CHECK(out.lines[2].begin == out.lines[1].begin);
  CHECK(out.lines[2].at.mono == at_ms(0).mono);
}

TEST_CASE("numbers and offsets follow the raw bytes") {
  LineAssembler assembler;
  Collected out;
  assembler.feed("a\r\n\x1b[0mbc\n\nd", at_ms(0), out);
  assembler.flush(out);
  REQUIRE(out.lines.size() == 4);
  CHECK(out.lines[1].begin == 3);
  CHECK(out.lines[1].end == 10);
  CHECK(out.lines[2].number == 3);
  CHECK(out.lines[3].number == 4);
}

TEST_CASE("cleaned lines do not depend on how the bytes were split into reads") {
  std::mt19937 random(7);
  const std::string alphabet = "ab \t\r\n\b\x1b[];12;HKmJP\\\x07";
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (int i = 0; i < 200; ++i) bytes += alphabet[random() % alphabet.size()];
    LineAssembler whole, split;
    Collected expected, out;
    whole.feed(bytes, at_ms(0), expected);
    whole.flush(expected);
    for (std::size_t i = 0; i < bytes.size();) {
      const std::size_t part = 1 + random() % 7;
      split.feed(std::string_view(bytes).substr(i, part), at_ms(0), out);
      i += part;
    }
    split.flush(out);
    CHECK(out.texts == expected.texts);
  }
}

}  // namespace
}  // namespace lastgasp
