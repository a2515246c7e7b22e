#include "exporters/web/line_colours.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/unit/exporters/web/stored_console.h"

namespace lastgasp {
namespace {

std::vector<ColouredLine> lines_of(std::string_view bytes) {
  ColourReader reader;
  reader.feed(bytes, {});
  reader.flush();
  return reader.take();
}

// "f1:red" for each run of a line.
std::string runs_of(const ColouredLine& line) {
  std::string text;
  for (const auto& run : line.runs)
    text +=
        (text.empty() ? "" : "|") + run.classes + ':' + line.text.substr(run.offset, run.length);
  return text;
}

struct Cleaned final : LineSink {
  void on_line(const Line& line) override { texts.emplace_back(line.text); }
  std::vector<std::string> texts;
};

}  // namespace

TEST_CASE("a line knows which of its bytes were coloured") {
  const auto lines = lines_of("ok \x1b[31mred\x1b[0m \x1b[1;44mbold\x1b[m\r\nplain\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text == "ok red bold");
  CHECK(runs_of(lines[0]) == "f1:red|b4 bold:bold");
  CHECK(lines[1].runs.empty());
}

TEST_CASE("what overwrites brings its own colour") {
  const auto lines = lines_of("\x1b[31mabcdef\x1b[0m\rXY\b\x1b[32mZ\x1b[0m\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].text == "XZcdef");
  CHECK(runs_of(lines[0]) == "f2:Z|f1:cdef");
}

TEST_CASE("a colour goes on over lines until it is taken back") {
  const auto lines = lines_of("\x1b[33ma\nb\x1b[0m\nc\n");
  REQUIRE(lines.size() == 3);
  CHECK(runs_of(lines[1]) == "f3:b");
  CHECK(lines[2].runs.empty());
}

TEST_CASE("whatever comes, the text is what it is everywhere, and runs lie within it") {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"a",     "bc",        "\n",   "\r",        "\r\n",     "\b",
                                     "\x1b[", "\x1b[31m",  "m",    "\x1b[K",    "\x1b]0;t", "\x07",
                                     "\x1b",  "\x1b[2;5H", "\xff", "\x1b[1;7m", "\t",       "\x7f"};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 30; ++i) bytes += pieces[random() % std::size(pieces)];
    Cleaned cleaned;
    LineAssembler assembler;
    assembler.feed(bytes, {}, cleaned);
    assembler.flush(cleaned);
    std::vector<std::string> texts;
    for (const auto& line : lines_of(bytes)) {
      texts.push_back(line.text);
      for (const auto& run : line.runs) REQUIRE(run.offset + run.length <= line.text.size());
    }
    REQUIRE(texts == cleaned.texts);
  }
}

TEST_CASE_METHOD(StoredConsole, "hits of several consoles have their colours, in any order") {
  const ConsoleId other = writer.console_id("r2", "");
  const auto at = [](int s) { return seconds_after(kNoon, s); };
  append(writer, console, at(0), "\x1b[31mfan dead\x1b[0m\r\nplain\r\n");
  append(writer, other, at(1), "a \x1b[32mfan\x1b[0m\r\n");
  append(writer, console, at(3600), "\x1b[33mthe fan\r\nfan\x1b[0m too\r\n");
  append(writer, other, at(3601), "fan again\r\n");
  REQUIRE(writer.flush());
  Query query;
  query.text = "fan";
  for (const bool newest_first : {true, false}) {
    query.newest_first = newest_first;
    std::vector<FoundLine> lines;
    reader.search(query, [&](const FoundLine& line) {
      lines.push_back(line);
      return true;
    });
    const auto runs = colours_of_hits(reader, lines);
    REQUIRE(runs.size() == 5);
    std::map<std::string, std::string> shown;
    for (std::size_t i = 0; i < lines.size(); ++i)
      shown[lines[i].text] = runs_of({.text = lines[i].text, .runs = runs[i]});
    CHECK(shown == std::map<std::string, std::string>{{"fan dead", "f1:fan dead"},
                                                      {"a fan", "f2:fan"},
                                                      {"the fan", "f3:the fan"},
                                                      {"fan too", "f3:fan"},
                                                      {"fan again", ""}});
  }
}

TEST_CASE_METHOD(StoredConsole, "no more is read for colours than a page is worth") {
  const std::string much = std::string(100, 'x') + "\r\n";
  for (int i = 0; i < 50; ++i) {
    std::string piece = "\x1b[31mhit\x1b[0m\r\n";
    while (piece.size() < 100000) piece += much;
    append(writer, console, seconds_after(kNoon, i), piece);
    REQUIRE(writer.flush());
  }
  Query query;
  query.text = "hit";
  std::vector<FoundLine> lines;
  reader.search(query, [&](const FoundLine& line) {
    lines.push_back(line);
    return true;
  });
  REQUIRE(lines.size() == 50);
  const auto runs = colours_of_hits(reader, lines);
  CHECK(runs.size() == 50);
  for (const auto& of_line : runs) CHECK(of_line.empty());
  CHECK(colours_of_hits(reader, {lines.data(), 3})[1].size() == 1);
}

}  // namespace lastgasp
