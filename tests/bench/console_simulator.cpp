// Many consoles of routers on loopback, for a whole collector and its peers to be measured on. Each
// is a TCP port, or one that speaks telnet; once every one has its reader they print numbered
// lines, so that what is lost can be counted afterwards. What happens is told on stdout, one JSON
// object a line: listening, connected, feeding, over.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <asio.hpp>
#include <chrono>
#include <cstring>
#include <iostream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto kTurn = std::chrono::milliseconds(1);
constexpr Seconds kLongestDrain(20);
constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

struct Options {
  unsigned consoles = 100, flood = 0;
  bool telnet = false, storm = false;
  double lines_a_second = 5000, seconds = 10, wait = 30, settle = 1, linger = 0;
  std::uint64_t bytes = kNoEnd;
};

// What ordinary consoles print, without its time. The last, line noise, only where telnet doubles
// it.
constexpr std::array<std::string_view, 12> kTexts = {
    "%LINK-3-UPDOWN: Interface Gi0/1, changed state to up",
    "%LINEPROTO-5-UPDOWN: Line protocol on Gi0/3 is up",
    "%SYS-5-CONFIG_I: Configured from console by vty0",
    "%BGP-5-ADJCHANGE: neighbor 10.1.4.9 Up",
    "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.7 FULL",
    "rpd[1423]: bgp_recv: read from peer 192.0.2.14",
    "mib2d[1388]: SNMP_TRAP_LINK_UP: ifIndex 531",
    "sshd[20417]: Connection closed by 198.51.100.23",
    "eth2: link becomes ready",
    "ntpd[811]: clock synchronized, stratum 2",
    "%ENVMON-6-FAN: fan tray 1 speed 4200 rpm",
    "line noise \xff on the wire",
};
constexpr std::size_t kMostLineBytes = 128;

// Makes the lines: a time, a text, the console's number and the line's own.
class LinePrinter {
 public:
  explicit LinePrinter(bool telnet) : telnet_(telnet) {}

  void set_time(Seconds since) {
    const auto ms = static_cast<std::uint64_t>(since.count() * 1e3);
    number(&time_[8], ms / 3'600'000 % 24, 2);
    number(&time_[11], ms / 60'000 % 60, 2);
    number(&time_[14], ms / 1000 % 60, 2);
    number(&time_[17], ms % 1000, 3);
  }

  // The bytes written to `out`, which has room for kMostLineBytes.
  std::size_t print(char* out, unsigned console, std::uint64_t sequence) const {
    char* at = std::copy(time_.begin(), time_.end(), out);
    const std::size_t texts = kTexts.size() - (telnet_ ? 0 : 1);
    for (const char byte : kTexts[(sequence + console) % texts]) {
      *at++ = byte;
      if (byte == '\xff') *at++ = byte;
    }
    at = put(at, " c");
    at = number(at, console, 4);
    at = put(at, " seq=");
    at = number(at, sequence, 7);  // eight digits would look like an address out of a dump
    return static_cast<std::size_t>(put(at, "\r\n") - out);
  }

 private:
  static char* put(char* at, std::string_view text) {
    return std::copy(text.begin(), text.end(), at);
  }

  static char* number(char* at, std::uint64_t value, int digits) {
    for (int i = digits - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
    return at + digits;
  }

  const bool telnet_;
  std::array<char, 22> time_ = {'*', 'M', 'a', 'r', ' ', ' ', '1', ' ', '0', '0', ':',
                                '0', '0', ':', '0', '0', '.', '0', '0', '0', ':', ' '};
};

// What all consoles did together.
struct Tally {
  std::uint64_t bytes = 0, disconnects = 0;
  unsigned connected = 0;
};

class Console {
 public:
  Console(asio::io_context& context, const Options& options, unsigned number,
          const LinePrinter& printer, Tally& tally)
      : options_(options),
        number_(number),
        printer_(printer),
        tally_(tally),
        acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        socket_(context) {
    accept();
  }

  unsigned port() const { return acceptor_.local_endpoint().port(); }
  std::uint64_t last_sequence() const { return sequence_; }
  bool idle() const { return !writing_ && (owed_ == 0 || !connected_); }

  // To be printed as soon as the peer takes it.
  void owe(std::uint64_t lines) {
    owed_ += lines;
    print();
  }
  void print_no_more() { owed_ = 0; }

 private:
  void accept() {
    acceptor_.async_accept([this](const asio::error_code& error, tcp::socket peer) {
      if (error) return;
      peer.set_option(tcp::no_delay(true));
      if (!connected_) ++tally_.connected;
      connected_ = true;
      socket_ = std::move(peer);  // a second reader takes the place of the first
      if (options_.telnet) greet();
      discard();
      print();
      accept();
    });
  }

  void greet() {
    static constexpr std::string_view kWillEchoWillSga = "\xff\xfb\x01\xff\xfb\x03";
    asio::error_code ignored;  // six bytes always fit; a reader that is gone is seen by discard()
    asio::write(socket_, asio::buffer(kWillEchoWillSga), ignored);
  }

  // A console that nobody types on: what comes is answers to telnet, or the end.
  void discard() {
    socket_.async_read_some(asio::buffer(discarded_),
                            [this](const asio::error_code& error, std::size_t) {
                              if (error == asio::error::operation_aborted) return;
                              if (!error) return discard();
                              socket_.close();
                              connected_ = false;
                              --tally_.connected;
                              ++tally_.disconnects;
                            });
  }

  void print() {
    if (writing_ || !connected_) return;
    std::size_t used = 0;
    while (owed_ > 0 && block_.size() - used >= kMostLineBytes && tally_.bytes < options_.bytes) {
      const std::size_t length = printer_.print(&block_[used], number_, ++sequence_);
      used += length;
      tally_.bytes += length;
      if (owed_ != kNoEnd) --owed_;
    }
    if (tally_.bytes >= options_.bytes) owed_ = 0;
    if (used == 0) return;
    writing_ = true;
    asio::async_write(socket_, asio::buffer(block_, used),
                      [this](const asio::error_code&, std::size_t) {
                        writing_ = false;
                        print();
                      });
  }

  const Options& options_;
  const unsigned number_;
  const LinePrinter& printer_;
  Tally& tally_;
  tcp::acceptor acceptor_;
  tcp::socket socket_;
  bool connected_ = false, writing_ = false;
  std::uint64_t sequence_ = 0, owed_ = 0;
  std::array<char, 16 << 10> block_;
  std::array<char, 64> discarded_;
};

void tell(const nlohmann::json& event) { std::cout << event << std::endl; }

class Simulator {
 public:
  explicit Simulator(const Options& options)
      : options_(options), printer_(options.telnet), timer_(context_) {
    for (unsigned i = 0; i < options.consoles; ++i) {
      consoles_.push_back(std::make_unique<Console>(context_, options_, i, printer_, tally_));
    }
  }

  void run() {
    nlohmann::json ports;
    for (const auto& console : consoles_) ports.push_back(console->port());
    begun_ = Clock::now();
    tell({{"event", "listening"}, {"ports", ports}});
    wait_for_readers();
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
    tell({{"event", "feeding"}});
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
    if (now < options_.seconds && !all_bytes) return after(kTurn, &Simulator::feed);
    for (std::size_t i = 0; i < floods(); ++i) consoles_[i]->print_no_more();
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

  nlohmann::json report(bool all_taken) const {
    std::uint64_t lines = 0;
    nlohmann::json last;
    for (const auto& console : consoles_) {
      lines += console->last_sequence();
      last.push_back(console->last_sequence());
    }
    return {{"event", "over"},
            {"connected", tally_.connected},
            {"disconnects", tally_.disconnects},
            {"all_taken", all_taken},
            {"seconds", passed().count()},
            {"lines", lines},
            {"bytes", tally_.bytes},
            {"last_sequence", last}};
  }

  const Options options_;
  LinePrinter printer_;
  Tally tally_;
  asio::io_context context_{1};
  asio::steady_timer timer_;
  std::vector<std::unique_ptr<Console>> consoles_;
  Clock::time_point begun_;
  Seconds fed_{0};
  std::uint64_t given_ = 0;
  std::size_t next_ = 0;
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
