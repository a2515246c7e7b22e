// The lock files by which serial programs keep off each other's ports: /var/lock/LCK..ttyS0 holds
// the owner's process id. Kept for as long as the object lives.
#pragma once

#include <optional>
#include <string>

namespace lastgasp {

class UucpLock {
 public:
  // `device` is the device's own path, links resolved.
  explicit UucpLock(const std::string& device, std::string folder = "/var/lock");
  ~UucpLock() { release(); }
  UucpLock(const UucpLock&) = delete;
  UucpLock& operator=(const UucpLock&) = delete;

  // The living process that holds the port, if any. A lock left by a dead process, or unreadable,
  // counts for nothing.
  std::optional<int> holder() const;
  // Claims the port for this process. Without the right to write there it does nothing: the device
  // is locked by flock too.
  void claim();
  void release();

 private:
  std::string path_;
  bool claimed_ = false;
};

}  // namespace lastgasp
