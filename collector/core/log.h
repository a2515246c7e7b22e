// The daemon's own log, to standard error. Console text passed as an argument must be escaped by
// the caller (bytes.h). Safe from any thread; nothing here may be called on the per-line path.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lastgasp {

enum class LogLevel { debug, info, warning, error };
inline constexpr std::array<std::string_view, 4> kLogLevelNames{"debug", "info", "warning",
                                                                "error"};

void set_log_level(LogLevel least);
void log_message(LogLevel level, const std::string& text);
// Messages logged since the start at `level`, for the exporter.
std::uint64_t logged_messages(LogLevel level);

inline void log_debug(const std::string& text) { log_message(LogLevel::debug, text); }
inline void log_info(const std::string& text) { log_message(LogLevel::info, text); }
inline void log_warning(const std::string& text) { log_message(LogLevel::warning, text); }
inline void log_error(const std::string& text) { log_message(LogLevel::error, text); }

}  // namespace lastgasp
