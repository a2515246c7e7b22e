// A folder on a disk of its own that can be filled and made read-only. Needs root.
#pragma once

#include <sys/mount.h>

#include <fstream>
#include <string>

#include "tests/unit/collector/transcript/transcript_fixture.h"

namespace lastgasp {

class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size)
      : mounted_(mount("tmpfs", path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0) {
    if (!mounted_) WARN("skipped: mounting needs root");
  }
  ~SmallDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::uint64_t free_bytes() const { return std::filesystem::space(path()).free; }

  void fill() { std::ofstream(ballast()) << std::string(free_bytes() + (1 << 20), 'x'); }
  void empty() { std::filesystem::remove(ballast()); }
  bool set_writable(bool writable) {
    const unsigned long flags = MS_REMOUNT | (writable ? 0 : MS_RDONLY);
    return mount(nullptr, path().c_str(), nullptr, flags, nullptr) == 0;
  }

 private:
  std::filesystem::path ballast() const { return path() / "ballast"; }

  TempFolder folder_;
  const bool mounted_;
};

// Lines that do not compress.
inline std::string noisy_lines(std::size_t bytes, unsigned seed) {
  std::string text;
  for (unsigned i = 0, x = seed * 2 + 1; i < bytes; ++i, x = x * 1664525 + 1013904223) {
    text += i % 100 == 99 ? '\n' : static_cast<char>(32 + (x >> 24) % 95);
  }
  return text + "\n";
}

}  // namespace lastgasp
