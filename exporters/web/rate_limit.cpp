#include "exporters/web/rate_limit.h"

#include <netinet/in.h>

#include <algorithm>
#include <functional>
#include <random>

namespace lastgasp {
namespace {

constexpr std::size_t kBuckets = 4096;

std::string bytes_of(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

}  // namespace

RateLimit::RateLimit(double per_second, double burst)
    : per_second_(per_second),
      burst_(burst),
      seed_(std::to_string(std::random_device{}())),
      buckets_(kBuckets, Bucket{burst, {}}) {}

RateLimit::Bucket& RateLimit::bucket_of(std::string_view client) {
  return buckets_[std::hash<std::string>{}(seed_ + std::string(client)) % kBuckets];
}

Micros RateLimit::take(std::string_view client, MonoTime now) {
  const std::lock_guard lock(mutex_);
  auto& bucket = bucket_of(client);
  const std::chrono::duration<double> since = now - bucket.filled;
  bucket.left = std::min(burst_, bucket.left + std::max(0.0, since.count()) * per_second_);
  bucket.filled = now;
  if (bucket.left < 1) {
    const std::chrono::duration<double> wait((1 - bucket.left) / per_second_);
    return std::max(Micros(1), std::chrono::duration_cast<Micros>(wait));
  }
  bucket.left -= 1;
  return Micros(0);
}

void RateLimit::give_back(std::string_view client) {
  const std::lock_guard lock(mutex_);
  auto& bucket = bucket_of(client);
  bucket.left = std::min(burst_, bucket.left + 1);
}

std::string client_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return bytes_of(&v4.sin_addr, sizeof v4.sin_addr);
  }
  if (address.sa_family != AF_INET6) return {};
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return bytes_of(v6.s6_addr + 12, 4);
  return bytes_of(v6.s6_addr, 8);
}

}  // namespace lastgasp
