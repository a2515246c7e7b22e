#include "collector/app/active_rules.h"

#include "collector/core/error.h"
#include "daemon_lab.h"

using namespace lastgasp;

namespace {

constexpr const char* kPack =
    "pack: ours\nrules:\n  - {id: ours.boom, kind: crash, match: BOOM, title: Boom, "
    "samples: [BOOM]}\n";

struct Scene {
  Folder folder;
  Config config = default_config();
  ActiveRules rules{2};

  Scene() {
    config.rule_folder = config.redaction_folder = folder.path();
    config.redaction_folder /= "redaction";
    std::filesystem::create_directory(config.redaction_folder);
    folder.write("ours.yaml", kPack);
  }
  std::size_t count() const { return rules.rules().rules().size(); }
};

}  // namespace

TEST_CASE("each shard has a copy of the rules, and they stay while nothing changes") {
  Scene s;
  REQUIRE(s.rules.load(s.config));
  const auto first = s.rules.copy(0), second = s.rules.copy(1);
  CHECK(first != second);
  CHECK(first->rules().size() == second->rules().size());
  s.config.consoles.push_back(console_at("tcp://127.0.0.1:1"));
  CHECK_FALSE(s.rules.load(s.config));
  CHECK(s.rules.copy(0) == first);
}

TEST_CASE("rules are compiled again when anything they are made of changes") {
  Scene s;
  s.rules.load(s.config);
  const std::size_t all = s.count();
  const auto redaction = s.rules.redaction();
  SECTION("a pack's text") {
    s.folder.write("ours.yaml", "pack: ours\nrules: []\n");
    CHECK(s.rules.load(s.config));
    CHECK(s.count() == all - 1);
  }
  SECTION("a pack that goes") {
    std::filesystem::remove(s.folder.path() / "ours.yaml");
    CHECK(s.rules.load(s.config));
    CHECK(s.count() == all - 1);
  }
  SECTION("what is switched off") {
    s.config.disabled_rules = {"ours.boom"};
    CHECK(s.rules.load(s.config));
    CHECK(s.count() == all - 1);
  }
  SECTION("redaction that is switched off") {
    s.config.disabled_redactions = {"cisco.secret"};
    CHECK(s.rules.load(s.config));
    CHECK(s.rules.redaction() != redaction);
  }
  CHECK_FALSE(s.rules.load(s.config));
}

TEST_CASE("what is wrong leaves the rules as they were, and is wrong again the next time") {
  Scene s;
  s.rules.load(s.config);
  const auto before = s.rules.copy(0);
  const auto redaction = s.rules.redaction();
  SECTION("a pack") { s.folder.write("ours.yaml", "pack: ours\nruels: []\n"); }
  SECTION("a redaction pack") { s.folder.write("redaction/ours.yaml", "pack: ours\nruels: []\n"); }
  for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(s.rules.load(s.config), Error);
  CHECK(s.rules.copy(0) == before);
  CHECK(s.rules.redaction() == redaction);
}
