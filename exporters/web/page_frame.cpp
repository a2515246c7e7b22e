#include "exporters/web/page_frame.h"

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

constexpr Literal kSheets[] = {"/static/base.css", "/static/wall.css", "/static/log.css",
                               "/static/views.css"};

void head(Html& html, const Frame& frame) {
  html.element("head", {}, [&] {
    html.empty("meta", {{"charset", "utf-8"}});
    html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    html.element("title", {}, frame.title + " - lastgasp");
    html.empty("link", {{"rel", "icon"}, {"href", "/static/favicon.svg"}});
    for (const auto& sheet : kSheets)
      html.empty("link", {{"rel", "stylesheet"}, {"href", std::string(sheet.view())}});
    html.element("script", {{"type", "module"}, {"src", "/static/page.js"}}, "");
    if (!frame.live) return;
    html.element("noscript", {}, [&] {
      html.empty("meta", {{"http-equiv", "refresh"}, {"content", "30"}});
    });
  });
}

void link_to(Html& html, Literal href, std::string_view text, bool current) {
  html.element("a", {{"href", std::string(href.view())}, {"aria-current", "page", current}}, text);
}

void banner(Html& html, const Frame& frame) {
  html.element("header", {{"class", "top"}}, [&] {
    html.element("a", {{"class", "brand"}, {"href", "/"}}, [&] {
      html.empty("img",
                 {{"src", "/static/favicon.svg"}, {"alt", ""}, {"width", "22"}, {"height", "22"}});
      html.element("span", {}, "lastgasp");
    });
    html.element("nav", {{"aria-label", "Pages"}}, [&] {
      link_to(html, "/", "Wall", frame.section == Section::wall);
      link_to(html, "/incidents", "Incidents", frame.section == Section::incidents);
      link_to(html, "/search", "Search", frame.section == Section::transcripts);
      link_to(html, "/rules", "Rules", frame.section == Section::rules);
    });
    html.element("p", {{"class", "clock"}}, [&] {
      stamp(html, frame.now, Stamp::second, "now");
      html.element("button", {{"id", "zone"}, {"type", "button"}, {"disabled", ""}}, "UTC");
      html.element("button",
                   {{"id", "keys"},
                    {"type", "button"},
                    {"aria-label", "Keyboard help"},
                    {"aria-keyshortcuts", "?"},
                    {"hidden", ""}},
                   "?");
    });
  });
}

}  // namespace

Response framed(const Frame& frame, const std::function<void(Html&)>& content) {
  Html html;
  html.doctype();
  html.element("html", {{"lang", "en"}}, [&] {
    head(html, frame);
    html.element(
        "body", {{"data-view", frame.view, !frame.view.empty()}, {"data-live", "", frame.live}},
        [&] {
          html.element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to content");
          banner(html, frame);
          html.element("p", {{"id", "stale"}, {"role", "status"}}, "");
          html.element("main", {{"id", "main"}, {"tabindex", "-1"}}, [&] { content(html); });
        });
  });
  return {.type = kHtml, .body = html.take()};
}

}  // namespace lastgasp
