#include "collector/core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace lastgasp {
namespace {

std::array<std::atomic<std::uint64_t>, kLogLevelNames.size()> counts;

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("lastgasp");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_log_level(LogLevel least) { logger().set_level(spdlog_level(least)); }

void log_message(LogLevel level, const std::string& text) {
  counts[static_cast<std::size_t>(level)].fetch_add(1, std::memory_order_relaxed);
  logger().log(spdlog_level(level), spdlog::string_view_t(text));
}

std::uint64_t logged_messages(LogLevel level) {
  return counts[static_cast<std::size_t>(level)].load(std::memory_order_relaxed);
}

}  // namespace lastgasp
