// The transcript writer under a steady load, with searches at work beside it: how long commits
// take, how old the oldest byte is that is not yet on disk, how much memory the writer needs, and
// whether anything was refused.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "collector/transcript/reader.h"
#include "collector/transcript/writer.h"
#include "console_traffic.h"

namespace {

using namespace lastgasp;
using namespace lastgasp::bench;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string folder, platforms = LASTGASP_TRAFFIC;
  unsigned consoles = 1000, searches = 1;
  double megabytes_a_second = 30, seconds = 20;
  std::uint64_t text_bytes = 400'000'000;
};

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Made ahead, so that only storing it is measured; read over again when it ends.
struct Text {
  struct Read {
    std::size_t console = 0, offset = 0, length = 0;
  };
  std::string bytes;
  std::vector<Read> reads;
  std::vector<std::string> names;

  explicit Text(const Options& options) {
    ConsoleTraffic traffic({options.platforms, 1, options.consoles, options.text_bytes,
                            WallTime{std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)},
                            std::chrono::hours(24)});
    for (std::size_t i = 0; i < traffic.consoles(); ++i) names.push_back(traffic.name(i));
    bytes.reserve(options.text_bytes + options.text_bytes / 8);
    while (const auto read = traffic.next()) {
      reads.push_back({read->console, bytes.size(), read->bytes.size()});
      bytes.append(read->bytes);
    }
  }
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), text_(options) {}

  nlohmann::json run() {
    const std::uint64_t before = resident_bytes();
    TranscriptWriter writer(options_.folder, {}, clock_);
    std::vector<std::thread> others;
    others.emplace_back([&] { sample(writer.stats()); });
    for (unsigned i = 0; i < options_.searches; ++i) others.emplace_back([this] { search(); });
    feed(writer);
    over_ = true;
    for (std::thread& other : others) other.join();
    return report(writer.stats(), most_resident_ - std::min(before, most_resident_.load()));
  }

 private:
  void feed(TranscriptWriter& writer) {
    std::vector<ConsoleId> ids;
    for (const std::string& name : text_.names) ids.push_back(writer.console_id(name, ""));
    const auto begun = Clock::now();
    for (std::size_t next = 0;; next = (next + 1) % text_.reads.size()) {
      const std::chrono::duration<double> passed = Clock::now() - begun;
      if (passed.count() >= options_.seconds) break;
      const double ahead =
          static_cast<double>(fed_) / 1e6 / options_.megabytes_a_second - passed.count();
      if (ahead > 0.002) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
      const Text::Read& read = text_.reads[next];
      const Record record{ids[read.console], RecordKind::data, clock_.now().wall,
                          std::string_view(text_.bytes).substr(read.offset, read.length)};
      refused_ += writer.append({&record, 1});
      fed_ += read.length;
    }
    took_ = std::chrono::duration<double>(Clock::now() - begun).count();
  }

  void sample(const StorageStats& stats) {
    while (!over_) {
      const std::int64_t oldest = stats.oldest_unsynced_us;
      ages_.push_back(oldest == 0 ? 0 : unix_micros(clock_.now().wall) - oldest);
      most_resident_ = std::max(most_resident_.load(), resident_bytes());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  void search() {
    const std::vector<std::string> terms{"no such thing was ever printed", "changed state to",
                                         "10.1.", "BGP"};
    for (std::size_t n = 0; !over_; ++n) {
      try {
        Query query;
        query.text = terms[n % terms.size()];
        TranscriptReader(options_.folder).search(query, [](const FoundLine&) { return true; });
        ++searched_;
      } catch (const Error&) {  // nothing is stored yet
      }
    }
  }

  nlohmann::json report(const StorageStats& stats, std::uint64_t memory) {
    std::sort(ages_.begin(), ages_.end());
    const auto age = [&](double share) {
      const auto at = static_cast<std::size_t>(share * static_cast<double>(ages_.size() - 1));
      return static_cast<double>(ages_[at]) / 1e3;
    };
    std::uint64_t slow = 0, all = 0;
    for (std::size_t i = 0; i < stats.commit_durations.size(); ++i) {
      const std::uint64_t count = stats.commit_durations[i];
      all += count;
      const auto& bounds = StorageStats::kCommitBoundsSeconds;
      if (i >= bounds.size() || bounds[i] > 0.1) slow += count;
    }
    return {{"megabytes_a_second", static_cast<double>(fed_) / 1e6 / took_},
            {"refused_bytes", refused_},
            {"commits", all},
            {"commit_ms_mean", static_cast<double>(stats.commit_duration_sum_us) / 1e3 /
                                   static_cast<double>(std::max<std::uint64_t>(all, 1))},
            {"commits_over_100_ms", slow},
            {"unsynced_age_ms_p50", age(0.5)},
            {"unsynced_age_ms_p99", age(0.99)},
            {"unsynced_age_ms_max", age(1)},
            {"memory_mb", static_cast<double>(memory) / 1e6},
            {"searches", searched_.load()}};
  }

  const Options options_;
  const SystemClock clock_;
  const Text text_;
  std::uint64_t fed_ = 0, refused_ = 0;
  double took_ = 0;
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> searched_{0}, most_resident_{0};
  std::vector<std::int64_t> ages_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The transcript writer under a steady load, with searches beside it");
  Options options;
  app.add_option("folder", options.folder, "an empty one, for the transcripts")->required();
  app.add_option("--mb-a-second", options.megabytes_a_second);
  app.add_option("--seconds", options.seconds);
  app.add_option("--searches", options.searches, "threads that search all the time");
  app.add_option("--consoles", options.consoles)->check(CLI::Range(1u, 1000000u));
  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << Load(options).run().dump(2) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "write_load: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
