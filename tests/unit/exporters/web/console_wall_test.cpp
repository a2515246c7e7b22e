#include "exporters/web/console_wall.h"

#include <catch2/catch.hpp>

namespace lastgasp {
namespace {

ConsoleView console(const std::string& name, Condition condition, const std::string& site) {
  ConsoleView view;
  view.name = name;
  view.condition = condition;
  if (!site.empty()) view.labels = {{"rack", "r" + name}, {"site", site}};
  return view;
}

std::string shown(const std::vector<WallGroup>& groups) {
  std::string text;
  for (const auto& group : groups) {
    text += (text.empty() ? "" : " ") + group.name + ':';
    for (const auto* one : group.consoles) text += one->name + ',';
  }
  return text;
}

const std::vector<ConsoleView> kConsoles{
    console("a10", Condition::up, "ams"),     console("a9", Condition::up, "ams"),
    console("b1", Condition::up, "ber"),      console("b2", Condition::silent, "ber"),
    console("f1", Condition::looping, "fra"), console("f2", Condition::booting, "fra"),
    console("x", Condition::connecting, "")};

}  // namespace

TEST_CASE("groups with the worst console come first, in them the worst console") {
  CHECK(shown(wall_groups(kConsoles, "site", "")) == "fra:f1,f2, ber:b2,b1, :x, ams:a9,a10,");
  CHECK(shown(wall_groups(kConsoles, "", "")) == ":f1,b2,f2,x,a9,a10,b1,");
}

TEST_CASE("a group counts what is wrong in it") {
  const auto groups = wall_groups(kConsoles, "site", "");
  CHECK(groups[0].troubles == std::map<Condition, std::size_t>{{Condition::looping, 1}});
  CHECK(groups[3].troubles.empty());
}

TEST_CASE("a filter wants all its words, in whatever is known of a console") {
  CHECK(shown(wall_groups(kConsoles, "site", "SITE=ber silent")) == "ber:b2,");
  CHECK(wall_groups(kConsoles, "site", "ber looping").empty());
}

TEST_CASE("the label that groups best has values that consoles share") {
  const auto labels = wall_labels(kConsoles);
  CHECK(labels.names == std::vector<std::string>{"rack", "site"});
  CHECK(labels.best == "site");
  CHECK(wall_labels({}).best.empty());
}

}  // namespace lastgasp
