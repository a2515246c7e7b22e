// The counters of one console. Written by its shard's thread with relaxed stores, read by the
// scrape: no lock, no look-up, nothing allocated per line.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/rule.h"

namespace lastgasp {

enum class ConsoleState : std::uint8_t { connecting, up, silent, garbled, down };
inline constexpr std::array<std::string_view, 5> kConsoleStateNames{"connecting", "up", "silent",
                                                                    "garbled", "down"};

// What opens an incident and so has a series for each console.
inline constexpr std::array kIncidentKinds{Kind::panic,
                                           Kind::crash,
                                           Kind::hang,
                                           Kind::oom,
                                           Kind::process_crash,
                                           Kind::hardware,
                                           Kind::watchdog,
                                           Kind::kernel_warning,
                                           Kind::storage,
                                           Kind::environment,
                                           Kind::stuck,
                                           Kind::reboot_loop,
                                           Kind::unexpected_reboot};
// (silence is the fourteenth; it is kept in the same arrays at kSilenceSlot.)
inline constexpr std::size_t kSilenceSlot = kIncidentKinds.size();
inline constexpr std::size_t kIncidentSlots = kIncidentKinds.size() + 1;
// Only for kinds that have a slot.
std::size_t incident_slot(Kind kind);
Kind incident_kind(std::size_t slot);

// Why `name` cannot be a console label in the configuration: not a Prometheus label name, or taken
// by console_info, by alerts or by Prometheus itself. Empty when it can. Pure.
std::string label_name_problem(std::string_view name);

// Boots on all consoles by why they came, in the order of kBootReasonNames. A boot counts when it
// is done or the next one begins: its reason may be told late.
using BootCounts = std::array<std::atomic<std::uint64_t>, kBootReasonNames.size()>;

struct ConsoleMetrics {
  // Fixed while the console exists.
  std::string name;
  std::string transport;
  std::vector<std::pair<std::string, std::string>> labels;  // from the configuration

  std::atomic<ConsoleState> state{ConsoleState::connecting};
  std::atomic<std::uint8_t> reason{0};     // LinkReason
  std::atomic<std::uint16_t> platform{0};  // index into the metrics' table of platform names
  std::atomic<std::uint64_t> received_bytes{0}, received_lines{0}, lost_bytes{0};
  std::atomic<std::uint64_t> framing_errors{0}, parity_errors{0}, overrun_errors{0}, breaks{0};
  std::atomic<std::uint64_t> connect_attempts{0}, connect_failures{0}, disconnects{0};
  std::atomic<std::int64_t> last_received_us{0};  // wall time; 0 never
  std::atomic<std::uint64_t> boots{0};
  std::atomic<std::int64_t> last_boot_us{0};           // wall time of its first line; 0 never
  std::atomic<std::int64_t> last_boot_duration_us{0};  // of the last that was done; 0 none was
  std::array<std::atomic<std::uint64_t>, kIncidentSlots> incidents{};
  std::array<std::atomic<std::uint32_t>, kIncidentSlots> incidents_active{};
  std::array<std::atomic<std::int64_t>, kIncidentSlots> last_incident_us{};
};

}  // namespace lastgasp
