#include <catch2/catch.hpp>
#include <random>

#include "redaction_lab.h"

using namespace lastgasp;

namespace {

// Bytes that leave but were masked or are as they came in; anything else is a mistake.
void check_only_masks(std::string_view in, std::string_view out) {
  REQUIRE(in.size() == out.size());
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i] != out[i] && out[i] != kMask) FAIL("byte " << i << " became another");
}

Redactor::Rules rules_of(const std::string& yaml) {
  const RedactionPack pack = parse_redaction_pack("redaction: x\nrules:\n" + yaml, "x.yaml");
  return RedactionSet::compile({&pack, 1});
}

}  // namespace

TEST_CASE("a secret is masked byte for byte, and nothing else") {
  CHECK(redacted("r1#show ver\r\nenable secret 5 $1$ab$cd\r\nend\r\n") ==
        "r1#show ver\r\nenable secret 5 ********\r\nend\r\n");
  CHECK(redacted("nothing to hide\r\n\x1b[1mbold\x1b[0m\r\n") ==
        "nothing to hide\r\n\x1b[1mbold\x1b[0m\r\n");
}

TEST_CASE("what leaves does not depend on where the bytes were split") {
  for (const std::string& line : all_evidence()) {
    const std::string bytes = "\x1b[0m[12.3] ok\r\n" + line + "\r\nPassword: \r\nnext\n";
    const std::string whole = redacted(bytes);
    check_only_masks(bytes, whole);
    CHECK(redacted_bytewise(bytes) == whole);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
      if (redacted(bytes, {cut}) != whole) FAIL_CHECK("cut at " << cut << ": " << line);
  }
}

TEST_CASE("the echo of a person who types, mistypes and goes back is masked") {
  CHECK(redacted("r1(config)#enable secret fop\b \bo\r\n") ==
        "r1(config)#enable secret ***\b \b*\r\n");
  // Given up altogether, and something harmless typed instead.
  std::string line = "enable secret foo";
  line += std::string(line.size(), '\b') + "show version     \r\n";
  const std::string out = redacted(line);
  CHECK(out.find("foo") == std::string::npos);
  CHECK(out.find("show version") != std::string::npos);
  // A log line interrupts, and the router repeats what was typed so far.
  CHECK(redacted("r1(config)#enable secret hunt\r\n*Mar  1 00:01:02: %SYS-5-CONFIG_I: by noc\r\n"
                 "r1(config)#enable secret hunter2\r\n") ==
        "r1(config)#enable secret ****\r\n*Mar  1 00:01:02: %SYS-5-CONFIG_I: by noc\r\n"
        "r1(config)#enable secret *******\r\n");
}

TEST_CASE("colours, overwriting and --More-- hide no secret") {
  CHECK(redacted("\x1b[32menable\x1b[0m sec\x1b[1mret \x1b[31mfoo\x1b[0m\r\n") ==
        "\x1b[32menable\x1b[0m sec\x1b[1mret \x1b[31m***\x1b[0m\r\n");
  const std::string more = " --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";
  CHECK(redacted(more + "snmp-server community s3cret RO\r\n") ==
        more + "snmp-server community ****** RO\r\n");
  CHECK(redacted("loading 10%\renable secret foo\r\n") == "loading 10%\renable secret ***\r\n");
}

TEST_CASE("whatever ends its line, a secret is masked and the next line is not") {
  const std::vector<std::string> ends{"\n",   "\r\n",   "\r\r\n", std::string("\r\0\n", 3),
                                      "\n\r", "\x1b[2J"};
  for (const std::string& end : ends) {
    const std::string bytes = "Password: hunter2" + end + "login ok" + end;
    CHECK(redacted(bytes) == "Password: *******" + end + "login ok" + end);
    CHECK(redacted_bytewise(bytes) == redacted(bytes));
  }
}

TEST_CASE("each of several secrets on a line is masked") {
  CHECK(redacted("set a token=ab password=cd url ftp://u:efg@h psk=\"hij\" end\r\n") ==
        "set a token=** password=** url ftp://u:***@h psk=\"***\" end\r\n");
}

TEST_CASE("a prompt shows at once; only what follows the keyword waits, and not for long") {
  Redactor redactor;
  const MonoTime t0{std::chrono::seconds(5)};
  CHECK(redactor.feed(built_in_rules(), "r1>enable\r\nPassword: ", t0) ==
        "r1>enable\r\nPassword: ");
  CHECK(redactor.due() == MonoTime::max());
  CHECK(redactor.feed(built_in_rules(), "s", t0).empty());
  CHECK(redactor.due() == t0 + kHeldAtMost);
  CHECK(redactor.feed(built_in_rules(), "3", t0 + kHeldAtMost / 2).empty());
  CHECK(redactor.due() == t0 + kHeldAtMost);  // of the first byte that waits
  CHECK(redactor.release(built_in_rules()) == "**");
  CHECK(redactor.due() == MonoTime::max());
  CHECK(redactor.feed(built_in_rules(), "cret\r", t0) == "****\r");
  CHECK(redactor.feed(built_in_rules(), "\nr1#", t0) == "\nr1#");
  CHECK(redactor.masked() == 1);
}

TEST_CASE("what turns out to be no secret leaves as it came") {
  Redactor redactor;
  CHECK(redactor.feed(built_in_rules(), "Failed password for", {}) == "Failed password ");
  CHECK(redactor.release(built_in_rules()) == "for");
  CHECK(redactor.feed(built_in_rules(), " root\n", {}) == " root\n");
  CHECK(redactor.masked() == 0);
}

TEST_CASE("lines without a keyword leave within the call, and are not even copied") {
  Redactor redactor;
  const std::string dump = "Kernel panic - not syncing: Fatal exception\r\nCall Trace:\r\n";
  const std::string_view out = redactor.feed(built_in_rules(), dump, {});
  CHECK(out.data() == dump.data());
  CHECK(out.size() == dump.size());
  CHECK(redactor.feed(built_in_rules(), "half a li", {}) == "half a li");
}

TEST_CASE("a crash amid a private key is seen") {
  const std::string out = redacted(
      "-----BEGIN PRIVATE KEY-----\r\nMIIEvQ\r\nKernel panic - not syncing: x\r\nword\r\n");
  CHECK(out ==
        "-----BEGIN PRIVATE KEY-----\r\n******\r\nKernel panic - not syncing: x\r\nword\r\n");
}

TEST_CASE("a stamp in front of a line hides no secret") {
  CHECK(redacted("[2026-11-22 10:11:12]  key 7 0822455D\r\n") ==
        "[2026-11-22 10:11:12]  key 7 ********\r\n");
  CHECK(redacted("2026-11-22 10:11:12 -----BEGIN PRIVATE KEY-----\n2026-11-22 10:11:12 MIIE\n") ==
        "2026-11-22 10:11:12 -----BEGIN PRIVATE KEY-----\n2026-11-22 10:11:12 ****\n");
}

TEST_CASE("a secret that is longer than a line is masked to its end") {
  const std::string bytes = "token=" + std::string(kMaxLineBytes + 100, 'x') + " and more\r\n";
  const std::string out = redacted(bytes);
  CHECK(out == "token=" + std::string(kMaxLineBytes + 100, kMask) + " and more\r\n");
  CHECK(redacted_bytewise(bytes) == out);
}

TEST_CASE("a line that moves the cursor for ever is masked unseen, and the next one is not") {
  std::string bytes = "no password of anybody " + std::string(1000, '.');
  for (int i = 0; i < 100; ++i) bytes += "x\b";
  const std::string out = redacted(bytes + "\r\nenable secret foo bar\r\n");
  CHECK(out.substr(0, 30) == bytes.substr(0, 30));
  CHECK(out.ends_with("*\b*\b\r\nenable secret *** bar\r\n"));
  CHECK(redacted_bytewise(bytes) == redacted(bytes));
}

TEST_CASE("the end of a stream ends its line and its block") {
  Redactor redactor;
  std::string out(redactor.feed(built_in_rules(), "-----BEGIN PRIVATE KEY-----\nMII", {}));
  out.append(redactor.finish(built_in_rules()));
  CHECK(out == "-----BEGIN PRIVATE KEY-----\n***");
  CHECK(redactor.feed(built_in_rules(), "login\r\n", {}) == "login\r\n");
}

TEST_CASE("rules bound to a platform leave others alone, but not a console that is not known") {
  const auto rules = rules_of(
      "  - {id: x.y, platform: junos, keywords: word, match: 'word (?P<secret>\\S+)',\n"
      "     samples: [[word a, word *]]}\n");
  Redactor redactor;
  CHECK(redactor.feed(rules, "word abc\n", {}) == "word ***\n");
  redactor.set_platform("ios");
  CHECK(redactor.feed(rules, "word abc\n", {}) == "word abc\n");
  redactor.set_platform("junos");
  CHECK(redactor.feed(rules, "word abc\n", {}) == "word ***\n");
}

TEST_CASE("other rules take hold in the middle of a line") {
  const auto none = RedactionSet::compile({});
  Redactor redactor;
  std::string out(redactor.feed(built_in_rules(), "enable secret fo", {}));
  out.append(redactor.feed(none, "o\n", {}));
  CHECK(out == "enable secret foo\n");  // the newest rules decide
  CHECK(redactor.feed(none, "enable secret foo\n", {}) == "enable secret foo\n");
  CHECK(redactor.feed(built_in_rules(), "enable secret foo\n", {}) == "enable secret ***\n");
}

TEST_CASE("garbage, however split, is masked alike, and nothing is lost or becomes another byte") {
  std::mt19937 random(7);
  const std::vector<std::string> lines = all_evidence();
  static constexpr std::string_view kControls[] = {"\b",     "\r",      "\r\n",     "\n", "\x1b[K",
                                                   "\x1b[A", "\x1b[2J", "\x1b]0;x", "\t", "\a"};
  for (int round = 0; round < 400; ++round) {
    std::string bytes;
    while (bytes.size() < 300) {
      switch (random() % 4) {
        case 0:
          bytes += kControls[random() % std::size(kControls)];
          break;
        case 1:
          bytes += static_cast<char>(random() % 256);
          break;
        default:
          const std::string& line = lines[random() % lines.size()];
          const std::size_t from = random() % line.size();
          bytes += line.substr(from, 1 + random() % 40);
      }
    }
    const std::string whole = redacted(bytes);
    check_only_masks(bytes, whole);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1 + random() % 9; at < bytes.size(); at += 1 + random() % 9)
      cuts.push_back(at);
    INFO(round);
    REQUIRE(redacted(bytes, cuts) == whole);
    REQUIRE(redacted_bytewise(bytes) == whole);
  }
}
