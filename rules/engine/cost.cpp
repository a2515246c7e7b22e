#include "rules/engine/cost.h"

#include <re2/set.h>

#include <algorithm>
#include <ctime>

#include "rules/engine/re2_options.h"

namespace lastgasp {
namespace {

using std::chrono::nanoseconds;

// What this thread has used of a processor; what other threads do does not count.
nanoseconds thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

nanoseconds read_ordinary_text(const re2::RE2::Set& set) {
  const nanoseconds begin = thread_time();
  std::string_view text = ordinary_text();
  while (!text.empty()) {
    const auto end = text.find('\n');
    set.Match(piece(text.substr(0, end)), nullptr);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return thread_time() - begin;
}

nanoseconds fastest_of(int passes, const re2::RE2::Set& set) {
  nanoseconds fastest = nanoseconds::max();
  for (int i = 0; i < passes; ++i) fastest = std::min(fastest, read_ordinary_text(set));
  return fastest;
}

re2::RE2::Set alone(const std::string& pattern) {
  re2::RE2::Options options = expression_options();
  options.set_max_mem(kMaxAutomatonBytes);
  re2::RE2::Set set(options, re2::RE2::UNANCHORED);
  set.Add(pattern, nullptr);
  return set;
}

}  // namespace

CostProbe::CostProbe() {
  re2::RE2::Set plain = alone("Kernel panic - not syncing: (.+)");
  plain.Compile();
  limit_ = kMaxRatio * fastest_of(4, plain);
}

std::string CostProbe::problem(const std::string& pattern, const Expression& expression) const {
  const int size = expression.compiled().ProgramSize();
  if (size > kMaxProgramSize) {
    return "too expensive: compiles to " + std::to_string(size) + " instructions, at most " +
           std::to_string(kMaxProgramSize) + "; shorten counted repetitions such as {1,1000}";
  }
  re2::RE2::Set set = alone(pattern);
  if (set.Compile()) {
    // The first pass builds the states; hardly any rule needs more than it.
    if (read_ordinary_text(set) < limit_) return {};
    const nanoseconds time = fastest_of(3, set);
    if (time < limit_) return {};
    return "too expensive: reads ordinary lines " + std::to_string(kMaxRatio * (time / limit_)) +
           " times slower than a plain rule, since its automaton outgrows " +
           std::to_string(kMaxAutomatonBytes / 1024) +
           " KiB; begin it with a fixed word, or shorten what is repeated";
  }
  return "too expensive: does not fit into " + std::to_string(kMaxAutomatonBytes / 1024) + " KiB";
}

}  // namespace lastgasp
