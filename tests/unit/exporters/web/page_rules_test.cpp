#include <catch2/catch.hpp>

#include "exporters/web/explanation_view.h"
#include "exporters/web/server.h"
#include "fake_backend.h"
#include "http_client.h"

namespace lastgasp {
namespace {

Rule rule(const std::string& id, const std::string& match, std::vector<std::string> platforms) {
  Rule rule;
  rule.id = id;
  rule.file = "own.yaml";
  rule.line = 7;
  rule.match = match;
  rule.platforms = std::move(platforms);
  rule.kind = Kind::panic;
  return rule;
}

struct Rules {
  Rules() {
    Pack pack;
    pack.rules = {rule("own.calm", "calm <b>", {}),
                  rule("own.panic", "panic: (?P<what>.*)", {"linux"})};
    backend.rule_set = RuleSet::compile(std::span(&pack, 1));
    backend.rule_totals.rules["own.panic"] = {3, backend.time.wall - std::chrono::minutes(2)};
    backend.rule_totals.lines = 1000;
    backend.rule_totals.scan_nanos = 140'000;
  }
  std::string page(const std::string& target, int code = 200) {
    const auto answer = get(at, target);
    CHECK(answer.code == code);
    return answer.body;
  }

  FakeBackend backend;
  WebServer server{"127.0.0.1:0", backend};
  std::string at = server.address();
};

bool shows(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_METHOD(Rules, "rules are listed with what they did, the busiest first") {
  const auto all = page("/rules");
  CHECK(all.find("own.panic") < all.find("own.calm"));
  CHECK(shows(all, "own.yaml:7"));
  CHECK(shows(all, "calm &lt;b&gt;"));
  CHECK(shows(all, "2m00s ago"));
  CHECK(shows(all, "2 rules in force, 1000 lines scanned, 140 ns each."));
}

TEST_CASE_METHOD(Rules, "rules are chosen by id, words, kind and platform") {
  for (const char* target : {"/rules?rule=own.calm", "/rules?q=calm", "/rules?platform=junos"}) {
    const auto some = page(target);
    CHECK(shows(some, "own.calm"));
    CHECK_FALSE(shows(some, "own.panic"));
  }
  CHECK_FALSE(shows(page("/rules?kind=oom"), "own."));
  page("/rules?nonsense=1", 400);
  page("/rules?line=" + std::string(5000, 'x'), 400);
}

TEST_CASE("an explanation says which rules match, what they captured and why not the others") {
  Html html;
  explanation_view(
      html,
      R"({"lines":[{"line":1,"text":"panic: <x>","hits":[{"rule":"own.panic","kind":"panic",
          "severity":"critical","title":"Panic","captures":{"what":"<x>"},"why":"opened incident 1"}],
          "withheld":[{"rule":"own.other","platforms":["junos"],"unless":""}]}],
          "incidents":[],"boots":[],"platform":""})");
  const auto text = html.take();
  CHECK(shows(text, "panic: &lt;x&gt;"));
  CHECK(shows(text, "href=\"/rules?rule=own.panic\""));
  CHECK(shows(text, "opened incident 1"));
  CHECK(shows(text, "<code>&lt;x&gt;</code>"));
  CHECK(shows(text, "matches, but not on this platform"));
  Html none;
  explanation_view(none, R"({"lines":[{"line":1,"text":"calm","hits":[]}]})");
  CHECK(shows(none.take(), "No rule matches this line."));
}

}  // namespace lastgasp
