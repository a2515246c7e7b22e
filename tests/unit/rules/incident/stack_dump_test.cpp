#include "rules/incident/stack_dump.h"

#include <catch2/catch.hpp>

#include "rules/incident/dump_expression.h"
#include "rules/incident/kernel_names.h"

using namespace lastgasp;

namespace {

StackDump read(std::initializer_list<const char*> lines, const char* from = "") {
  StackDump dump(dump_expression(from));
  for (const char* line : lines) {
    dump.line(line);
  }
  return dump;
}

std::string blamed(const StackDump& dump, Blame blame = Blame::first) {
  const auto functions = dump.functions(blame);
  return functions.empty() ? "-" : functions.front();
}

}  // namespace

TEST_CASE("plumbing is never where a crash is") {
  for (const char* name : {"memcpy",
                           "dump_stack_lvl",
                           "panic",
                           "kasan_report",
                           "_raw_spin_lock_irqsave",
                           "kmem_cache_alloc",
                           "asm_exc_page_fault",
                           "vpanic",
                           "db_trace_self_wrapper",
                           "kdb_backtrace",
                           "__mutex_lock",
                           "do_page_fault",
                           "warn_slowpath_fmt",
                           "fortify_panic",
                           "__x86_indirect_thunk_rax",
                           "__flush_work",
                           "kobject_put",
                           "rb_erase",
                           "device_del",
                           "schedule_timeout",
                           "skb_put",
                           "__vmalloc_node_range",
                           "vprintk_emit"}) {
    INFO(name);
    CHECK(is_plumbing(name));
  }
  for (const char* name : {"fib_table_insert", "tcp_v4_rcv", "i", "ip_rcv", "sysrq_handle_crash",
                           "skb_release_data", "strp_check_rcv", "upcall", "free_fib_info",
                           "synchronize_rcu", "rtnl_lock", "string_walk"}) {
    INFO(name);
    CHECK_FALSE(is_plumbing(name));
  }
}

TEST_CASE("system calls by the name people know") {
  CHECK(system_call("__x64_sys_futex") == "futex");
  CHECK(system_call("SyS_rmdir") == "rmdir");
  CHECK(system_call("__ia32_compat_sys_openat2") == "openat2");
  CHECK(system_call("__do_sys_clone3") == "clone3");
  CHECK(system_call("do_futex").empty());
  CHECK(hands_over("__x64_sys_ioctl"));
  CHECK_FALSE(hands_over("__x64_sys_futex"));
}

TEST_CASE("the register that faulted comes before the trace, its helpers do not count") {
  const auto dump = read(
      {"[ 1.0] BUG: kernel NULL pointer dereference, address: 18",
       "[ 1.1] RIP: 0010:memcpy+0x10/0x20", "[ 1.2] Call Trace:", "[ 1.3]  ? fib_stale+0x1/0x2",
       "[ 1.4]  kmemdup+0x1/0x2", "[ 1.5]  fib_insert.isra.0+0x1/0x2", "[ 1.6]  fib_magic+0x1/0x2",
       "[ 1.7] ---[ end trace 0 ]---", "[ 1.8] RIP: 0010:memcpy+0x10/0x20"});
  CHECK(dump.functions(Blame::first) == std::vector<std::string>{"fib_insert", "fib_magic"});
  CHECK(dump.functions(Blame::nobody).empty());
}

TEST_CASE("where a memory was allocated and freed is another story") {
  const auto dump =
      read({"BUG: KASAN: use-after-free in string+0x1/0x2", "Call Trace:", " dump_stack+0x1/0x2",
            " kasan_report+0x1/0x2", "Allocated by task 12:", " elsewhere_alloc+0x1/0x2",
            "Freed by task 13:", " elsewhere_free+0x1/0x2"});
  CHECK(blamed(dump) == "-");
}

TEST_CASE("a stall is blamed on what was handed the processor, wherever it was caught") {
  const auto caught_in = [](const char* inner) {
    return read({"rcu: INFO: rcu_sched self-detected stall on CPU", "Call Trace:", " <IRQ>",
                 " sched_show_task+0x1/0x2", " rcu_check_callbacks+0x1/0x2",
                 " update_process_times+0x1/0x2", " tick_sched_timer+0x1/0x2",
                 " __hrtimer_run_queues+0x1/0x2", " hrtimer_interrupt+0x1/0x2",
                 " smp_apic_timer_interrupt+0x1/0x2", " </IRQ>", inner, " route_walk+0x1/0x2",
                 " route_dump_ioctl+0x1/0x2", " do_vfs_ioctl+0x1/0x2", " ksys_ioctl+0x1/0x2",
                 " __x64_sys_ioctl+0x1/0x2", " do_syscall_64+0x1/0x2"});
  };
  CHECK(blamed(caught_in("RIP: 0010:lock_acquire+0x1/0x2"), Blame::entry) == "route_dump_ioctl");
  CHECK(blamed(caught_in("RIP: 0010:route_next+0x1/0x2"), Blame::entry) == "route_dump_ioctl");
  CHECK(blamed(caught_in("RIP: 0010:route_next+0x1/0x2"), Blame::first) == "route_next");
}

TEST_CASE("the thread that only waits for the stalled one is not to blame") {
  const auto dump =
      read({"INFO: rcu_preempt self-detected stall on CPU", "Call Trace:", " __schedule+0x1/0x2",
            " schedule+0x1/0x2", " schedule_timeout+0x1/0x2", " rcu_gp_kthread+0x1/0x2",
            " kthread+0x1/0x2", " ret_from_fork+0x1/0x2", "NMI backtrace for cpu 1",
            "CPU: 1 PID: 4 Comm: vtysh", "RIP: 0010:nop+0x1/0x2", "Call Trace:", " walk+0x1/0x2",
            " __x64_sys_rmdir+0x1/0x2"});
  CHECK(blamed(dump, Blame::entry) == "sys_rmdir");
}

TEST_CASE("who waits for other processors is named by that") {
  const auto dump =
      read({"watchdog: BUG: soft lockup", "RIP: 0010:smp_call_function_single+0x1/0x2",
            "Call Trace:", " flush_all+0x1/0x2", " __x64_sys_munmap+0x1/0x2"});
  CHECK(blamed(dump, Blame::entry) == "smp_call_function");
}

TEST_CASE("a rule may say where the stack to blame begins") {
  const std::initializer_list<const char*> lines = {
      "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
      "vtysh/1 is trying to acquire:",
      "(&a){.+.+}, at: takes_it+0x1/0x2",
      "... which became HARDIRQ-irq-safe at:",
      "  lock_acquire+0x1/0x2",
      "  interrupted+0x1/0x2"};
  CHECK(blamed(read(lines)) == "takes_it");
  CHECK(blamed(read(lines, "which became \\S+-safe at:")) == "interrupted");
  CHECK(blamed(read(lines, "never printed")) == "takes_it");
}

TEST_CASE("where preemption was disabled is not where it sleeps") {
  const auto dump = read({"BUG: sleeping function called from invalid context at mm/slab.h:4",
                          "Preemption disabled at:", "[<ffffffff8109e980>] queue_xmit+0x1/0x2",
                          "Call Trace:", " ___might_sleep+0x1/0x2", " neigh_alloc+0x1/0x2"});
  CHECK(blamed(dump) == "neigh_alloc");
}

TEST_CASE("dumps of two processors printed into one another") {
  CHECK(read({"[1.0][ T12] Oops", "[1.0][ C2]  f+0x1/0x2", "[1.0][ T12]  g+0x1/0x2",
              "[1.0][ C2]  h+0x1/0x2", "[1.0][ T12] more"})
            .interleaved());
  CHECK_FALSE(read({"[1.0][ T12] Oops", "[1.0][ C2] usb 2-1: new device", "[1.0][ T12]  g+0x1/0x2",
                    "[1.0][ C2] eth0: link up", "[1.0][ T12] more"})
                  .interleaved());
  CHECK(read({"BUG: x", "CPU: 1 PID: 8 Comm: a", "CPU: 0 PID: 9 Comm: b"}).interleaved());
  CHECK_FALSE(read({"BUG: x", "CPU: 1 PID: 8 Comm: a", "Kernel panic", "CPU: 1 PID: 8 Comm: a"})
                  .interleaved());
}

TEST_CASE("a stack without end is kept within bounds") {
  StackDump dump;
  dump.line("Call Trace:");
  for (int n = 0; n < 100'000; ++n) {
    dump.line(" f" + std::to_string(n) + "+0x1/0x2");
    if (n % 1000 == 0) {
      dump.line("Call Trace:");
    }
  }
  CHECK(blamed(dump) == "f0");
  StackDump deep;
  for (int n = 0; n < 1000; ++n) {
    deep.line(" f" + std::to_string(n) + "+0x1/0x2");
  }
  CHECK(deep.functions(Blame::first).size() == StackDump::kMaxFunctions);
}
