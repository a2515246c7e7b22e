#include "needles.h"

#include <algorithm>

namespace lastgasp::bench {
namespace {

constexpr std::size_t kInWordHits = 1700, kAddressHits = 9, kRegexHits = 60;

}  // namespace

const std::vector<NeedleQuery>& needle_queries() {
  static const std::vector<NeedleQuery> queries{
      {"rare literal", "scrubber lost bank 41", false, 1},
      {"11 digits of an address", "7c3e51b9d2a", false, 1},
      {"IP address", "203.0.113.177", false, kAddressHits},
      {"inside a word", "rchestrat", false, kInWordHits},
      {"regex with literals", "fan tray [0-9] (failed|stalled) at [0-9]+ rpm", true, kRegexHits},
      {"common term, newest 100", "changed state to", false, 0},
      {"nowhere", "no such thing was ever printed", false, 0},
  };
  return queries;
}

std::vector<Needle> make_needles(Random& random, std::size_t consoles, WallTime begin,
                                 Micros span) {
  std::vector<Needle> needles;
  const auto put = [&](WallTime at, const std::string& text) {
    needles.push_back({at, random.below(consoles), "\r\n" + text + "\r\n"});
  };
  const auto somewhere = [&] {
    return begin + Micros(span.count() / 100000 * random.below(100000));
  };
  put(begin + span / 2, "ECC: scrubber lost bank 41, data may be gone");
  put(begin + span / 2 + std::chrono::hours(1),
      "fault at 0xffff87c3e51b9d2a40, lr 0xffff888123456780");
  for (std::size_t i = 0; i < kAddressHits; ++i) {
    put(somewhere(), "peer 203.0.113.177: hold timer expired, session " + std::to_string(i));
  }
  for (std::size_t i = 0; i < kInWordHits; ++i) {
    put(somewhere(), "fabricOrchestratord[" + std::to_string(300 + random.below(30000)) +
                         "]: lost its quorum, epoch " + std::to_string(random.below(100000)));
  }
  for (std::size_t i = 0; i < kRegexHits; ++i) {
    put(somewhere(), "envd: fan tray " + std::to_string(random.below(8)) +
                         (random.below(2) ? " failed at " : " stalled at ") +
                         std::to_string(random.below(9000)) + " rpm");
  }
  std::sort(needles.begin(), needles.end(),
            [](const Needle& a, const Needle& b) { return a.at < b.at; });
  return needles;
}

}  // namespace lastgasp::bench
