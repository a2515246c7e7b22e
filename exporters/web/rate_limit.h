// How often each client may do something: token buckets by address, in constant memory. Addresses
// whose hashes meet share a bucket; which ones meet differs from start to start.
#pragma once

#include <sys/socket.h>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"

namespace lastgasp {

// Safe from any thread.
class RateLimit {
 public:
  RateLimit(double per_second, double burst);

  // Takes one of the client's and returns 0; or, when there is none, the time until there is.
  Micros take(std::string_view client, MonoTime now);
  // Of what was taken and shall not count.
  void give_back(std::string_view client);

 private:
  struct Bucket {
    double left;
    MonoTime filled;
  };
  Bucket& bucket_of(std::string_view client);

  const double per_second_, burst_;
  const std::string seed_;
  std::mutex mutex_;
  std::vector<Bucket> buckets_;
};

// Who is one client: an IPv4 address, or an IPv6 network of 64 bits, which one household has.
std::string client_of(const sockaddr& address);

}  // namespace lastgasp
