// Fills a folder with the transcripts of many consoles and days, through the writer of the daemon,
// and says what that cost. With --plain the same bytes go into files as a console logger keeps
// them.
#include <sys/resource.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "collector/transcript/retention.h"
#include "collector/transcript/writer.h"
#include "console_traffic.h"
#include "needles.h"
#include "plain_log.h"

namespace {

using namespace lastgasp;
using namespace lastgasp::bench;

// As the daemon seals by itself; what was printed last stays in the journal, as it does there.
constexpr Micros kSealEvery = std::chrono::minutes(15);
const WallTime kBegin{std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};

// Stands where the traffic is.
class TrafficClock final : public Clock {
 public:
  Instant now() const override {
    const Micros since(micros_.load());
    return {kBegin + since, MonoTime(since)};
  }
  void set(WallTime at) { micros_ = (at - kBegin).count(); }

 private:
  std::atomic<std::int64_t> micros_{0};
};

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Options {
  std::string folder, plain, platforms = LASTGASP_TRAFFIC;
  std::uint64_t bytes = 2'000'000'000, seed = 1;
  unsigned consoles = 1000, days = 30;
  std::uint64_t seal_bytes = 512 << 10;
};

// CPU so far of the thread called `name`, as the kernel counts it.
double seconds_of_thread(const std::string& name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string comm;
    std::ifstream(task.path() / "comm") >> comm;
    double nanoseconds = 0;
    if (comm == name && std::ifstream(task.path() / "schedstat") >> nanoseconds)
      return nanoseconds * 1e-9;
  }
  throw std::runtime_error("no thread is called " + name);
}

class Filling {
 public:
  explicit Filling(const Options& options)
      : options_(options),
        traffic_({options.platforms, options.seed, options.consoles, options.bytes, kBegin,
                  std::chrono::hours(24) * options.days}) {
    Random random(options.seed + 1);
    needles_ =
        make_needles(random, options.consoles, kBegin, std::chrono::hours(24) * options.days);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < traffic_.consoles(); ++i) names.push_back(traffic_.name(i));
    if (!options.plain.empty()) plain_.emplace(options.plain, names);
    if (options.folder.empty()) return;
    StorageLimits limits;
    limits.keep = std::chrono::hours(24) * (options.days + 2);
    writer_ = std::make_unique<TranscriptWriter>(options.folder, limits, clock_);
    for (const std::string& name : names) ids_.push_back(writer_->console_id(name, ""));
  }

  nlohmann::json run() {
    const double began = seconds_of(CLOCK_MONOTONIC);
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const double mine = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    auto needle = needles_.begin();
    while (const auto read = traffic_.next()) {
      for (; needle != needles_.end() && needle->at <= read->at; ++needle) {
        put({needle->console, read->at, needle->line});
      }
      put(*read);
    }
    if (writer_) {
      writer_->flush();
      commit_ = seconds_of_thread("commit");
      seal_ = seconds_of_thread("seal");
      writer_.reset();
    }
    plain_.reset();
    const double own = seconds_of(CLOCK_THREAD_CPUTIME_ID) - mine;
    return report(seconds_of(CLOCK_MONOTONIC) - began,
                  seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu - own, own);
  }

 private:
  void put(const ConsoleRead& read) {
    bytes_ += read.bytes.size();
    lines_ += static_cast<std::uint64_t>(std::count(read.bytes.begin(), read.bytes.end(), '\n'));
    if (plain_) plain_->append(read.console, read.at, read.bytes);
    if (!writer_) return;
    clock_.set(read.at);
    const Record record{ids_[read.console], RecordKind::data, read.at, read.bytes};
    while (writer_->append({&record, 1}) > 0) writer_->flush();
    unsealed_ += read.bytes.size();
    if (unsealed_ < options_.seal_bytes && read.at - sealed_ < kSealEvery) return;
    seal();
    sealed_ = read.at;
  }

  void seal() {
    if (!writer_->flush() || !writer_->seal()) throw std::runtime_error("the disk refuses");

    unsealed_ = 0;
  }

  nlohmann::json report(double seconds, double cpu, double own) const {
    const double millions = static_cast<double>(lines_) / 1e6;
    nlohmann::json out{{"raw_bytes", bytes_}, {"lines", lines_}, {"seconds", seconds}};
    out["generator_cpu_s"] = own;
    out["generator_mb_a_cpu_s"] = static_cast<double>(bytes_) / 1e6 / own;
    if (!options_.folder.empty()) {
      const std::uint64_t stored = bytes_of_days(options_.folder);
      out["stored_bytes"] = stored;
      out["stored_per_raw_byte"] = static_cast<double>(stored) / static_cast<double>(bytes_);
      out["writer_cpu_s"] = cpu;
      out["writer_cpu_s_a_million_lines"] = cpu / millions;
      // The second is sealing with its index, and packing the days that are over.
      out["journal_cpu_s_per_100_mb"] = commit_ / (static_cast<double>(bytes_) / 1e8);
      out["sealing_cpu_s_a_million_lines"] = seal_ / millions;

      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      out["max_rss_mb"] = usage.ru_maxrss / 1024;
    }
    for (const NeedleQuery& query : needle_queries()) {
      out["needles"].push_back({{"name", query.name},
                                {"text", query.text},
                                {"regex", query.regex},
                                {"hits", query.hits}});
    }
    out["rare_literal_at"] = format_utc(kBegin + std::chrono::hours(12) * options_.days);
    out["begin"] = format_utc(kBegin);
    out["busiest_console"] = traffic_.name(0);
    return out;
  }

  const Options options_;
  TrafficClock clock_;
  ConsoleTraffic traffic_;
  std::vector<Needle> needles_;
  std::optional<PlainLog> plain_;
  std::unique_ptr<TranscriptWriter> writer_;
  std::vector<ConsoleId> ids_;
  std::uint64_t bytes_ = 0, lines_ = 0, unsealed_ = 0;
  double commit_ = 0, seal_ = 0;

  WallTime sealed_ = kBegin;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fills a folder with transcripts as many consoles print them");
  Options options;
  app.add_option("folder", options.folder, "where the transcripts go; none: generate only");
  app.add_option("--bytes", options.bytes, "about so many, as 2G")
      ->transform(CLI::AsSizeValue(true));
  app.add_option("--consoles", options.consoles)->check(CLI::Range(1u, 1000000u));
  app.add_option("--days", options.days)->check(CLI::Range(1u, 3650u));
  app.add_option("--seed", options.seed);
  app.add_option("--plain", options.plain, "also plain files, one for each console and day");
  app.add_option("--seal-bytes", options.seal_bytes, "sealed at once: under load it is 8M")
      ->transform(CLI::AsSizeValue(true));

  CLI11_PARSE(app, argc, argv);
  try {
    std::cout << Filling(options).run().dump(2) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "fill_transcripts: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
