#include "simulated_line.h"

#include <algorithm>
#include <random>

namespace simulated {
namespace {

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
constexpr std::size_t kMostNoiseBytes = 400;
constexpr std::string_view kNoiseEnd = "\x1b\\\x1b[0m\r\n";  // ends a string and a sequence

char* put(char* at, std::string_view text) { return std::copy(text.begin(), text.end(), at); }

char* number(char* at, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + digits;
}

}  // namespace

void LinePrinter::set_time(std::chrono::duration<double> since) {
  const auto ms = static_cast<std::uint64_t>(since.count() * 1e3);
  number(&time_[8], ms / 3'600'000 % 24, 2);
  number(&time_[11], ms / 60'000 % 60, 2);
  number(&time_[14], ms / 1000 % 60, 2);
  number(&time_[17], ms % 1000, 3);
}

std::size_t LinePrinter::print(char* out, unsigned console, std::uint64_t sequence) const {
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

std::string noise(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(random() % kMostNoiseBytes, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % 0xff);
  return bytes.append(kNoiseEnd);
}

}  // namespace simulated
