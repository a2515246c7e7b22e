#include "exporters/web/boot_list.h"

#include <algorithm>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr long kLineWidth = 1000, kLineHeight = 36;  // of the viewBox

bool finished(const BootRow& boot) { return boot.done != WallTime{}; }

std::string says(const FoundBoot& found) {
  const auto& boot = found.boot;
  return "Boot " + std::to_string(found.number) + ", " + readable(boot.began) + " UTC" +
         (boot.reason.empty() ? "" : ", " + boot.reason) +
         (finished(boot) ? ", took " + format_duration(boot.done - boot.began) : ", unfinished");
}

void time_line(Html& html, const std::vector<FoundBoot>& boots, WallTime now) {
  const auto from = boots.back().boot.began;
  const auto span = std::max<Micros>(now - from, std::chrono::seconds(1));
  const auto x = [&](WallTime at) {
    return std::clamp((at - from) * kLineWidth / span, 0L, kLineWidth);
  };
  html.element("figure", {{"class", "boot-line"}}, [&] {
    html.element(
        "svg",
        {{"viewBox", "0 0 " + std::to_string(kLineWidth) + " " + std::to_string(kLineHeight)},
         {"preserveAspectRatio", "none"},
         {"role", "img"},
         {"aria-label", counted(boots.size(), "boot") + " over time; the list below says more"}},
        [&] {
          html.element("rect",
                       {{"class", "life"},
                        {"x", "0"},
                        {"y", std::to_string(kLineHeight / 2 - 2)},
                        {"width", std::to_string(kLineWidth)},
                        {"height", "4"}},
                       "");
          for (const auto& found : boots) {
            const auto begin = x(found.boot.began);
            const auto end = finished(found.boot) ? x(found.boot.done) : begin;
            html.element("rect",
                         {{"class", "boot"},
                          {"data-is", found.boot.reason},
                          {"x", std::to_string(begin)},
                          {"y", "4"},
                          {"width", std::to_string(std::max(3L, end - begin))},
                          {"height", std::to_string(kLineHeight - 8)}},
                         [&] { html.element("title", {}, says(found)); });
          }
        });
    html.element("figcaption", {}, [&] {
      stamp(html, from, Stamp::second);
      html.element("span", {}, "now");
    });
  });
}

void pick(Html& html, Literal name, std::size_t number, bool chosen) {
  html.empty("input",
             {{"type", "radio"},
              {"name", std::string(name.view())},
              {"value", std::to_string(number)},
              {"aria-label", std::string(name.view()) + ": boot " + std::to_string(number)},
              {"checked", "", chosen}});
}

void row(Html& html, const FoundBoot& found, bool comparable) {
  const auto& boot = found.boot;
  html.element("tr", {}, [&] {
    if (comparable) {
      html.element("td", {}, [&] { pick(html, "older", found.number, found.number == 2); });
      html.element("td", {}, [&] { pick(html, "newer", found.number, found.number == 1); });
    }
    html.element("th", {{"scope", "row"}}, std::to_string(found.number));
    html.element("td", {}, [&] {
      html.element("a",
                   {{"href", transcript_path(found.console, boot.began,
                                             boot.began + std::chrono::minutes(30))}},
                   [&] { stamp(html, boot.began, Stamp::second); });
    });
    html.element("td", {{"class", "number"}},
                 finished(boot) ? format_duration(boot.done - boot.began) : "unfinished");
    html.element("td", {},
                 [&] { badge(html, "reason", boot.reason.empty() ? "unknown" : boot.reason); });
    html.element("td", {{"class", "evidence"}}, boot.evidence);
  });
}

}  // namespace

void boot_list(Html& html, const std::string& console, const std::vector<FoundBoot>& boots,
               WallTime now) {
  time_line(html, boots, now);
  const bool comparable = boots.size() > 1;
  html.element("form", {{"class", "boots"}, {"action", console_path(console) + "/boots"}}, [&] {
    html.element(
        "div",
        {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Boots"}}, [&] {
          html.element("table", {}, [&] {
            html.element("thead", {}, [&] {
              html.element("tr", {}, [&] {
                if (comparable) {
                  html.element("th", {{"scope", "col"}}, "Older");
                  html.element("th", {{"scope", "col"}}, "Newer");
                }
                html.element("th", {{"scope", "col"}}, "Boot");
                html.element("th", {{"scope", "col"}}, "Began");
                html.element("th", {{"scope", "col"}, {"class", "number"}}, "Took");
                html.element("th", {{"scope", "col"}}, "Why");
                html.element("th", {{"scope", "col"}}, "Evidence");
              });
            });
            html.element("tbody", {}, [&] {
              for (const auto& found : boots) row(html, found, comparable);
            });
          });
        });
    if (comparable) html.element("p", {}, [&] { html.element("button", {}, "Compare the two"); });
  });
}

}  // namespace lastgasp
