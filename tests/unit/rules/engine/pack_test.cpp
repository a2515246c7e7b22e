#include "rules/engine/pack.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

namespace {

// What parse_pack says of a file with a mistake, be it in a rule or elsewhere.
std::string mistake(const std::string& yaml) {
  try {
    const Pack pack = parse_pack(yaml, "x.yaml");
    if (!pack.refused.empty()) {
      const RefusedRule& refused = pack.refused.front();
      return FileError(refused.file, refused.line, refused.column, refused.why).what();
    }
  } catch (const FileError& error) {
    return error.what();
  }
  return "no mistake";
}

// A pack of one rule, complete but for `lines`.
std::string with_rule(const std::string& lines) {
  return "pack: x\nrules:\n  - id: x.rule\n" + lines;
}

constexpr const char* kWhole = R"(
pack: freebsd
platform: [freebsd, junos]
disable: [linux.warning, linux.oops]
rules:
  - id: freebsd.fatal_trap
    kind: crash
    severity: info
    platform: freebsd
    match: 'Fatal trap (?P<number>\d+): (?P<what>.+?) while'
    unless: '^savecore'
    title: 'Fatal trap {number}: {what}'
    dump: {until: '^Uptime:', lines: 300, idle: 1500ms, function: false}
    learns: freebsd
    experimental: true
    samples:
      - 'Fatal trap 12: page fault while in kernel mode'
    rejects: ['savecore: reboot after panic: page fault']
  - id: freebsd.copyright
    kind: boot_start
    reason: operator
    match: '^Copyright'
    samples: [Copyright]
)";

}  // namespace

TEST_CASE("every key of a pack and a rule is read") {
  const Pack pack = parse_pack(kWhole, "freebsd.yaml");
  CHECK(pack.name == "freebsd");
  CHECK(pack.file == "freebsd.yaml");
  CHECK(pack.disable == std::vector<std::string>{"linux.warning", "linux.oops"});
  REQUIRE(pack.rules.size() == 2);
  const Rule& trap = pack.rules[0];
  CHECK(trap.id == "freebsd.fatal_trap");
  CHECK(trap.pack == "freebsd");
  CHECK(trap.platforms == std::vector<std::string>{"freebsd"});
  CHECK(trap.kind == Kind::crash);
  CHECK(trap.severity == Severity::info);
  CHECK(trap.match == R"(Fatal trap (?P<number>\d+): (?P<what>.+?) while)");
  CHECK(trap.unless == "^savecore");
  CHECK(trap.title == "Fatal trap {number}: {what}");
  REQUIRE(trap.dump);
  CHECK(trap.dump->until == "^Uptime:");
  CHECK(trap.dump->lines == 300);
  CHECK(trap.dump->idle == std::chrono::milliseconds(1500));
  CHECK(trap.dump->function == Blame::nobody);
  CHECK(trap.learns == "freebsd");
  CHECK(trap.experimental);
  CHECK(trap.samples.size() == 1);
  CHECK(trap.rejects.size() == 1);
  CHECK(trap.line == 6);
}

TEST_CASE("what a rule leaves out has its default") {
  const Rule boot = parse_pack(kWhole, "freebsd.yaml").rules.at(1);
  CHECK(boot.platforms == std::vector<std::string>{"freebsd", "junos"});
  CHECK(boot.severity == Severity::info);
  CHECK(boot.reason == BootReason::operator_);
  CHECK(boot.title.empty());
  CHECK_FALSE(boot.dump);
  CHECK_FALSE(boot.experimental);
  CHECK(boot.line == 19);
  const Pack pack = parse_pack(
      with_rule("    kind: panic\n    match: a\n    title: a\n    dump: {}\n    samples: [a]\n"),
      "x");
  const Rule& panic = pack.rules.at(0);
  CHECK(panic.platforms.empty());
  CHECK(panic.severity == Severity::critical);
  REQUIRE(panic.dump);
  CHECK(panic.dump->until.empty());
  CHECK(panic.dump->lines == DumpShape{}.lines);
  CHECK(panic.dump->idle == DumpShape{}.idle);
  CHECK(panic.dump->function == Blame::first);
}

TEST_CASE("severity follows the kind") {
  const auto severity = [](const std::string& kind) {
    return name_of(parse_pack(with_rule("    kind: " + kind +
                                        "\n    match: a\n    title: a\n    samples: [a]\n"),
                              "x")
                       .rules.at(0)
                       .severity);
  };
  for (const char* kind : {"panic", "crash", "hang", "watchdog"})
    CHECK(severity(kind) == "critical");
  for (const char* kind :
       {"oom", "process_crash", "hardware", "kernel_warning", "storage", "environment", "stuck"}) {
    CHECK(severity(kind) == "warning");
  }
  for (const char* kind : {"boot_start", "login", "prompt", "replay"})
    CHECK(severity(kind) == "info");
}

TEST_CASE("a platform of any stands for everywhere, also within a bound pack") {
  const Pack pack = parse_pack(
      "pack: x\nplatform: ios\nrules:\n  - {id: x.a, platform: any, kind: login, match: a, "
      "samples: "
      "[a]}\n  - {id: x.b, kind: login, match: a, samples: [a]}\n",
      "x");
  CHECK(pack.rules.at(0).platforms.empty());
  CHECK(pack.rules.at(1).platforms == std::vector<std::string>{"ios"});
}

TEST_CASE("a pack may only switch off rules of others") {
  CHECK(parse_pack("pack: mine\ndisable: [linux.oops]\n", "x").rules.empty());
}

TEST_CASE("mistakes in a pack are told with file, line, column and the way out") {
  CHECK(mistake("") == "x.yaml: holds no map of keys and values");
  CHECK(mistake(",rac)k") == "x.yaml: holds no map of keys and values");
  CHECK(mistake("# ours\n---\npack: x\n") == "no mistake");
  CHECK(mistake("- 1\n") ==
        "x.yaml:1:1: the pack must be a map with the keys pack, platform, disable, rules");
  CHECK(
      mistake("pack: x\nrule: []\n") ==
      "x.yaml:2:1: unknown key 'rule' in the pack; valid keys are pack, platform, disable, rules");
  CHECK(mistake("rules: []\n") == "x.yaml:1:1: the pack has no pack");
  CHECK(mistake("pack: x\npack: y\n") == "x.yaml:2:1: pack is given twice in the pack");
  CHECK(mistake("pack: My Pack\n") ==
        "x.yaml:1:7: pack of the pack must be one word of a-z, 0-9, _ and -");
  CHECK(mistake("pack: x\nplatform: [any, ios]\n") ==
        "x.yaml:2:11: platform of the pack names any beside others; any stands alone");
  CHECK(mistake("pack: x\nrules: 3\n") == "x.yaml:2:8: rules of the pack must be a list");
  CHECK(mistake("pack: x\n---\npack: y\n") == "x.yaml:2:1: a second document; one is allowed");
  CHECK(mistake("pack: [x\n") == "x.yaml:2:1: end of sequence flow not found");
}

TEST_CASE("mistakes in a rule are told with file, line, column and the way out") {
  const std::string rest = "    match: a\n    title: a\n    samples: [a]\n";
  CHECK(mistake(with_rule("    kind: Panic\n" + rest)) ==
        "x.yaml:4:11: kind of rule x.rule must be one of panic, crash, hang, oom, process_crash, "
        "hardware, watchdog, kernel_warning, storage, environment, boot_start, boot_done, login, "
        "bootloader, shutdown, reset_reason, stuck, prompt, replay");
  CHECK(mistake(with_rule("    kind: silence\n" + rest))
            .starts_with("x.yaml:4:11: kind of rule x.rule is found by lastgasp itself, never by a "
                         "rule; rules are "));
  CHECK(mistake(with_rule("    kind: panic\n    Title: a\n" + rest)) ==
        "x.yaml:5:5: unknown key 'Title' in rule x.rule; valid keys are id, kind, severity, "
        "platform, match, unless, title, dump, learns, reason, experimental, samples, rejects");
  CHECK(mistake(with_rule("    kind: panic\n    match: a\n    samples: [a]\n")) ==
        "x.yaml:3:5: rule x.rule has no title");
  CHECK(mistake(with_rule("    kind: login\n    match: a\n")) ==
        "x.yaml:3:5: rule x.rule has no samples");
  CHECK(mistake(with_rule("    kind: login\n    match: a\n    samples: []\n")) ==
        "x.yaml:6:14: samples of rule x.rule is an empty list; a rule needs at least one line it "
        "must match");
  CHECK(mistake(with_rule("    kind: login\n    match: a\n    samples: [\"a\\nb\"]\n")) ==
        "x.yaml:6:15: an entry of samples of rule x.rule must be one line");
  CHECK(mistake(with_rule("    kind: login\n    match: 'a('\n    samples: [a]\n")) ==
        "x.yaml:5:12: match of rule x.rule is no RE2 expression: missing ): a(");
  CHECK(mistake(with_rule("    kind: login\n    match: a\n    unless: ''\n    samples: [a]\n")) ==
        "x.yaml:6:13: unless of rule x.rule is empty");
  CHECK(mistake(with_rule(
            "    kind: panic\n    match: '(?P<n>a)'\n    title: '{m}'\n    samples: [a]\n")) ==
        "x.yaml:6:12: title of rule x.rule is wrong: {m} is no group of match; match has {n}");
  CHECK(mistake(with_rule("    kind: login\n    severity: fatal\n" + rest)) ==
        "x.yaml:5:15: severity of rule x.rule must be one of info, warning, critical");
  CHECK(
      mistake(with_rule("    kind: panic\n    reason: crash\n" + rest)) ==
      "x.yaml:5:13: reason of rule x.rule is only for rules of the kinds boot_start, shutdown and "
      "reset_reason");
  CHECK(mistake(with_rule("    kind: boot_start\n    reason: unexplained\n" + rest)) ==
        "x.yaml:5:13: reason of rule x.rule must be one of operator, crash, watchdog, power");
  CHECK(mistake(with_rule("    kind: panic\n    experimental: yes\n" + rest)) ==
        "x.yaml:5:19: experimental of rule x.rule must be true or false");
}

TEST_CASE("mistakes in the shape of a dump are told") {
  const std::string rest = "    match: a\n    title: a\n    samples: [a]\n";
  const auto dump = [&](const std::string& text) {
    return mistake(with_rule("    kind: panic\n    dump: " + text + "\n" + rest));
  };
  CHECK(dump("{end: x}") ==
        "x.yaml:5:12: unknown key 'end' in dump of rule x.rule; valid keys are until, lines, idle, "
        "function, stack, detail");
  CHECK(dump("{lines: 0}") ==
        "x.yaml:5:19: lines of dump of rule x.rule must be a number from 1 to 100000");
  CHECK(dump("{lines: many}").ends_with("must be a number from 1 to 100000"));
  CHECK(dump("{idle: 20}") ==
        "x.yaml:5:18: idle of dump of rule x.rule must be a duration such as 20s, 500ms or 2m");
  CHECK(dump("{until: '['}") ==
        "x.yaml:5:19: until of dump of rule x.rule is no RE2 expression: missing ]: [");
  CHECK(
      dump("true").ends_with("dump of rule x.rule must be a map with the keys until, lines, idle, "
                             "function, stack, detail"));
  CHECK(mistake(with_rule("    kind: login\n    dump: {}\n" + rest)) ==
        "x.yaml:5:11: dump of rule x.rule is only for rules that open an incident");
}

TEST_CASE("ids are dotted words, used once in a pack") {
  const auto id = [](const std::string& text) {
    return mistake("pack: x\nrules:\n  - {id: " + text +
                   ", kind: login, match: a, samples: [a]}\n");
  };
  CHECK(id("linux.oops_2.x") == "no mistake");
  for (const char* bad :
       {"linux", "linux.", ".linux", "linux..x", "Linux.x", "linux.a-b", "'a b.c'"}) {
    CHECK(id(bad).ends_with("must be words of a-z, 0-9 and _ with dots between, as linux.oops"));
  }
  const std::string rule = "  - {id: x.a, kind: login, match: a, samples: [a]}\n";
  CHECK(mistake("pack: x\nrules:\n" + rule + rule) ==
        "x.yaml:4:5: an entry of rules of the pack has the id x.a of the rule in line 3");
}

TEST_CASE("a mistake in a rule costs that rule, by name and place, and no other") {
  const Pack pack = parse_pack(
      "pack: x\nrules:\n"
      "  - {id: x.open, kind: login, match: 'a(', samples: [a]}\n"
      "  - {id: x.good, kind: login, match: a, samples: [a]}\n"
      "  - {id: x.good, kind: login, match: b, samples: [b]}\n"
      "  - {kind: login, match: a, samples: [a]}\n"
      "  - 3\n"
      "  - {id: x.also_good, kind: login, match: a, samples: [a]}\n",
      "x.yaml");
  REQUIRE(pack.rules.size() == 2);
  CHECK(pack.rules[0].match == "a");
  CHECK(pack.rules[1].id == "x.also_good");
  REQUIRE(pack.refused.size() == 4);
  CHECK(text_of(pack.refused[0]) ==
        "x.yaml:3:38: rule x.open is refused: match of rule x.open is no RE2 expression: "
        "missing ): a(");
  CHECK(text_of(pack.refused[1]) ==
        "x.yaml:5:5: rule x.good is refused: an entry of rules of the pack has the id x.good of "
        "the rule in line 4");
  CHECK(text_of(pack.refused[2]) ==
        "x.yaml:6:5: a rule without id is refused: a rule without id has no id");
  CHECK(text_of(pack.refused[3])
            .starts_with("x.yaml:7:5: a rule without id is refused: an entry of rules of the pack "
                         "must be a map with the keys id, kind,"));
}

TEST_CASE("test_pack tells which sample is missed and which reject is hit") {
  Pack pack = parse_pack(kWhole, "x.yaml");
  CHECK(test_pack(pack).empty());
  pack.rules[0].samples.push_back("Fatal trip");
  pack.rules[0].samples.push_back("savecore: Fatal trap 1: x while");
  pack.rules[0].rejects.push_back("Fatal trap 1: x while");
  pack.rules[1].match = "(";
  const auto problems = test_pack(pack);
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].rule == "freebsd.fatal_trap");
  CHECK(problems[0].line == 6);
  CHECK(problems[0].text == "does not match its sample: Fatal trip");
  CHECK(problems[1].text.starts_with("its `unless` matches its sample: savecore"));
  CHECK(problems[2].text == "matches what it must reject: Fatal trap 1: x while");
  CHECK(problems[3].text == "missing ): (");
}
