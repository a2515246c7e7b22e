#include "exporters/web/search_form.h"

#include <algorithm>

#include "exporters/web/page_form.h"

namespace lastgasp {
namespace {

constexpr std::string_view kFurther[] = {"and",  "label",  "platform", "incident",
                                         "boot", "before", "after",    "limit"};

// What the same line must hold as well: those given, and room for one more.
void also(Html& html, const Request& request) {
  auto values = request.all("and");
  values.emplace_back();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto id = "and" + std::to_string(i);
    html.element("p", {{"class", "field"}}, [&] {
      html.element("label", {{"for", id}}, "And also");
      html.empty("input", {{"id", id},
                           {"name", "and"},
                           {"value", values[i]},
                           {"placeholder", "in the same line"},
                           {"autocomplete", "off"},
                           {"spellcheck", "false"}});
    });
  }
}

void further(Html& html, const Request& request) {
  const bool used = std::any_of(std::begin(kFurther), std::end(kFurther),
                                [&](std::string_view name) { return !request.text(name).empty(); });
  html.element("details", {{"class", "further"}, {"open", "", used}}, [&] {
    html.element("summary", {}, "More filters");
    html.element("div", {{"class", "fields"}}, [&] {
      also(html, request);
      field(html, request, "label", "Label", "site=fra*");
      field(html, request, "platform", "Platform", "linux, junos, ios");
      field(html, request, "incident", "Incident", "its number");
      field(html, request, "boot", "Boot", "1 is the last, of one console");
      field(html, request, "before", "Lines before", "0 to 100");
      field(html, request, "after", "Lines after", "0 to 100");
      field(html, request, "limit", "At most", "200 hits");
    });
  });
}

void query(Html& html, const Request& request) {
  html.element("p", {{"class", "query"}}, [&] {
    html.element("label", {{"for", "q"}}, "Text");
    html.empty("input", {{"id", "q"},
                         {"name", "q"},
                         {"type", "search"},
                         {"value", std::string(request.text("q"))},
                         {"autocomplete", "off"},
                         {"autocapitalize", "off"},
                         {"spellcheck", "false"},
                         {"aria-keyshortcuts", "/"},
                         {"placeholder", "panic, or empty for every line"}});
    html.element("button", {}, "Search");
  });
  html.element("p", {{"class", "checks"}}, [&] {
    check(html, request, "ignore_case", "Ignore case");
    check(html, request, "regex", "Regular expression (RE2)");
  });
}

}  // namespace

void search_form(Html& html, const Request& request) {
  html.element("form", {{"class", "search"}, {"action", "/search"}, {"role", "search"}}, [&] {
    query(html, request);
    html.element("div", {{"class", "fields"}}, [&] {
      field(html, request, "console", "Console", "all, or a glob: ber-*");
      field(html, request, "since", "Since (UTC)", "2h, yesterday, 2026-11-22 14:00");
      field(html, request, "until", "Until (UTC)", "now");
      choice(html, "context", "Context", [&] {
        for (const auto& [value, text] : {std::pair("0", "none"), std::pair("3", "3 lines"),
                                          std::pair("10", "10 lines"), std::pair("50", "50 lines")})
          option(html, value, text, request.text("context"));
      });
      choice(html, "order", "Order", [&] {
        option(html, "newest", "newest first", request.text("order"));
        option(html, "oldest", "oldest first", request.text("order"));
      });
    });
    further(html, request);
  });
}

std::string search_path(const Request& request,
                        std::initializer_list<std::pair<std::string_view, std::string>> replaced) {
  std::string path = "/search?";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (path.back() != '?') path += '&';
    path += url_encoded(name) + '=' + url_encoded(value);
  };
  for (const auto& [name, value] : request.parameters) {
    const bool is_replaced = std::any_of(replaced.begin(), replaced.end(),
                                         [&](const auto& other) { return other.first == name; });
    if (!is_replaced && name != "cursor") add(name, value);
  }
  for (const auto& [name, value] : replaced) add(name, value);
  return path;
}

}  // namespace lastgasp
