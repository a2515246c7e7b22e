#include "exporters/web/histogram.h"

#include <algorithm>
#include <array>

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Micros, 15> kWidths{
    seconds(1),  seconds(5),    seconds(15),    minutes(1),     minutes(5),
    minutes(15), hours(1),      hours(3),       hours(6),       hours(12),
    hours(24),   hours(24 * 7), hours(24 * 30), hours(24 * 90), hours(24 * 365)};
constexpr std::size_t kHeight = 56, kBar = 8;  // in units of the viewBox
constexpr std::size_t kFewest = 60;            // bars: fewer would be planks

std::string number(std::size_t n) { return std::to_string(n); }

void bar(Html& html, const LineCounts::Bucket& bucket, Micros width, std::size_t place,
         std::size_t height, const std::string& path) {
  const auto says = readable(bucket.from) + " UTC, " + format_duration(width) + ": " +
                    counted(bucket.count, "hit");
  html.element("a", {{"href", path}, {"aria-label", says}}, [&] {
    html.element("title", {}, says);
    html.element("rect",
                 {{"class", "reach"},
                  {"x", number(place * kBar)},
                  {"y", "0"},
                  {"width", number(kBar)},
                  {"height", number(kHeight)}},
                 "");
    html.element("rect",
                 {{"class", "bar"},
                  {"x", number(place * kBar + 1)},
                  {"y", number(kHeight - height)},
                  {"width", number(kBar - 1)},
                  {"height", number(height)}},
                 "");
  });
}

}  // namespace

std::optional<Histogram> histogram_of(const std::vector<LineCounts::Bucket>& by_second,
                                      std::size_t most) {
  if (by_second.empty()) return std::nullopt;
  const auto span = by_second.back().from - by_second.front().from;
  const auto fits = [&](Micros width) { return span / width + 2 <= static_cast<long>(most); };
  const auto* const found = std::find_if(kWidths.begin(), kWidths.end(), fits);
  Histogram histogram{.width = found == kWidths.end() ? kWidths.back() : *found};
  LineCounts counts(histogram.width);
  for (const auto& bucket : by_second) counts.add(bucket.from, bucket.count);
  histogram.bars = counts.buckets();
  if (histogram.bars.size() < 2) return std::nullopt;
  while (histogram.bars.size() < kFewest) {
    histogram.bars.insert(histogram.bars.begin(), {histogram.bars.front().from - histogram.width});
    histogram.bars.push_back({histogram.bars.back().from + histogram.width});
  }
  return histogram;
}

void draw(Html& html, const Histogram& histogram,
          const std::function<std::string(WallTime, WallTime)>& path_of) {
  std::uint64_t most = 1;
  for (const auto& bucket : histogram.bars) most = std::max(most, bucket.count);
  html.element("figure", {{"class", "histogram"}}, [&] {
    html.element(
        "svg",
        {{"viewBox", "0 0 " + number(histogram.bars.size() * kBar) + " " + number(kHeight)},
         {"preserveAspectRatio", "none"},
         {"role", "group"},
         {"aria-label", "Hits over time"}},
        [&] {
          for (std::size_t i = 0; i < histogram.bars.size(); ++i) {
            const auto& bucket = histogram.bars[i];
            if (bucket.count == 0) continue;
            const auto height = std::max<std::size_t>(3, bucket.count * kHeight / most);
            bar(html, bucket, histogram.width, i, height,
                path_of(bucket.from, bucket.from + histogram.width));
          }
        });
    html.element("figcaption", {}, [&] {
      stamp(html, histogram.bars.front().from, Stamp::second);
      html.element(
          "span", {},
          "a bar is " + format_duration(histogram.width) + ", the highest " + counted(most, "hit"));
      stamp(html, histogram.bars.back().from + histogram.width, Stamp::second);
    });
  });
}

}  // namespace lastgasp
