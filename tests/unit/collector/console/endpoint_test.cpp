#include "collector/console/endpoint.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace lastgasp;
using Catch::Matchers::Contains;

namespace {

template <class T>
T parsed(std::string_view text) {
  return std::get<T>(parse_endpoint(text).address);
}

std::string complaint(std::string_view text) {
  try {
    parse_endpoint(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "(accepted)";
}

}  // namespace

TEST_CASE("serial_endpoint") {
  const auto serial = parsed<SerialEndpoint>(
      "serial:///dev/ttyUSB0?baud=115200&parity=even"
      "&bits=7&stop=2&flow=hardware");
  CHECK(serial.device == "/dev/ttyUSB0");
  CHECK(serial.baud == 115200);
  CHECK(serial.parity == Parity::even);
  CHECK(serial.bits == 7);
  CHECK(serial.stop == 2);
  CHECK(serial.flow == FlowControl::hardware);

  const auto plain = parsed<SerialEndpoint>("serial:///dev/serial/by-id/usb-FTDI_A:B-if00");
  CHECK(plain.device == "/dev/serial/by-id/usb-FTDI_A:B-if00");
  CHECK(plain.baud == 9600);
  CHECK(plain.bits == 8);
  CHECK(plain.stop == 1);
  CHECK(plain.parity == Parity::none);
  CHECK(plain.flow == FlowControl::none);
  CHECK(parse_endpoint("serial:/dev/ttyS0").transport() == "serial");
}

TEST_CASE("tcp_and_telnet_endpoints") {
  const auto tcp = parsed<TcpEndpoint>("tcp://ts1.example.net:2001");
  CHECK(tcp.host == "ts1.example.net");
  CHECK(tcp.port == "2001");
  CHECK_FALSE(tcp.telnet);
  CHECK(parsed<TcpEndpoint>("telnet://ts1:telnet").telnet);
  CHECK(parsed<TcpEndpoint>("tcp://[2001:db8::1]:2001").host == "2001:db8::1");
  CHECK(parsed<TcpEndpoint>("tcp://[fe80::1%eth0]:2001").host == "fe80::1%eth0");
  CHECK(parse_endpoint("telnet://ts1:2001").transport() == "telnet");
}

TEST_CASE("unix_exec_and_file_endpoints") {
  CHECK(parsed<UnixEndpoint>("unix:/run/r1.sock").path == "/run/r1.sock");
  CHECK(parsed<FileEndpoint>("file:/var/log/r1").path == "/var/log/r1");
  CHECK(parsed<FileEndpoint>("file:///var/log/r1").path == "/var/log/r1");
  CHECK(parsed<ExecEndpoint>("exec:ssh -tt ts1 'a?b=c & d' ").command ==
        "ssh -tt ts1 'a?b=c & d' ");
  CHECK(parse_endpoint("exec:true").transport() == "exec");
  CHECK(parse_endpoint("unix:/x").transport() == "unix");
  CHECK(parse_endpoint("file:/x").transport() == "file");
}

TEST_CASE("mistakes_are_explained_with_an_example") {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"", "it is empty"},
      {"ts1:2001", "unknown scheme \"ts1\" (known: serial, tcp, telnet, unix, exec, file)"},
      {"ssh://ts1", "unknown scheme \"ssh\""},
      {"serial", "unknown scheme"},
      {"/dev/ttyS0", "the scheme is missing; write for example serial:///dev/ttyS0"},
      {"tcp://ts1", "the port is missing; write for example tcp://ts1.example.net:2001"},
      {"telnet://ts1", "write for example telnet://ts1.example.net:2001"},
      {"tcp:ts1:2001", "two slashes"},
      {"tcp://:2001", "\"\" is not a host name"},
      {"tcp://ts 1:2001", "is not a host name"},
      {"tcp://ts1:", "\"\" is not a port"},
      {"tcp://ts1:0", "\"0\" is not a port"},
      {"tcp://ts1:65536", "is not a port (1 to 65535, or a service name)"},
      {"tcp://ts1:99999999999999999999", "is not a port"},
      {"tcp://2001:db8::1:2001", "an IPv6 address stands in brackets"},
      {"tcp://[2001:db8::1:2001", "the ] is missing"},
      {"tcp://[2001:db8::1]", "the port is missing"},
      {"tcp://[2001:db8::1]x:1", "a colon belongs after the ]"},
      {"tcp://[nonsense]:1", "is not a host name or address"},
      {"tcp://admin@ts1:2001", "a user name has no place here"},
      {"tcp://ts1:2001/", "nothing may follow the port"},
      {"serial://dev/ttyUSB0", "three slashes"},
      {"serial:///dev/ttyS0?baud=fast", "baud=fast is not a number from 50 to 4000000"},
      {"serial:///dev/ttyS0?baud=9600x", "baud=9600x is not a number"},
      {"serial:///dev/ttyS0?bits=9", "bits=9 is not a number from 5 to 8"},
      {"serial:///dev/ttyS0?stop=3", "stop=3 is not a number from 1 to 2"},
      {"serial:///dev/ttyS0?parity=mark", "parity=mark is not one of none, odd, even"},
      {"serial:///dev/ttyS0?flow=rts", "flow=rts is not one of none, hardware, software"},
      {"serial:///dev/ttyS0?speed=9600",
       "unknown key \"speed\" (known: baud, bits, stop, parity, flow)"},
      {"serial:///dev/ttyS0?baud", "\"baud\" is not key=value"},
      {"serial:///dev/ttyS0?baud=9600&baud=300", "\"baud\" is given twice"},
      {"unix:run/r1", "the path must be absolute"},
      {"file:", "the path must be absolute"},
      {"exec: ", "the command is missing"},
      {"tcp://\x1b[31m:1", "\\x1b"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK_THAT(complaint(c.text), Contains(c.says));
    CHECK_THAT(complaint(c.text), Contains("write for example"));
  }
  CHECK_THAT(complaint("unix:/" + std::string(107, 'x')), Contains("at most 107 bytes"));
}

TEST_CASE("device_key_is_one_for_every_spelling") {
  const auto key = [](std::string_view text) { return parse_endpoint(text).device_key(); };
  CHECK(key("tcp://TS1:2001") == key("telnet://ts1:2001"));
  CHECK(key("tcp://[2001:DB8:0:0::1]:23") == key("telnet://[2001:db8::1]:23"));
  CHECK(key("tcp://ts1:2001") != key("tcp://ts1:2002"));
  CHECK(key("exec:a") != key("exec:b"));

  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("endpoint_test." + std::to_string(getpid()));
  fs::create_directories(folder / "by-id");
  std::ofstream(folder / "ttyUSB0").put('x');
  fs::create_symlink("../ttyUSB0", folder / "by-id" / "usb-FTDI");
  CHECK(key("serial://" + (folder / "by-id" / "usb-FTDI").string() + "?baud=300") ==
        key("serial://" + (folder / "ttyUSB0").string()));
  CHECK(key("serial://" + (folder / "absent").string()) !=
        key("serial://" + (folder / "ttyUSB0").string()));
  CHECK(key("file:" + (folder / "." / "ttyUSB0").string()) ==
        key("file:" + (folder / "ttyUSB0").string()));
  fs::remove_all(folder);
}

TEST_CASE("server_shares_a_budget") {
  CHECK(parse_endpoint("tcp://TS1:2001").server() == parse_endpoint("telnet://ts1:2002").server());
  CHECK(parse_endpoint("tcp://ts1:2001").server() == "ts1");
  CHECK(parse_endpoint("serial:///dev/ttyS0").server().empty());
  CHECK(parse_endpoint("exec:ssh ts1").server().empty());
}
