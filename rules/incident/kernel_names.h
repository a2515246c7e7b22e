// What kernels' functions do for the functions that call them, as far as their names tell. Pure.
#pragma once

#include <string_view>

namespace lastgasp {

// Whether kernels call this on the way to somewhere else: allocators, copying, locks and waiting,
// sanitizers, panic and printk, trap entry, lists and trees, the driver core's bookkeeping. It is
// never the function a crash is "in".
bool is_plumbing(std::string_view function);

// Whether this hands a processor over to a driver, a protocol, a file system or a piece of deferred
// work: what it calls is what a kernel that never came back was busy with.
bool hands_over(std::string_view function);

// "smp_call_function" for the functions by which one processor waits for others; else empty.
std::string_view cross_call(std::string_view function);

// "futex" for the entries of that system call ("__x64_sys_futex", "SyS_futex"); else empty.
std::string_view system_call(std::string_view function);

}  // namespace lastgasp
