#include "collector/console/telnet_codec.h"

#include <catch2/catch.hpp>

using namespace lastgasp;
using namespace std::string_literals;

namespace {

const std::string kIac = "\xff", kWill = "\xff\xfb", kWont = "\xff\xfc", kDo = "\xff\xfd",
                  kDont = "\xff\xfe", kSb = "\xff\xfa", kSe = "\xff\xf0";
const std::string kBinary("\0", 1), kEcho = "\x01", kSga = "\x03", kNaws = "\x1f";

struct Decoded {
  std::string data, reply;
  bool operator==(const Decoded&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Decoded& d) {
  return out << Catch::Detail::stringify(d.data) << " / " << Catch::Detail::stringify(d.reply);
}

// Feeds `wire` in pieces of `piece` bytes.
Decoded decode(TelnetCodec& codec, std::string wire, std::size_t piece = 1 << 20) {
  Decoded out;
  for (std::size_t at = 0; at < wire.size(); at += piece) {
    const std::size_t n = std::min(piece, wire.size() - at);
    out.data += codec.decode({wire.data() + at, n}, out.reply);
  }
  return out;
}

Decoded decode(const std::string& wire) {
  TelnetCodec codec;
  const Decoded whole = decode(codec, wire);
  for (const std::size_t piece : {1u, 2u, 3u, 5u}) {  // the cuts must not matter
    TelnetCodec again;
    CHECK(decode(again, wire, piece) == whole);
  }
  return whole;
}

}  // namespace

TEST_CASE("plain_text_passes") {
  CHECK(decode("Router> \r\nhello\n").data == "Router> \r\nhello\n");
  CHECK(decode("").data.empty());
}

TEST_CASE("iac_doubling") {
  CHECK(decode("a" + kIac + kIac + "b").data ==
        "a\xff"
        "b");
  CHECK(decode(kIac + kIac + kIac + kIac).data == "\xff\xff");
}

TEST_CASE("cr_nul_is_cr") {
  CHECK(decode("a\r\0b\r\n\0"s).data == "a\rb\r\n\0"s);
  CHECK(decode("\r\0\0x"s).data == "\r\0x"s);
}

TEST_CASE("iac_straight_after_cr") {
  CHECK(decode("a\r" + kIac + kIac + "b").data ==
        "a\r\xff"
        "b");
  const Decoded d = decode("a\r" + kWill + kEcho + "\0b"s);
  CHECK(d.data == "a\rb");
  CHECK(d.reply == kDo + kEcho);
}

TEST_CASE("binary_keeps_nul_after_cr") {
  CHECK(decode(kWill + kBinary + "a\r\0b"s).data == "a\r\0b"s);
  CHECK(decode(kWill + kBinary + kWont + kBinary + "a\r\0b"s).data == "a\rb"s);
}

TEST_CASE("accepts_echo_sga_binary_and_refuses_the_rest") {
  CHECK(decode(kWill + kEcho + kWill + kSga + kWill + kBinary).reply ==
        kDo + kEcho + kDo + kSga + kDo + kBinary);
  CHECK(decode(kWill + kNaws).reply == kDont + kNaws);
  CHECK(decode(kDo + kNaws + kDo + kEcho + kDo + kBinary).reply ==
        "\xff\xfc" + kNaws + "\xff\xfc" + kEcho + "\xff\xfc" + kBinary);
  CHECK(decode(kDont + kNaws + kWont + kEcho).reply.empty());
}

TEST_CASE("subnegotiation_leaves_no_data") {
  CHECK(decode("a" + kSb + "\x18\x01" + kSe + "b").data == "ab");
  CHECK(decode("a" + kSb + "\x18" + kIac + kIac + "x" + kSe + "b").data == "ab");
}

TEST_CASE("subnegotiation_interrupted_by_a_command") {
  const Decoded d = decode("a" + kSb + "\x18 lost" + kWill + kEcho + "b");
  CHECK(d.data == "ab");
  CHECK(d.reply == kDo + kEcho);
}

TEST_CASE("endless_subnegotiation_is_bounded") {
  const Decoded d = decode(kSb + std::string(TelnetCodec::kMostSubnegotiation + 1, 'x') + "panic:");
  CHECK(d.data == "panic:");
}

TEST_CASE("other_commands_are_dropped") {
  CHECK(decode("a\xff\xf1"
               "b\xff\xf9"
               "c\xff\xf2"
               "d\xff\xf0"
               "e")
            .data == "abcde");
}

TEST_CASE("loop_with_a_peer_that_answers_answers_ends") {
  TelnetCodec codec;
  std::size_t answers = 0;
  for (int i = 0; i < 1000; ++i) {
    answers += decode(codec, kWill + kNaws).reply.size() / 3;
    answers += decode(codec, kDo + kNaws).reply.size() / 3;
    answers += decode(codec, kWill + kEcho + kWont + kEcho).reply.size() / 3;
  }
  CHECK(answers == 3 * TelnetCodec::kMostAnswers);
}
