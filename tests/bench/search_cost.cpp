// What one search costs a collector that runs, by itself: CPU of the searching thread, the least of
// several runs with the files in the page cache and, as in the collector, open from the last
// search.
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "collector/core/clock.h"
#include "collector/transcript/reader.h"

namespace {

using namespace lastgasp;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What a search costs, without the start of a program");
  std::string folder, until, console;
  Query query;
  std::size_t runs = 5;
  app.add_option("folder", folder)->required();
  app.add_option("text", query.text)->required();
  app.add_flag("-e,--regex", query.regex);
  app.add_flag("-i,--ignore-case", query.ignore_case);
  app.add_option("-n,--limit", query.limit);
  app.add_option("--console", console);
  app.add_option("--until", until);
  app.add_option("--runs", runs)->check(CLI::Range(std::size_t{1}, std::size_t{1000}));
  CLI11_PARSE(app, argc, argv);
  try {
    if (!console.empty()) query.consoles = {console};
    if (!until.empty()) query.range.to = parse_time(until, SystemClock().now().wall).value();
    std::vector<double> taken;
    SearchEnd end;
    OpenFiles files(folder);
    for (std::size_t run = 0; run <= runs; ++run) {
      const double begun = cpu_seconds();
      TranscriptReader reader(files);
      end = reader.search(query, [](const FoundLine&) { return true; });
      if (run > 0) taken.push_back(cpu_seconds() - begun);
    }
    std::cout << nlohmann::json{{"cpu_s", *std::min_element(taken.begin(), taken.end())},
                                {"hits", end.hits},
                                {"searched_bytes", end.searched_bytes}}
              << "\n";
  } catch (const std::exception& error) {
    std::cerr << "search_cost: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
