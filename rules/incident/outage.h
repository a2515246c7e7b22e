// Consoles from which nothing comes any more, because they are silent or because their link is
// down. Looks at all of them at once, so that a site without power or a dead console server is one
// incident and not one for each of its consoles. Pure; belongs to one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "collector/core/clock.h"
#include "rules/incident/incident.h"

namespace lastgasp {

struct OutageSettings {
  std::vector<std::string> sites{"site", "pop"};  // labels whose consoles may all fail at once
  Micros down_after{std::chrono::minutes(5)};     // a link that is down for longer is out

  // What fails is given so long to show how far it reaches, and to prove that it is back.
  Micros settle() const { return std::min<Micros>(std::chrono::minutes(1), down_after / 5); }
};

// What several consoles hang on.
struct OutageGroup {
  std::string name;   // "site fra1", "ts1.fra1": stands for the console in its incident
  std::string place;  // "at site fra1", "behind ts1.fra1"
};
OutageGroup site_group(std::string_view label, std::string_view value);
OutageGroup server_group(std::string_view host);

struct ConsoleActivity {
  std::string_view console;
  std::span<const OutageGroup> groups;  // of two with the same consoles the first gives the name
  bool up = false;
  MonoTime link_since{};  // when the link came up or went down, or watching began
  MonoTime last_byte{};   // zero: none since watching began
  Micros allowed{};       // without a byte for longer it is silent; 0 is never
};

// A silent console is an incident, one that is down is not. At least 3 consoles that are out, and
// at least as many as are not, are an incident of the group that explains most of them; the
// incidents of its members become part of it. It is over when fewer than a quarter are out.
class OutageWatch {
 public:
  explicit OutageWatch(OutageSettings settings = {}) : settings_(std::move(settings)) {}
  OutageWatch(const OutageWatch&) = delete;
  OutageWatch& operator=(const OutageWatch&) = delete;

  // `change` is called for each incident that opens, grows or resolves, with state set; it sets id
  // at the first call. To be called about once a second.
  void check(std::span<const ConsoleActivity> consoles, Instant now,
             const std::function<void(Incident&)>& change);
  // After a restart, before the first check: what was open. Its consoles count as out until they
  // prove otherwise.
  void restore(std::vector<Incident> open);
  void set_settings(OutageSettings settings) { settings_ = std::move(settings); }
  std::vector<Incident> open_incidents() const;

 private:
  friend class OutageCheck;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <typename T>
  using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

  struct GroupOutage {
    Incident incident;
    std::unordered_set<std::string> members;  // as incident.consoles
    std::size_t out = 0;                      // of its consoles now
    MonoTime recovering{};                    // since when fewer than a quarter are; zero: more are
  };
  struct Out {
    bool down = false;  // or silent
    MonoTime since{};   // when that was seen; zero: before the restart
    GroupOutage* part_of = nullptr;
    std::uint64_t seen = 0;
  };

  OutageSettings settings_;
  ByName<Out> out_;           // the consoles that are
  ByName<Incident> singles_;  // by console
  std::map<std::string, GroupOutage, std::less<>> groups_;
  ByName<MonoTime> pending_;  // groups that may be about to fail, and since when
  std::uint64_t round_ = 0;
};

}  // namespace lastgasp
