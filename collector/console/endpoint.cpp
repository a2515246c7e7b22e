#include "collector/console/endpoint.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

constexpr std::string_view kSerialExample = "serial:///dev/ttyUSB0?baud=9600&parity=none";
constexpr std::string_view kTcpExample = "tcp://ts1.example.net:2001";
constexpr std::string_view kTelnetExample = "telnet://ts1.example.net:2001";
constexpr int kMostBaud = 4'000'000;

[[noreturn]] void refuse(std::string_view text, std::string_view what, std::string_view example) {
  throw Error("endpoint \"" + escaped(text) + "\": " + std::string(what) + "; write for example " +
              std::string(example));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::optional<int> parse_int(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// The value of a query key that takes a number from `least` to `most`.
int number_option(std::string_view text, std::string_view key, std::string_view value, int least,
                  int most) {
  const auto number = parse_int(value);
  if (number && *number >= least && *number <= most) return *number;
  refuse(text,
         std::string(key) + "=" + escaped(value) + " is not a number from " +
             std::to_string(least) + " to " + std::to_string(most),
         kSerialExample);
}

template <class Enum, std::size_t N>
Enum word_option(std::string_view text, std::string_view key, std::string_view value,
                 const std::array<std::pair<std::string_view, Enum>, N>& words) {
  std::string valid;
  for (const auto& [word, meaning] : words) {
    if (word == value) return meaning;
    valid += (valid.empty() ? "" : ", ") + std::string(word);
  }
  refuse(text, std::string(key) + "=" + escaped(value) + " is not one of " + valid, kSerialExample);
}

constexpr std::array<std::pair<std::string_view, Parity>, 3> kParities{
    {{"none", Parity::none}, {"odd", Parity::odd}, {"even", Parity::even}}};
constexpr std::array<std::pair<std::string_view, FlowControl>, 3> kFlows{
    {{"none", FlowControl::none},
     {"hardware", FlowControl::hardware},
     {"software", FlowControl::software}}};

void set_serial_option(std::string_view text, SerialEndpoint& serial, std::string_view key,
                       std::string_view value) {
  if (key == "baud") {
    serial.baud = number_option(text, key, value, 50, kMostBaud);
  } else if (key == "bits") {
    serial.bits = number_option(text, key, value, 5, 8);
  } else if (key == "stop") {
    serial.stop = number_option(text, key, value, 1, 2);
  } else if (key == "parity") {
    serial.parity = word_option(text, key, value, kParities);
  } else if (key == "flow") {
    serial.flow = word_option(text, key, value, kFlows);
  } else {
    refuse(text, "unknown key \"" + escaped(key) + "\" (known: baud, bits, stop, parity, flow)",
           kSerialExample);
  }
}

SerialEndpoint parse_serial(std::string_view text, std::string_view rest) {
  if (rest.substr(0, 2) == "//") rest.remove_prefix(2);
  SerialEndpoint serial;
  const std::size_t mark = rest.find('?');
  serial.device = rest.substr(0, mark);
  if (serial.device.size() < 2 || serial.device.front() != '/') {
    refuse(text, "the device must be an absolute path, after three slashes", kSerialExample);
  }
  std::string_view query = mark == std::string_view::npos ? "" : rest.substr(mark + 1);
  std::string seen = "&";
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      refuse(text, "\"" + escaped(pair) + "\" is not key=value", kSerialExample);
    }
    const std::string key(pair.substr(0, equals));
    set_serial_option(text, serial, key, pair.substr(equals + 1));
    if (seen.find("&" + key + "&") != std::string::npos) {
      refuse(text, "\"" + key + "\" is given twice", kSerialExample);
    }
    seen += key + "&";
  }
  return serial;
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

bool is_ipv6(std::string_view host) {
  const std::string address(host.substr(0, host.find('%')));
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, address.c_str(), &ignored) == 1;
}

bool is_port(std::string_view port) {
  if (const auto number = parse_int(port)) return *number >= 1 && *number <= 65535;
  const auto in_service_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !port.empty() && std::all_of(port.begin(), port.end(), in_service_name) &&
         !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

TcpEndpoint parse_tcp(std::string_view text, std::string_view rest, bool telnet) {
  const std::string_view example = telnet ? kTelnetExample : kTcpExample;
  if (rest.substr(0, 2) != "//") refuse(text, "two slashes belong after the colon", example);
  rest.remove_prefix(2);
  if (rest.find('@') != std::string_view::npos) {
    refuse(text, "a user name has no place here, nothing is ever typed", example);
  }
  if (rest.find_first_of("/?") != std::string_view::npos) {
    refuse(text, "nothing may follow the port", example);
  }
  TcpEndpoint tcp;
  tcp.telnet = telnet;
  const bool bracketed = !rest.empty() && rest.front() == '[';
  const std::size_t close = rest.find(']');
  if (bracketed && close == std::string_view::npos) refuse(text, "the ] is missing", example);
  if (!bracketed && std::count(rest.begin(), rest.end(), ':') > 1) {
    refuse(text, "an IPv6 address stands in brackets", "tcp://[2001:db8::1]:2001");
  }
  const std::size_t colon = rest.find(':', bracketed ? close : 0);
  tcp.host = bracketed ? rest.substr(1, close - 1) : rest.substr(0, colon);
  if (bracketed ? !is_ipv6(tcp.host) : !is_host(tcp.host)) {
    refuse(text, "\"" + escaped(tcp.host) + "\" is not a host name or address", example);
  }
  if (colon == std::string_view::npos) refuse(text, "the port is missing", example);
  if (bracketed && colon != close + 1) refuse(text, "a colon belongs after the ]", example);
  tcp.port = rest.substr(colon + 1);
  if (!is_port(tcp.port)) {
    refuse(text, "\"" + escaped(tcp.port) + "\" is not a port (1 to 65535, or a service name)",
           example);
  }
  return tcp;
}

std::string parse_path(std::string_view text, std::string_view rest, std::string_view example) {
  if (rest.substr(0, 3) == "///") rest.remove_prefix(2);
  if (rest.size() < 2 || rest.front() != '/') refuse(text, "the path must be absolute", example);
  return std::string(rest);
}

UnixEndpoint parse_unix(std::string_view text, std::string_view rest) {
  UnixEndpoint out{parse_path(text, rest, "unix:/run/router1.console")};
  if (out.path.size() >= sizeof(sockaddr_un::sun_path)) {
    refuse(text, "a socket's path has at most 107 bytes", "unix:/run/router1.console");
  }
  return out;
}

ExecEndpoint parse_exec(std::string_view text, std::string_view rest) {
  if (rest.find_first_not_of(" \t") == std::string_view::npos) {
    refuse(text, "the command is missing", "exec:ssh -tt ts1 connect port 7");
  }
  return ExecEndpoint{std::string(rest)};
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

// One spelling for each address: "2001:DB8:0::1" and "2001:db8::1" are one host.
std::string host_key(const std::string& host) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, host.c_str(), &address) != 1) return lower(host);
  char out[INET6_ADDRSTRLEN];
  return ::inet_ntop(AF_INET6, &address, out, sizeof out);
}

}  // namespace

std::string_view Endpoint::transport() const {
  if (const auto* tcp = std::get_if<TcpEndpoint>(&address)) return tcp->telnet ? "telnet" : "tcp";
  constexpr std::array<std::string_view, 5> kNames{"serial", "tcp", "unix", "exec", "file"};
  return kNames[address.index()];
}

std::string Endpoint::device_key() const {
  if (const auto* serial = std::get_if<SerialEndpoint>(&address)) {
    return "serial:" + real_path(serial->device);
  }
  if (const auto* tcp = std::get_if<TcpEndpoint>(&address)) {
    return "tcp:" + host_key(tcp->host) + ":" + lower(tcp->port);
  }
  if (const auto* local = std::get_if<UnixEndpoint>(&address)) {
    return "unix:" + real_path(local->path);
  }
  if (const auto* file = std::get_if<FileEndpoint>(&address)) {
    return "file:" + real_path(file->path);
  }
  return "exec:" + std::get<ExecEndpoint>(address).command;
}

std::string Endpoint::server() const {
  const auto* tcp = std::get_if<TcpEndpoint>(&address);
  return tcp ? host_key(tcp->host) : std::string();
}

Endpoint parse_endpoint(std::string_view text) {
  Endpoint endpoint;
  endpoint.text = text;
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (text.empty()) refuse(text, "it is empty", kTelnetExample);
  if (text.front() == '/') {
    refuse(text, "the scheme is missing", "serial:" + std::string("//") + escaped(text));
  }
  if (colon != std::string_view::npos && scheme == "serial") {
    endpoint.address = parse_serial(text, rest);
  } else if (scheme == "tcp" || scheme == "telnet") {
    endpoint.address = parse_tcp(text, rest, scheme == "telnet");
  } else if (scheme == "unix") {
    endpoint.address = parse_unix(text, rest);
  } else if (scheme == "exec") {
    endpoint.address = parse_exec(text, rest);
  } else if (scheme == "file") {
    endpoint.address = FileEndpoint{parse_path(text, rest, "file:/var/log/conserver/router1")};
  } else {
    refuse(
        text,
        "unknown scheme \"" + escaped(scheme) + "\" (known: serial, tcp, telnet, unix, exec, file)",
        kTelnetExample);
  }
  return endpoint;
}

}  // namespace lastgasp
