// One device: its name, interfaces and neighbours, and the text its console prints for a template.
// Belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collector/core/clock.h"
#include "console_script.h"
#include "random.h"

namespace lastgasp::bench {

class Device {
 public:
  // `platform` outlives the device.
  Device(const Platform& platform, unsigned number, std::uint64_t seed);

  const std::string& name() const { return name_; }
  // Appends an episode that begins at `at`, on a line of `micros_per_byte`.
  void print_episode(std::string& out, WallTime at, double micros_per_byte);

 private:
  void print_some(std::string& out, const Episode& episode);
  void print_all(std::string& out, const Episode& episode);
  void print_line(std::string& out, const TemplateLine& line);
  void print_field(std::string& out, char field);
  // Each prints a field of its kind: names and words, numbers, addresses and what looks like one,
  // times. False when the field is none.
  bool print_name(std::string& out, char field);
  bool print_number(std::string& out, char field);
  bool print_address(std::string& out, char field);
  bool print_time(std::string& out, char field);
  void set_time(const std::string& out);
  template <typename T>
  const T& one_of(const std::vector<T>& things);
  std::uint64_t any_mac();
  std::uint32_t any_pid();

  const Platform& platform_;
  Random random_;
  std::string name_;
  std::vector<std::string> interfaces_, neighbours_, descriptions_, prefixes_;
  std::vector<std::uint64_t> macs_;
  std::array<std::uint32_t, 12> pids_{};
  std::uint64_t hardware_;
  std::array<std::uint32_t, 8> as_numbers_{};
  std::uint32_t pointer_base_;
  WallTime booted_, begun_{}, now_{};
  double micros_per_byte_ = 0;
  std::size_t begun_at_ = 0;
  std::int64_t second_ = -1;  // what date_ and iso_ say
  std::string date_, iso_, year_;
  bool in_table_ = false;
  unsigned row_ = 0;
};

}  // namespace lastgasp::bench
