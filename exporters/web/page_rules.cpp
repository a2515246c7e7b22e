#include <algorithm>

#include "exporters/web/explanation_view.h"
#include "exporters/web/page.h"
#include "exporters/web/page_form.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

struct Listed {
  const Rule* rule;
  RuleUse use;
  std::chrono::nanoseconds cost;
};

bool wanted(const Rule& rule, const Request& request) {
  const auto text = request.text("q"), only = request.text("rule");
  const auto platform = request.text("platform"), kind = request.text("kind");
  if (!only.empty() && rule.id != only) return false;
  if (!kind.empty() && name_of(rule.kind) != kind) return false;
  if (!platform.empty() && !applies(rule, platform)) return false;
  return text.empty() || rule.id.find(text) != rule.id.npos ||
         rule.match.find(text) != rule.match.npos;
}

// What matched most comes first.
std::vector<Listed> listed(const RulesView& view, const Request& request) {
  std::vector<Listed> rules;
  for (RuleIndex i = 0; i < view.rules->rules().size(); ++i) {
    const Rule& rule = view.rules->rules()[i];
    if (!wanted(rule, request)) continue;
    const auto use = view.totals.rules.find(rule.id);
    rules.push_back({&rule, use == view.totals.rules.end() ? RuleUse{} : use->second,
                     view.rules->cost_alone(i)});
  }
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Listed& a, const Listed& b) { return a.use.matches > b.use.matches; });
  return rules;
}

void explain_form(Html& html, const Request& request) {
  html.element("form", {{"class", "search"}, {"action", "/rules"}}, [&] {
    html.element("p", {{"class", "query"}}, [&] {
      html.element("label", {{"for", "line"}}, "A line");
      html.empty("input", {{"id", "line"},
                           {"name", "line"},
                           {"value", std::string(request.text("line"))},
                           {"autocomplete", "off"},
                           {"spellcheck", "false"},
                           {"placeholder", "paste what a console printed: which rules match?"}});
      html.element("button", {}, "Explain");
    });
    html.element("div", {{"class", "fields"}},
                 [&] { field(html, request, "platform", "Platform", "unknown"); });
  });
}

void filter_form(Html& html, const Request& request) {
  html.element("form", {{"class", "controls"}, {"action", "/rules"}, {"role", "search"}}, [&] {
    html.element("label", {{"for", "q"}}, "Rules with");
    html.empty("input", {{"id", "q"},
                         {"name", "q"},
                         {"type", "search"},
                         {"value", std::string(request.text("q"))},
                         {"autocomplete", "off"},
                         {"aria-keyshortcuts", "/"},
                         {"placeholder", "id or expression"}});
    choice(html, "kind", "Kind", [&] {
      option(html, "", "any", request.text("kind"));
      for (const auto kind : kKindNames) option(html, kind, kind, request.text("kind"));
    });
    html.element("button", {}, "Show");
  });
}

void head_row(Html& html) {
  html.element("thead", {}, [&] {
    html.element("tr", {}, [&] {
      for (const Literal name : {Literal("Rule"), Literal("Kind")})
        html.element("th", {{"scope", "col"}}, name.view());
      html.element("th", {{"scope", "col"}, {"class", "number"}}, "Hits");
      html.element("th", {{"scope", "col"}}, "Last hit");
      html.element("th", {{"scope", "col"}, {"class", "number"}}, "Cost alone");
      html.element("th", {{"scope", "col"}}, "Platforms");
      html.element("th", {{"scope", "col"}}, "From");
    });
  });
}

void rule_row(Html& html, const Listed& listed, WallTime now) {
  const Rule& rule = *listed.rule;
  html.element("tr", {}, [&] {
    html.element("th", {{"scope", "row"}}, [&] {
      html.element("details", {}, [&] {
        html.element("summary", {}, rule.id);
        html.element("code", {}, rule.match);
      });
    });
    html.element("td", {}, [&] {
      html.text(name_of(rule.kind));
      if (rule.experimental) {
        html.text(" ");
        badge(html, "experimental", "experimental");
      }
    });
    html.element("td", {{"class", "number"}}, std::to_string(listed.use.matches));
    html.element("td", {}, [&] { ago(html, listed.use.last, now); });
    html.element("td", {{"class", "number"}}, std::to_string(listed.cost.count()) + " ns");
    html.element("td", {}, [&] {
      if (rule.platforms.empty()) html.text("all");
      for (std::size_t i = 0; i < rule.platforms.size(); ++i)
        html.text((i > 0 ? ", " : "") + rule.platforms[i]);
    });
    html.element("td", {{"class", "quiet"}}, rule.file + ":" + std::to_string(rule.line));
  });
}

void refused(Html& html, const RulesView& view) {
  for (const auto& rule : view.rules->refused())
    notice(html, rule.id + " (" + rule.file + ":" + std::to_string(rule.line) +
                     ") is refused: " + rule.why);
}

std::string totals_of(const RulesView& view) {
  const auto& totals = view.totals;
  std::string text = counted(view.rules->rules().size(), "rule") + " in force, " +
                     counted(totals.lines, "line") + " scanned";
  if (totals.lines > 0)
    text += ", " + std::to_string(totals.scan_nanos / totals.lines) + " ns each";
  return text + ".";
}

}  // namespace

Response page_rules(const Call& call) {
  const auto& request = call.request;
  request.only({"q", "rule", "kind", "platform", "line"});
  const std::string line(request.text("line"));
  if (line.size() > kMostExplainedBytes)
    throw HttpError(400, "line: longer than " + std::to_string(kMostExplainedBytes) + " bytes");
  const auto view = call.backend.rules();
  const auto rules = listed(view, request);
  const Frame frame{
      .title = "Rules", .section = Section::rules, .view = "rules", .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, "Rules");
    explain_form(html, request);
    if (!line.empty())
      explanation_view(html, call.backend.explain(line, std::string(request.text("platform"))));
    refused(html, view);
    html.element("div", {{"class", "heading"}}, [&] {
      html.element("p", {{"class", "quiet"}}, totals_of(view));
      filter_form(html, request);
    });
    html.element(
        "div",
        {{"class", "scroll rules"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Rules"}},
        [&] {
          html.element("table", {}, [&] {
            head_row(html);
            html.element("tbody", {}, [&] {
              for (const auto& one : rules) rule_row(html, one, call.now.wall);
            });
          });
        });
  });
}

}  // namespace lastgasp
