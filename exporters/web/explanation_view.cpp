#include "exporters/web/explanation_view.h"

#include <nlohmann/json.hpp>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

void captures(Html& html, const Json& hit) {
  for (const auto& [name, value] : hit.at("captures").items())
    html.element("p", {{"class", "capture"}}, [&] {
      html.element("span", {{"class", "quiet"}}, name + " ");
      html.element("code", {}, value.get<std::string>());
    });
}

void matched(Html& html, const Json& hit) {
  const auto rule = hit.at("rule").get<std::string>();
  html.element("li", {{"data-is", hit.at("severity").get<std::string>()}}, [&] {
    html.element("a", {{"class", "title"}, {"href", "/rules?rule=" + url_encoded(rule)}}, rule);
    html.element("p", {{"class", "facts"}}, [&] {
      html.element("span", {}, hit.at("kind").get<std::string>());
      if (const auto title = hit.at("title").get<std::string>(); !title.empty())
        html.element("span", {}, title);
      if (hit.contains("why")) html.element("strong", {}, hit.at("why").get<std::string>());
    });
    captures(html, hit);
  });
}

void withheld(Html& html, const Json& rule) {
  html.element("li", {}, [&] {
    html.element("span", {{"class", "title"}}, rule.at("rule").get<std::string>());
    html.element("p", {{"class", "facts"}}, [&] {
      const bool excluded = rule.contains("unless") && rule.at("unless").is_string() &&
                            !rule.at("unless").get<std::string>().empty();
      html.text(excluded ? "matches, but so does what excludes it: "
                         : "matches, but not on this platform");
      if (excluded) html.element("code", {}, rule.at("unless").get<std::string>());
    });
  });
}

}  // namespace

void explanation_view(Html& html, const std::string& explanation) {
  const auto json = Json::parse(explanation);
  html.element("section", {{"id", "explanation"}}, [&] {
    html.element("h2", {}, "What matches");
    for (const auto& line : json.at("lines")) {
      html.element("div", {{"class", "log"}}, [&] {
        html.element("div", {{"class", "line"}}, [&] {
          html.element("span", {{"class", "text"}}, line.at("text").get<std::string>());
        });
      });
      const auto none = line.contains("withheld") ? line.at("withheld") : Json::array();
      if (line.at("hits").empty() && none.empty())
        html.element("p", {{"class", "quiet"}}, "No rule matches this line.");
      html.element("ul", {{"class", "incidents"}}, [&] {
        for (const auto& hit : line.at("hits")) matched(html, hit);
        for (const auto& rule : none) withheld(html, rule);
      });
    }
  });
}

}  // namespace lastgasp
