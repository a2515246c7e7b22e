// Memory for what every read of a console touches, in huge pages where the system has them. When
// thousands of consoles each print now and then, none of it is in a cache, and from the ordinary
// heap it lies on a small page an object: finding those takes longer than to read, match and keep a
// line, on a virtual machine several times longer.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <utility>

namespace lastgasp {

// Any thread; lives as long as the process. Pieces of up to 16 KiB, larger ones are refused with
// std::bad_alloc; one that is given back serves the next of its size.
std::pmr::memory_resource& console_memory();

template <typename T, typename... Arguments>
std::shared_ptr<T> make_shared_in_console_memory(Arguments&&... arguments) {
  return std::allocate_shared<T>(std::pmr::polymorphic_allocator<T>(&console_memory()),
                                 std::forward<Arguments>(arguments)...);
}

// The base of what `new` and std::make_unique shall put there.
struct InConsoleMemory {
  static void* operator new(std::size_t bytes) { return console_memory().allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) {
    console_memory().deallocate(memory, bytes);
  }
};

}  // namespace lastgasp
