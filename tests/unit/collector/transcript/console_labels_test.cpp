// Labels of consoles, as the store keeps them and as readers choose by them.
#include "collector/transcript/console_labels.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "collector/transcript/reader.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/writer.h"

namespace lastgasp {
namespace {

struct LabelStore {
  LabelStore() {
    std::string pattern = std::filesystem::temp_directory_path() / "lastgasp-labels-XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~LabelStore() { std::filesystem::remove_all(folder); }

  void fill() {
    TranscriptWriter writer(folder, {}, clock);
    const ConsoleLabels labels[] = {
        {{"site", "fra"}, {"rack", "a1"}}, {{"site", "fra2"}}, {{"rack", "a1"}}};
    for (std::size_t i = 0; i < 3; ++i) {
      const ConsoleId id = writer.console_id("c" + std::to_string(i), "tcp://x:1");
      writer.set_labels(id, labels[i]);
      const Record line{id, RecordKind::data, clock.now().wall, "hello\n"};
      IncidentRow incident;
      incident.id = static_cast<IncidentId>(i + 1);
      incident.console = id;
      incident.opened = clock.now().wall;
      BootRow boot;
      boot.console = id;
      boot.began = clock.now().wall;
      writer.append({&line, 1}, {&incident, 1}, {&boot, 1});
    }
    REQUIRE(writer.flush());
  }

  // Which consoles a search, the incidents and the boots give: all the same.
  std::string chosen(const std::vector<std::string>& texts) const {
    std::vector<LabelMatch> labels;
    for (const std::string& text : texts) labels.push_back(parse_label_match(text).value());
    TranscriptReader reader(folder);
    std::string found, incidents, boots;
    Query query;
    query.labels = labels;
    query.newest_first = false;
    reader.search(query, [&](const FoundLine& line) {
      found += line.console;
      return true;
    });
    for (const IncidentRow& row : reader.incidents({.labels = labels}))
      incidents = "c" + std::to_string(row.id - 1) + incidents;
    BootQuery boot_query;
    boot_query.labels = labels;
    for (const FoundBoot& boot : reader.boots(boot_query)) boots += boot.console;
    CHECK(incidents == found);
    CHECK(boots == found);
    return found;
  }

  std::filesystem::path folder;
  ManualClock clock{Instant{WallTime{std::chrono::hours(500'000)}, MonoTime{}}};
};

}  // namespace

TEST_CASE("a label is matched by name and by a glob of its value") {
  CHECK(parse_label_match("site=fra=1")->name == "site");
  CHECK(parse_label_match("site=fra=1")->value == "fra=1");
  CHECK_FALSE(parse_label_match("site"));
  CHECK_FALSE(parse_label_match("=fra"));
  CHECK(matches({}, {}));
  CHECK_FALSE(matches({}, {{"site", "*"}}));
}

TEST_CASE_METHOD(LabelStore, "consoles are chosen by labels, all of which must hold") {
  fill();
  CHECK(chosen({}) == "c0c1c2");
  CHECK(chosen({"site=fra"}) == "c0");
  CHECK(chosen({"site=fra*"}) == "c0c1");
  CHECK(chosen({"site=*", "rack=a1"}) == "c0");
  CHECK(chosen({"rack=a1"}) == "c0c2");
  CHECK(chosen({"site=ber"}).empty());
}

TEST_CASE_METHOD(LabelStore, "new labels take the place of the old") {
  fill();
  {
    TranscriptWriter writer(folder, {}, clock);
    writer.set_labels(writer.console_id("c0", "tcp://x:1"), {{"site", "ber"}});
  }
  CHECK(chosen({"site=ber"}) == "c0");
  CHECK(chosen({"rack=a1"}) == "c2");
}

TEST_CASE_METHOD(LabelStore, "a database of before has no labels") {
  fill();
  Database::create(hot_path(folder)).run("DROP TABLE console_label");
  CHECK(chosen({}) == "c0c1c2");
  CHECK(chosen({"site=*"}).empty());
}

}  // namespace lastgasp
