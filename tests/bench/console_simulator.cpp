// Many consoles of routers on loopback, for a whole collector and its peers to be measured on. Once
// every one has its reader they print numbered lines, so that what is lost can be counted
// afterwards. What happens is told on stdout, one JSON object a line: listening, connected,
// feeding, crashed, left, over. With --commands it does what stdin says, one a line: `crash N`,
// `noise N`, `hang_up N`, `flood N`, `calm N`, `end`.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <asio.hpp>
#include <chrono>
#include <iostream>
#include <istream>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "simulated_console.h"

namespace {

using namespace simulated;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto kTurn = std::chrono::milliseconds(1);
constexpr Seconds kLongestDrain(20);

struct Options {
  unsigned consoles = 100, flood = 0;
  bool telnet = false, storm = false, commands = false;
  double lines_a_second = 5000, seconds = 10, wait = 30, settle = 1, linger = 0;
  std::uint64_t bytes = kNoEnd;
};

void tell(const nlohmann::json& event) { std::cout << event << std::endl; }

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Simulator {
 public:
  explicit Simulator(const Options& options)
      : options_(options), printer_(options.telnet), timer_(context_), stdin_(context_) {
    tally_.most_bytes = options.bytes;
    for (unsigned i = 0; i < options.consoles; ++i) {
      consoles_.push_back(std::make_unique<Console>(context_, options.telnet, i, printer_, tally_,
                                                    console_events_));
    }
  }

  void run() {
    nlohmann::json ports;
    for (const auto& console : consoles_) ports.push_back(console->port());
    begun_ = Clock::now();
    tell({{"event", "listening"}, {"ports", ports}});
    wait_for_readers();
    if (options_.commands) {
      stdin_.assign(dup(STDIN_FILENO));
      read_command();
    }
    context_.run();
  }

 private:
  // The next step after so long; there is one timer, and one step at a time.
  void after(Seconds wait, void (Simulator::*step)()) {
    timer_.expires_after(std::chrono::duration_cast<Clock::duration>(wait));
    timer_.async_wait([this, step](const asio::error_code& error) {
      if (!error) (this->*step)();
    });
  }

  // So many, the first of them, print as fast as they are read.
  std::size_t floods() const { return options_.storm ? consoles_.size() : options_.flood; }
  Seconds passed() const { return Clock::now() - begun_; }

  void wait_for_readers() {
    if (tally_.connected < options_.consoles && passed().count() < options_.wait)
      return after(kTurn, &Simulator::wait_for_readers);
    tell({{"event", "connected"},
          {"connected", tally_.connected},
          {"connect_seconds", passed().count()}});
    after(Seconds(options_.settle), &Simulator::begin_feeding);
  }

  void begin_feeding() {
    tell({{"event", "feeding"}, {"unix_seconds", unix_seconds()}});
    begun_ = Clock::now();
    for (std::size_t i = 0; i < floods(); ++i) consoles_[i]->owe(kNoEnd);
    next_ = floods();
    feed();
  }

  // Gives the lines that are due to one console after the other; those that flood need none.
  void feed() {
    const double now = passed().count();
    printer_.set_time(Seconds(now));
    if (floods() < consoles_.size()) {
      const auto due =
          static_cast<std::uint64_t>(std::min(now, options_.seconds) * options_.lines_a_second);
      for (; given_ < due; ++given_, ++next_) {
        if (next_ >= consoles_.size()) next_ = floods();
        consoles_[next_]->owe(1);
      }
    }
    const bool all_bytes = tally_.bytes >= options_.bytes;
    if (now < options_.seconds && !all_bytes && !told_to_end_)
      return after(kTurn, &Simulator::feed);
    for (const auto& console : consoles_)
      if (console->floods()) console->print_no_more();
    fed_ = passed();
    drain();
  }

  void drain() {
    const bool idle = std::all_of(consoles_.begin(), consoles_.end(),
                                  [](const auto& console) { return console->idle(); });
    if (!idle && passed() - fed_ < kLongestDrain) return after(kTurn, &Simulator::drain);
    tell(report(idle));
    after(Seconds(options_.linger), &Simulator::end);
  }

  void end() { context_.stop(); }

  void read_command() {
    asio::async_read_until(stdin_, input_, '\n',
                           [this](const asio::error_code& error, std::size_t) {
                             if (error) return;
                             std::string line;
                             std::istream in(&input_);
                             std::getline(in, line);
                             obey(line);
                             read_command();
                           });
  }

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::size_t number = 0;
    words >> command >> number;
    if (command == "end") {
      told_to_end_ = true;
      return;
    }
    Console& console = *consoles_.at(number);
    if (command == "crash") return console.crash();
    if (command == "noise") return console.make_noise(++noises_);
    if (command == "hang_up") return console.hang_up();
    if (command == "flood") return console.owe(kNoEnd);
    if (command == "calm") return console.print_no_more();
    throw std::runtime_error("no such command: " + line);
  }

  nlohmann::json report(bool all_taken) const {
    std::uint64_t lines = 0;
    nlohmann::json last, bytes, hang_ups;
    for (const auto& console : consoles_) {
      lines += console->last_sequence();
      last.push_back(console->last_sequence());
      bytes.push_back(console->bytes());
      hang_ups.push_back(console->hang_ups());
    }
    return {{"event", "over"},
            {"connected", tally_.connected},
            {"disconnects", tally_.disconnects},
            {"all_taken", all_taken},
            {"seconds", passed().count()},
            {"lines", lines},
            {"bytes", tally_.bytes},
            {"last_sequence", last},
            {"bytes_of_each", bytes},
            {"hang_ups", hang_ups}};
  }

  const Options options_;
  LinePrinter printer_;
  Tally tally_;
  const Console::Events console_events_{.crashed =
                                            [](const Console& console) {
                                              tell({{"event", "crashed"},
                                                    {"console", console.number()},
                                                    {"unix_seconds", unix_seconds()}});
                                            },
                                        .left =
                                            [](const Console& console) {
                                              tell({{"event", "left"},
                                                    {"console", console.number()},
                                                    {"sequence", console.last_sequence()}});
                                            }};
  asio::io_context context_{1};
  asio::steady_timer timer_;
  asio::posix::stream_descriptor stdin_;
  asio::streambuf input_;
  std::vector<std::unique_ptr<Console>> consoles_;
  Clock::time_point begun_;
  Seconds fed_{0};
  std::uint64_t given_ = 0, noises_ = 0;
  std::size_t next_ = 0;
  bool told_to_end_ = false;
};

void raise_open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Consoles on loopback that print numbered lines once each has its reader");
  Options options;
  app.add_option("--consoles", options.consoles)->check(CLI::Range(1u, 9999u));
  app.add_flag("--telnet", options.telnet, "each speaks telnet; they print line noise as well");
  app.add_option("--lines-a-second", options.lines_a_second, "of all that do not flood, together");
  app.add_option("--seconds", options.seconds, "they print for so long");
  auto* flood = app.add_option("--flood", options.flood, "so many print as fast as they are read");
  app.add_flag("--storm", options.storm, "all print as fast as they are read")->excludes(flood);
  app.add_option("--bytes", options.bytes, "no more than about so many, as 300M")
      ->transform(CLI::AsSizeValue(true));
  app.add_option("--wait", options.wait, "seconds for the readers to come");
  app.add_option("--settle", options.settle, "seconds between the last reader and the first line");
  app.add_option("--linger", options.linger, "seconds that the consoles stay when all is printed");
  app.add_flag("--commands", options.commands, "stdin says what else happens");
  CLI11_PARSE(app, argc, argv);
  try {
    if (options.flood > options.consoles) throw std::runtime_error("more flood than there are");
    raise_open_files();
    Simulator(options).run();
  } catch (const std::exception& error) {
    std::cerr << "console_simulator: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
