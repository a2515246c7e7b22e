#include "rules/engine/rule_set.h"

#include <catch2/catch.hpp>

using namespace lastgasp;

namespace {

Rule rule(std::string id, std::string match, std::vector<std::string> platforms = {}) {
  Rule r;
  r.id = std::move(id);
  r.match = std::move(match);
  r.platforms = std::move(platforms);
  return r;
}

Pack pack(std::string file, std::vector<Rule> rules, std::vector<std::string> disable = {}) {
  Pack p;
  p.file = std::move(file);
  p.rules = std::move(rules);
  p.disable = std::move(disable);
  return p;
}

Matcher matcher_for(std::vector<Pack> packs, std::vector<std::string> disable = {}) {
  return Matcher(RuleSet::compile(packs, disable));
}

std::vector<std::string> hits(Matcher& matcher, std::string_view line,
                              std::string_view platform = "") {
  std::vector<std::string> ids;
  for (const RuleHit& hit : matcher.match(line, platform)) ids.push_back(hit.rule->id);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a hit carries its rule and what the named groups captured, in order") {
  auto matcher = matcher_for({pack(
      "p",
      {rule("a.first", "page"),
       rule("a.trap", R"(trap (?P<number>\d+)(\.)?: (?P<what>.+?)(?: in (?P<mode>\w+))?$)")})});
  const std::string line = "Fatal trap 12: page fault";
  const auto found = matcher.match(line, "");
  REQUIRE(found.size() == 2);
  CHECK(found[0].index == 0);
  CHECK(found[0].captures.empty());
  CHECK(found[1].index == 1);
  CHECK(found[1].rule == &matcher.rules().rules()[1]);
  REQUIRE(found[1].captures.size() == 3);
  CHECK(found[1].captures[0].name == "number");
  CHECK(found[1].captures[0].value == "12");
  CHECK(found[1].captures[1].value == "page fault");
  CHECK(found[1].captures[2].value.empty());
  CHECK(found[1].captures[1].value.data() == line.data() + 15);
  CHECK(found[1].capture("what") == "page fault");
  CHECK(found[1].capture("nothing").empty());
}

TEST_CASE("captures of many hits on one line stay apart") {
  std::vector<Rule> rules;
  for (int i = 0; i < 40; ++i) {
    rules.push_back(
        rule("a.r" + std::to_string(i), "(?P<a>x{" + std::to_string(i + 1) + "})(?P<b>y)"));
  }
  auto matcher = matcher_for({pack("p", rules)});
  const std::string line = std::string(40, 'x') + "y";
  const auto found = matcher.match(line, "");
  REQUIRE(found.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(found[i].capture("a").size() == i + 1);
    CHECK(found[i].capture("b") == "y");
  }
}

TEST_CASE("a line that `unless` matches is no hit") {
  Rule r = rule("a.panic", "panic:");
  r.unless = "^savecore";
  auto matcher = matcher_for({pack("p", {r})});
  CHECK(hits(matcher, "panic: oh") == Ids{"a.panic"});
  CHECK(hits(matcher, "savecore: panic: oh").empty());
}

TEST_CASE("platform-bound rules apply on their platforms and where the platform is unknown") {
  auto matcher =
      matcher_for({pack("p", {rule("a.bsd", "panic", {"freebsd", "junos"}), rule("a.any", "panic"),
                              rule("a.ios", "panic", {"ios"})})});
  CHECK(hits(matcher, "panic", "junos") == Ids{"a.bsd", "a.any"});
  CHECK(hits(matcher, "panic", "ios") == Ids{"a.any", "a.ios"});
  CHECK(hits(matcher, "panic", "linux") == Ids{"a.any"});
  CHECK(hits(matcher, "panic") == Ids{"a.bsd", "a.any", "a.ios"});
}

TEST_CASE("a later pack replaces, switches off, and may bring back rules of earlier ones") {
  auto matcher = matcher_for(
      {pack("built-in", {rule("a.one", "one"), rule("a.two", "two")}),
       pack("mine", {rule("a.one", "uno")}, {"a.two"}), pack("more", {rule("b.three", "three")})},
      {"b.three"});
  CHECK(matcher.rules().refused().empty());
  CHECK(matcher.rules().rules().size() == 1);
  CHECK(hits(matcher, "one two three").empty());
  CHECK(hits(matcher, "uno") == Ids{"a.one"});
}

TEST_CASE("switching off what does not exist is reported") {
  const std::vector<Pack> packs{pack("mine", {rule("a.one", "one")}, {"a.none"})};
  const std::vector<std::string> disable{"a.never"};
  const auto set = RuleSet::compile(packs, disable);
  REQUIRE(set->refused().size() == 2);
  CHECK(set->refused()[0].id == "a.none");
  CHECK(set->refused()[0].file == "mine");
  CHECK(set->refused()[1].id == "a.never");
  CHECK(set->refused()[1].why == "disable: there is no rule of this id to switch off");
  CHECK(set->rules().size() == 1);
}

TEST_CASE("rules that do not compile are refused by name, and the rest load") {
  Rule bad_unless = rule("a.unless", "b");
  bad_unless.unless = "*";
  bad_unless.line = 7;
  const std::vector<Pack> packs{pack(
      "mine", {rule("a.paren", "(oops"), bad_unless, rule("a.good", "c"), rule("a.good", "d")})};
  const auto set = RuleSet::compile(packs);
  REQUIRE(set->rules().size() == 1);
  CHECK(set->rules()[0].match == "c");
  REQUIRE(set->refused().size() == 3);
  CHECK(set->refused()[0].why == "its id is used twice in this pack");
  CHECK(set->refused()[1].id == "a.paren");
  CHECK(set->refused()[1].why == "missing ): (oops");
  CHECK(set->refused()[2].id == "a.unless");
  CHECK(set->refused()[2].line == 7);
  CHECK(set->refused()[2].why == "no argument for repetition operator: *");
}

TEST_CASE("rules whose automaton explodes on ordinary lines are refused with their cost") {
  const std::vector<Pack> packs{pack(
      "mine", {rule("a.window", "[0-9a-f].{30}z"), rule("a.gap", "(?i)e.{0,60}fatal"),
               rule("a.huge", "u{1,1000}v{1,1000}w{1,1000}x{1,1000}y{1,1000}z"),
               rule("a.bounded", "(?i)error.{0,200}fatal"), rule("a.plain", "trap (\\d+): (.*)")})};
  const auto set = RuleSet::compile(packs);
  Ids names;
  for (const RefusedRule& refused : set->refused()) {
    names.push_back(refused.id);
    CHECK(refused.why.starts_with("match is too expensive: it "));
  }
  CHECK(names == Ids{"a.window", "a.gap", "a.huge"});
  CHECK(set->rules().size() == 2);
  const std::string slow = set->refused()[0].why;
  static constexpr std::string_view kReads = "it reads ordinary lines ";
  REQUIRE(slow.find(kReads) != slow.npos);
  CHECK(std::stoi(slow.substr(slow.find(kReads) + kReads.size())) > 20);
  CHECK(slow.find(" times slower than a plain rule") != slow.npos);
  CHECK(slow.ends_with("; begin it with a fixed word, or shorten what is repeated"));
  CHECK(set->refused()[2].why.find(" times those of a plain rule") != std::string::npos);
}

TEST_CASE("what a rule tries on fewer lines may cost no more") {
  Rule unless = rule("a.unless", "b");
  unless.unless = "[0-9a-f].{30}z";
  Rule until = rule("a.until", "c");
  until.dump.emplace().until = "[0-9a-f].{30}z";
  const std::vector<Pack> packs{pack("mine", {unless, until, rule("a.good", "d")})};
  const auto set = RuleSet::compile(packs);
  REQUIRE(set->refused().size() == 2);
  CHECK(set->refused()[0].why.starts_with("unless is too expensive: it reads ordinary lines "));
  CHECK(set->refused()[1].why.starts_with("until is too expensive: it reads ordinary lines "));
  CHECK(set->rules().size() == 1);
}

TEST_CASE("a pack with a broken and a ruinous rule loads its good ones") {
  const std::vector<Pack> packs{
      parse_pack("pack: ours\n"
                 "rules:\n"
                 "  - {id: ours.broken, kind: login, match: '[a', samples: [a]}\n"
                 "  - {id: ours.slow, kind: login, match: '[0-9a-f].{30}z', samples: [a]}\n"
                 "  - {id: ours.good, kind: login, match: 'hello', samples: [hello]}\n",
                 "ours.yaml")};
  auto matcher = Matcher(RuleSet::compile(packs));
  CHECK(hits(matcher, "hello [a") == Ids{"ours.good"});
  const auto refused = matcher.rules().refused();
  REQUIRE(refused.size() == 2);
  CHECK(text_of(refused[0]) ==
        "ours.yaml:3:43: rule ours.broken is refused: match of rule ours.broken is no RE2 "
        "expression: missing ]: [a");
  CHECK(text_of(refused[1])
            .starts_with("ours.yaml:4: rule ours.slow is refused: match is too expensive: it "
                         "reads ordinary lines "));
}

TEST_CASE("a refused rule replaces nothing") {
  const std::vector<Pack> packs{pack("built-in", {rule("a.one", "one")}),
                                pack("mine", {rule("a.one", "uno|[0-9a-f].{30}z")}),
                                pack("more", {rule("a.one", "(")})};
  auto matcher = Matcher(RuleSet::compile(packs));
  CHECK(hits(matcher, "one") == Ids{"a.one"});
  CHECK(hits(matcher, "uno").empty());
  REQUIRE(matcher.rules().refused().size() == 2);
  CHECK(matcher.rules().refused()[0].file == "more");
  CHECK(matcher.rules().refused()[1].file == "mine");
}

TEST_CASE("what matches without being a hit is told with why") {
  Rule r = rule("a.panic", "panic:", {"junos"});
  r.unless = "^savecore";
  const Matcher matcher = matcher_for({pack("p", {r, rule("a.other", "pan")})});
  CHECK(matcher.withheld("panic: oh", "").empty());
  CHECK(matcher.withheld("all is well", "ios").empty());
  const auto elsewhere = matcher.withheld("panic: oh", "ios");
  REQUIRE(elsewhere.size() == 1);
  CHECK(elsewhere[0].rule->id == "a.panic");
  CHECK(elsewhere[0].other_platform);
  CHECK_FALSE(elsewhere[0].unless);
  const auto held = matcher.withheld("savecore: panic: oh", "junos");
  REQUIRE(held.size() == 1);
  CHECK_FALSE(held[0].other_platform);
  CHECK(held[0].unless);
}

TEST_CASE("in too little memory every line still matches right, and is counted as slow") {
  std::vector<Rule> rules;
  for (const std::string core : {"1", "2", "3", "4", "5", "6", "7", "8"})  // more than a few
    rules.push_back(rule("cpu." + core, "stalled .+(?P<core>" + core + ")"));
  const std::vector<Pack> packs{pack("p", rules)};
  Matcher matcher(RuleSet::compile(packs, {}, 100));
  CHECK(hits(matcher, "stalled at 1") == Ids{"cpu.1"});
  CHECK(hits(matcher, "cpu stalled at 8, at 7") == Ids{"cpu.7", "cpu.8"});
  CHECK(hits(matcher, "three").empty());  // without anything that a rule needs: not asked
  CHECK(matcher.match("stalled at 7", "")[0].capture("core") == "7");
  CHECK(matcher.slow_lines() == 3);
}

TEST_CASE("no rules match nothing") {
  auto matcher = matcher_for({});
  CHECK(hits(matcher, "panic").empty());
  CHECK(hits(matcher, "").empty());
}
