#include "device_text.h"

#include <algorithm>
#include <charconv>

namespace lastgasp::bench {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 10> kSites{"ams1", "fra2", "lhr1", "par3", "nyc4",
                                                  "sjc1", "sin2", "waw1", "arn5", "mad2"};
constexpr std::array<std::string_view, 6> kRoles{"core", "edge", "agg", "leaf", "spine", "oob"};
constexpr std::array<std::string_view, 12> kUsers{"admin",     "root", "netops", "jsmith",
                                                  "mkowalski", "test", "oracle", "backup",
                                                  "ubuntu",    "pi",   "noc",    "rancid"};
constexpr std::uint32_t kKnownScanners = 30000;
constexpr std::uint32_t kPrefixes = 900000;  // in the world
constexpr std::uint32_t kModels = 4;         // of a platform

void put_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void put_padded(std::string& out, std::uint64_t number, unsigned width, char pad = '0') {
  const std::size_t begin = out.size();
  put_number(out, number);
  const std::size_t length = out.size() - begin;
  if (length < width) out.insert(begin, width - length, pad);
}

void put_hex(std::string& out, std::uint64_t value, unsigned digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (unsigned i = digits; i-- > 0;) out += kDigits[value >> (4 * i) & 15];
}

void put_address(std::string& out, std::uint32_t address) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    put_number(out, address >> shift & 255);
    if (shift > 0) out += '.';
  }
}

void put_mac(std::string& out, std::uint64_t mac, unsigned group, char separator) {
  for (unsigned i = 12; i > 0; i -= group) {
    put_hex(out, mac >> (4 * (i - group)), group);
    if (i > group) out += separator;
  }
}

void put_clock(std::string& out, std::int64_t second_of_day) {
  put_padded(out, static_cast<std::uint64_t>(second_of_day / 3600), 2);
  out += ':';
  put_padded(out, static_cast<std::uint64_t>(second_of_day / 60 % 60), 2);
  out += ':';
  put_padded(out, static_cast<std::uint64_t>(second_of_day % 60), 2);
}

// Nothing, or as many digits as any other number of them, up to twelve.
std::uint64_t counter(Random& random) {
  if (random.below(4) == 0) return 0;
  std::uint64_t bound = 10;
  for (unsigned digits = random.below(12); digits > 0; --digits) bound *= 10;
  return random.next() % bound;
}

// Those who knock at every door are the same everywhere, mostly.
std::uint32_t outside_address(Random& random) {
  std::uint64_t of = random.next();
  if (random.below(10) < 6) of = Random(random.skewed(kKnownScanners)).next();
  return static_cast<std::uint32_t>(of % 0xC0000000u) + 0x0B000000u;
}

// Of a few makers.
std::uint64_t mac_address(Random& random) {
  const std::uint64_t maker = Random(random.skewed(60)).next() & 0xFCFFFF;
  return maker << 24 | (random.next() & 0xFFFFFF);
}

// Memory is zeros, pointers into a few places, and noise.
std::uint32_t memory_word(Random& random, std::uint32_t pointer_base) {
  const std::uint32_t kind = random.below(20);
  if (kind < 7) return 0;
  if (kind < 8) return 0xFFFFFFFFu;
  const auto noise = static_cast<std::uint32_t>(random.next());
  return kind < 14 ? pointer_base | (noise & 0xFFFFF) : noise;
}

std::uint64_t kernel_pointer(Random& random) {
  const std::uint64_t noise = random.next();
  return noise & 1 ? 0xFFFFFFFF80000000u | (noise >> 8 & 0xFFFFFFF)
                   : 0xFFFF888000000000u | (noise >> 8 & 0xFFFFFFFF8);
}

void put_lifetime(std::string& out, Random& random) {
  const std::uint32_t kind = random.below(3);
  if (kind == 0) return put_clock(out, random.below(86400));
  const std::string_view units = kind == 1 ? "dh" : "wd";
  put_number(out, random.below(kind == 1 ? 7 : 60) + 1);
  out += units[0];
  put_number(out, random.below(kind == 1 ? 24 : 7));
  out += units[1];
}

}  // namespace

Device::Device(const Platform& platform, unsigned number, std::uint64_t seed)
    : platform_(platform), random_(seed) {
  name_ = std::string(kRoles[random_.below(kRoles.size())]) + std::to_string(number) + "." +
          std::string(kSites[random_.below(kSites.size())]);
  const unsigned ports = random_.between(12, 54);
  for (unsigned i = 0; i < ports; ++i) {
    std::string pattern =
        platform.interfaces[random_.skewed(static_cast<std::uint32_t>(platform.interfaces.size()))];
    pattern.replace(pattern.find('%'), 1, std::to_string(i));
    interfaces_.push_back(pattern);
    descriptions_.push_back("to " + std::string(kRoles[random_.below(kRoles.size())]) +
                            std::to_string(random_.below(900)) + " CID-" +
                            std::to_string(random_.below(1000000)));
  }
  const std::uint32_t net = 0x0A000000u | random_.below(1u << 16) << 8;
  for (int i = 0; i < 40; ++i) {
    put_address(neighbours_.emplace_back(),
                i < 24 ? net | random_.below(256) : 0x0A000000u | random_.below(1u << 24));
  }
  for (std::uint32_t& as : as_numbers_)
    as = random_.below(2) ? 64512 + random_.below(1000) : random_.below(400000);
  for (int i = 0; i < 300; ++i) macs_.push_back(mac_address(random_));
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t prefix = Random(random_.skewed(kPrefixes)).next();
    put_address(prefixes_.emplace_back(), static_cast<std::uint32_t>(prefix) & 0xDFFFFF00u);
    prefixes_.back() += "/24";
  }
  for (std::uint32_t& pid : pids_) pid = 300 + random_.skewed(32000);
  hardware_ = std::uint64_t{platform.total_weight} << 32 | random_.below(kModels) << 16;
  pointer_base_ = static_cast<std::uint32_t>(random_.next()) & 0xFFF00000u;
}

void Device::print_episode(std::string& out, WallTime at, double micros_per_byte) {
  begun_ = now_ = at;
  begun_at_ = out.size();
  micros_per_byte_ = micros_per_byte;
  if (booted_ == WallTime{}) booted_ = at - Micros(std::int64_t{1000000} * random_.below(20000000));
  std::uint32_t draw = random_.below(platform_.total_weight);
  const Episode* episode = platform_.episodes.data();
  while (draw >= episode->weight) draw -= episode++->weight;
  const Random rest = random_;
  if (episode->same) random_ = Random(hardware_ + (episode - platform_.episodes.data()));
  episode->any ? print_some(out, *episode) : print_all(out, *episode);
  if (episode->same) random_ = rest;
}

void Device::print_some(std::string& out, const Episode& episode) {
  for (unsigned n = random_.between(episode.lines_min, episode.lines_max); n > 0; --n) {
    print_line(out,
               episode.lines[random_.skewed(static_cast<std::uint32_t>(episode.lines.size()))]);
  }
}

void Device::print_all(std::string& out, const Episode& episode) {
  for (std::size_t i = 0; i < episode.lines.size(); ++i) {
    const TemplateLine& line = episode.lines[i];
    if (line.rows_min == 0) {
      print_line(out, line);
      continue;
    }
    const unsigned rows = random_.between(line.rows_min, line.rows_max);
    in_table_ = true;
    for (row_ = 0; row_ < rows; ++row_) {
      for (std::size_t r = 1; r <= line.rows; ++r) print_line(out, episode.lines[i + r]);
    }
    in_table_ = false;
    i += line.rows;
  }
}

void Device::print_line(std::string& out, const TemplateLine& line) {
  set_time(out);
  for (const TemplatePart& part : line.parts) {
    out += part.literal;
    if (part.field == 0) continue;
    const std::size_t begin = out.size();
    print_field(out, part.field);
    const std::size_t length = out.size() - begin;
    if (length < part.width) {
      out.insert(part.left ? out.size() : begin, part.width - length, ' ');
    }
  }
}

void Device::set_time(const std::string& out) {
  now_ = begun_ + Micros(static_cast<std::int64_t>(static_cast<double>(out.size() - begun_at_) *
                                                   micros_per_byte_));
  const std::int64_t second = unix_micros(now_) / 1000000;
  if (second == second_) return;
  second_ = second;
  const auto day = std::chrono::floor<std::chrono::days>(now_);
  const std::chrono::year_month_day date(day);
  year_ = std::to_string(static_cast<int>(date.year()));
  date_ = kMonths[static_cast<unsigned>(date.month()) - 1];
  date_ += ' ';
  put_padded(date_, static_cast<unsigned>(date.day()), 2, ' ');
  date_ += ' ';
  put_clock(date_, second % 86400);
  iso_ = year_ + '-';
  put_padded(iso_, static_cast<unsigned>(date.month()), 2);
  iso_ += '-';
  put_padded(iso_, static_cast<unsigned>(date.day()), 2);
  iso_ += 'T';
  put_clock(iso_, second % 86400);
}

// A table goes through what the device has, log lines are about some more than about others.
template <typename T>
const T& Device::one_of(const std::vector<T>& things) {
  return things[in_table_ ? row_ % things.size()
                          : random_.skewed(static_cast<std::uint32_t>(things.size()))];
}

// Those of its neighbours, now and then one never seen before.
std::uint64_t Device::any_mac() { return random_.below(10) ? one_of(macs_) : mac_address(random_); }

// Daemons keep theirs, sessions get a new one.
std::uint32_t Device::any_pid() {
  return random_.below(4) ? pids_[random_.below(pids_.size())] : 300 + random_.below(32000);
}

// Every kind of field has one of four printers, each of which says whether it is its.
void Device::print_field(std::string& out, char field) {
  const bool known = print_name(out, field) || print_number(out, field) ||
                     print_address(out, field) || print_time(out, field);
  if (!known) out += '?';
}

bool Device::print_name(std::string& out, char field) {
  switch (field) {
    case 'o':
      out += name_;
      return true;
    case 'i':
      out += one_of(interfaces_);
      return true;
    case 'r':
      out += platform_.processes[random_.below(platform_.processes.size())];
      return true;
    case 'n':
      out += one_of(neighbours_);
      return true;
    case 'P':
      out += one_of(prefixes_);
      return true;
    case 'u':
      out += kUsers[random_.skewed(kUsers.size())];
      return true;
    case 'D':
      out += one_of(descriptions_);
      return true;
    case 's':
      out += random_.below(2) ? "up" : "down";
      return true;
    case 'S':
      out += random_.below(2) ? "Up" : "Down";
      return true;
    default:
      return false;
  }
}

bool Device::print_number(std::string& out, char field) {
  switch (field) {
    case 'k':
      put_number(out, any_pid());
      return true;
    case 'p':
      put_number(out, 1024 + random_.below(64512));
      return true;
    case 'v':
      put_number(out, 1 + random_.skewed(4094));
      return true;
    case 'A':
      put_number(out, as_numbers_[random_.below(as_numbers_.size())]);
      return true;
    case 'q':
      put_number(out, random_.below(10));
      return true;
    case 'd':
      put_number(out, random_.below(100));
      return true;
    case 'c':
      put_number(out, counter(random_));
      return true;
    case 'f':
      put_number(out, random_.skewed(30));
      out += '.';
      put_padded(out, random_.below(100), 2);
      return true;
    case 'j':
      put_number(out, row_);
      return true;
    default:
      return false;
  }
}

bool Device::print_address(std::string& out, char field) {
  switch (field) {
    case 'a':
      put_address(out, outside_address(random_));
      return true;
    case '6':
      out += "2001:db8:";
      put_hex(out, pointer_base_ >> 20, 3);
      out += "::";
      put_hex(out, random_.below(4096), 3);
      return true;
    case 'm':
      put_mac(out, any_mac(), 4, '.');
      return true;
    case 'M':
      put_mac(out, any_mac(), 2, ':');
      return true;
    case 'w':
      put_mac(out, any_mac(), 4, '-');
      return true;
    case 'x':
      put_hex(out, random_.next(), 2);
      return true;
    case 'X':
      put_hex(out, random_.next(), 4);
      return true;
    case 'h':
      put_hex(out, random_.next(), 8);
      return true;
    case 'H':
      put_hex(out, random_.next(), 16);
      return true;
    case 'g':
      put_hex(out, kernel_pointer(random_), 16);
      return true;
    case 'e':
      put_hex(out, memory_word(random_, pointer_base_), 8);
      return true;
    default:
      return false;
  }
}

bool Device::print_time(std::string& out, char field) {
  const auto fraction = static_cast<std::uint64_t>(unix_micros(now_) % 1000000);
  switch (field) {
    case 'L':
      put_lifetime(out, random_);
      return true;
    case 't':
      out += date_;
      return true;
    case 'l':
      put_padded(out, fraction / 1000, 3);
      return true;
    case 'y':
      out += year_;
      return true;
    case 'Y':
      out += iso_;
      out += '.';
      put_padded(out, fraction, 6);
      out += "+00:00";
      return true;
    case 'z':
      put_padded(out, static_cast<std::uint64_t>((now_ - booted_).count() / 1000000), 5, ' ');
      out += '.';
      put_padded(out, fraction, 6);
      return true;
    default:
      return false;
  }
}

}  // namespace lastgasp::bench
