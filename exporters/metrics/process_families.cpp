#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "exporters/metrics/families.h"

namespace lastgasp {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// By custom these names have no prefix: every exporter has them.
void send(const char* name, const char* help, MetricType type, double value,
          const FamilySink& sink) {
  MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  add(family, value);
  sink(std::move(family));
}

struct Stat {  // of /proc/self/stat, in its own units
  double user_ticks = 0, system_ticks = 0, start_ticks = 0, virtual_bytes = 0, resident_pages = 0;
};

Stat read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // The second field, "(name)", may hold anything; what follows its last ')' begins at field 3.
  const auto name_end = text.rfind(')');
  Stat stat;
  if (name_end == std::string::npos) return stat;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 24 && fields >> field; ++number) {
    if (number == 14) stat.user_ticks = std::stod(field);
    if (number == 15) stat.system_ticks = std::stod(field);
    if (number == 22) stat.start_ticks = std::stod(field);
    if (number == 23) stat.virtual_bytes = std::stod(field);
    if (number == 24) stat.resident_pages = std::stod(field);
  }
  return stat;
}

double boot_time() {
  std::ifstream file("/proc/stat");
  std::string word;
  double value = 0;
  while (file >> word)
    if (word == "btime" && file >> value) return value;
  return 0;
}

double open_files() {
  std::error_code ignored;
  double count = 0;
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", ignored);
       it != std::filesystem::directory_iterator(); it.increment(ignored))
    ++count;
  return count;
}

}  // namespace

void process_families(const FamilySink& sink) {
  static const double boot = boot_time();
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const Stat stat = read_stat();
  send("process_cpu_seconds_total", "User and system CPU time spent in seconds.",
       MetricType::Counter, (stat.user_ticks + stat.system_ticks) / ticks, sink);
  send("process_resident_memory_bytes", "Resident memory size in bytes.", MetricType::Gauge,
       stat.resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)), sink);
  send("process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::Gauge,
       stat.virtual_bytes, sink);
  send("process_open_fds", "Number of open file descriptors.", MetricType::Gauge, open_files(),
       sink);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
    send("process_max_fds", "Maximum number of open file descriptors.", MetricType::Gauge,
         static_cast<double>(limit.rlim_cur), sink);
  send("process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
       MetricType::Gauge, boot + stat.start_ticks / ticks, sink);
}

}  // namespace lastgasp
