#include "exporters/web/boot_comparison.h"
#include "exporters/web/page.h"
#include "exporters/web/page_frame.h"
#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

BootComparison compared(const Call& call, TranscriptReader& store) {
  call.request.only({"older", "newer"});
  auto older = call.request.number("older", 2, INT32_MAX);
  auto newer = call.request.number("newer", 1, INT32_MAX);
  if (older < newer) std::swap(older, newer);  // counted back
  if (older == newer) throw HttpError(400, "older and newer are the same boot; choose two");
  try {
    return compare_boots(store, call.arguments[0], older, newer);
  } catch (const Error& e) {
    throw HttpError(404, e.what());
  }
}

void about(Html& html, Literal name, const ComparedBoot& compared) {
  const auto& found = compared.boot.found;
  fact(html, name.view(), [&] {
    html.element("a",
                 {{"href", transcript_path(found.console, found.boot.began,
                                           found.boot.began + std::chrono::minutes(30))}},
                 [&] { stamp(html, found.boot.began, Stamp::second); });
    html.element("div", {{"class", "quiet"}},
                 "boot " + std::to_string(found.number) +
                     (found.boot.reason.empty() ? "" : ", " + found.boot.reason) + ", " +
                     counted(compared.lines, "line"));
  });
}

void change(Html& html, const BootChange& change) {
  html.element("div", {{"class", change.added ? "line added" : "line missing"}}, [&] {
    html.element("span", {{"class", "when"}}, [&] { stamp(html, change.line.at, Stamp::clock); });
    html.element("span", {{"class", "sign"}}, [&] {
      html.element("span", {{"aria-hidden", "true"}}, change.added ? "+" : "\xe2\x88\x92");
      html.element("span", {{"class", "unseen"}}, change.added ? "new " : "missing ");
    });
    html.element("span", {{"class", "text"}}, change.line.text);
    if (change.count > 1)
      html.element("span", {{"class", "quiet"}}, " \xc3\x97" + std::to_string(change.count));
  });
}

}  // namespace

Response page_boots(const Call& call) {
  auto store = open_store(call.backend);
  const auto comparison = compared(call, store);
  const auto& name = call.arguments[0];
  const auto& diff = comparison.diff;
  const Frame frame{.title = "Two boots of " + name,
                    .section = Section::wall,
                    .view = "boots",
                    .now = call.now.wall};
  return framed(frame, [&](Html& html) {
    html.element("h1", {}, [&] {
      html.text("Two boots of ");
      html.element("a", {{"href", console_path(name)}}, name);
    });
    html.element("dl", {{"class", "fact-list"}}, [&] {
      about(html, "Older", comparison.older);
      about(html, "Newer", comparison.newer);
      fact(html, "Only in the newer", [&] { html.text(counted(diff.added, "line")); });
      fact(html, "Only in the older", [&] { html.text(counted(diff.missing, "line")); });
      fact(html, "In both", [&] { html.text(counted(diff.same, "line")); });
    });
    if (!comparison.older.complete || !comparison.newer.complete)
      notice(html, "A boot is longer than what is compared: only its beginning is.");
    if (diff.changes.empty())
      html.element("p", {{"class", "quiet"}}, "Both printed the same, but for times and numbers.");
    else
      html.element("div",
                   {{"class", "log diff"},
                    {"tabindex", "0"},
                    {"role", "region"},
                    {"aria-label", "Differences"}},
                   [&] {
                     for (const auto& one : diff.changes) change(html, one);
                   });
  });
}

}  // namespace lastgasp
