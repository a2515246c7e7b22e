#include "rules/incident/frames.h"

#include <catch2/catch.hpp>

#include "rules/incident/context_ring.h"
#include "rules/incident/title.h"

using namespace lastgasp;

namespace {

std::string function(const char* line) {
  const auto frame = frame_in(message_of(line).text);
  return frame ? std::string(frame->certain ? "" : "? ") + std::string(frame->function) : "-";
}

}  // namespace

TEST_CASE("frames as kernels print them") {
  CHECK(function("[    4.359963]  __handle_sysrq.cold+0x41/0x11c") == "__handle_sysrq");
  CHECK(function("[    4.6][  T123]  ? handle_mm_fault+0xdb/0x2d0") == "? handle_mm_fault");
  CHECK(function(" [<ffffffff81163206>] fib_rule+0x3e5/0x4fb [wl]") == "fib_rule");
  CHECK(function(" [<f8779b2d>] ? timer_wait+0x5d/0xc0 [nouveau]") == "? timer_wait");
  CHECK(function("  <NMI>  [<ffffffff8105cd86>] slowpath+0x66/0x80") == "slowpath");
  CHECK(function("RIP: 0010:i+0x74/0x1000 [crashmod]") == "i");
  CHECK(function("RIP: 0010:[<ffffffff810d9c93>]  [<ffffffff810d9c93>] pte_list+0x3b3/0x3d0") ==
        "pte_list");
  CHECK(function("RIP: 0033:0x47b7a0") == "-");
  CHECK(function("EIP is at ioread32+0x32/0x40") == "ioread32");
  CHECK(function("PC is at ns558_init+0x20/0x100") == "ns558_init");
  CHECK(function("pc : jffs2_scan+0x10/0x20") == "jffs2_scan");
  CHECK(function("epc   : 8029c1e4 fast_path+0x1c/0x40 [mod]") == "fast_path");
  CHECK(function("NIP [c000000008068dfc] .eeh_dev_check+0x27c/0x390") == "eeh_dev_check");
  CHECK(function("[c0000000feebf9e0] [c00000000002e400] eeh_read+0x40/0x60 (unreliable)") ==
        "eeh_read");
  CHECK(function("[<c0014558>] (fib_walk) from [<c059798c>] (dump_stack+0x7c/0xc8)") == "fib_walk");
  CHECK(function(" fib_walk from show_stack+0x10/0x14") == "fib_walk");
  CHECK(function("inp_free() at inp_free+0x177/frame 0xfffffe0016abb900") == "inp_free");
  CHECK(function("#4 0xffffffff80c0a5f5 at sbdrop+0x1f5") == "sbdrop");
  CHECK(function("pfioctl(14900,cd604404) at pfioctl+0x1b3d sys/net/pf_ioctl.c:-1") == "pfioctl");
  CHECK(function("uvm_fault_internal() at netbsd:uvm_fault_internal+0x1d49") ==
        "uvm_fault_internal");
  CHECK(function("Stopped at      rtable_satoplen+0x150:  movzbl  0xff(%r13),%r12d") ==
        "rtable_satoplen");
  CHECK(function("R10: 0000000000000003 R11: ffffffff82ad2328") == "-");
  CHECK(function("ordinary text") == "-");
  CHECK(function("") == "-");
}

TEST_CASE("titles as a person would write them") {
  const std::vector<std::string> f{"tcp_v4_rcv"};
  CHECK(with_function("Kernel oops", f) == "Kernel oops in tcp_v4_rcv");
  CHECK(with_function("KASAN: use-after-free in ip_rcv", f) == "KASAN: use-after-free in ip_rcv");
  CHECK(with_function("KASAN: use-after-free in memcpy", f) ==
        "KASAN: use-after-free in tcp_v4_rcv");
  CHECK(with_function("Fatal trap 12: page fault in kernel mode", f) ==
        "Fatal trap 12: page fault in kernel mode in tcp_v4_rcv");
  CHECK(with_function("Kernel oops", {}) == "Kernel oops");
}

TEST_CASE("no address stands in a title") {
  CHECK(title_of(OpenTitle{"panic: {what}",
                           {{"what", "kq=0xfffffd8070e7fe38 kn=fffffd806eb3f000 gone"}}}) ==
        "panic: kq=ADDR kn=ADDR gone");
  CHECK(title_of(OpenTitle{
            "{what}", {{"what", "deadbeef is a word, trap 0x1e and 123456 are not addresses"}}}) ==
        "deadbeef is a word, trap 0x1e and 123456 are not addresses");
}

TEST_CASE("a title takes what the dump tells later") {
  CHECK(title_of(
            OpenTitle{"KASAN: {what} {access} in {f}", {{"what", "use-after-free"}, {"f", "g"}}}) ==
        "KASAN: use-after-free in g");
}

TEST_CASE("the ring keeps the last lines within its bounds") {
  ContextRing ring;
  for (int n = 0; n < 1000; ++n) {
    ring.push("line " + std::to_string(n));
  }
  REQUIRE(ring.lines().size() == ContextRing::kMaxLines);
  CHECK(ring.lines().front() == "line 950");
  CHECK(ring.lines().back() == "line 999");
  for (int n = 0; n < 1000; ++n) {
    ring.push(std::string(4000, static_cast<char>('a' + n % 26)));
  }
  CHECK(ring.lines().size() == ContextRing::kMaxBytes / (ContextRing::kMaxLineBytes + 2));
  for (const std::string& line : ring.lines()) {
    CHECK(line == std::string(ContextRing::kMaxLineBytes, line[0]));
  }
  ring.push("");
  CHECK(ring.lines().back().empty());
}
