#include "rules/engine/cost.h"

#include <re2/set.h>

#include <algorithm>
#include <ctime>

#include "rules/engine/ordinary_text.h"
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

long lines_of_ordinary_text() {
  static const auto lines = std::count(ordinary_text().begin(), ordinary_text().end(), '\n');
  return lines;
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
  const std::string pattern = "Kernel panic - not syncing: (.+)";
  re2::RE2::Set plain = alone(pattern);
  plain.Compile();
  plain_ = fastest_of(4, plain);
  plain_size_ = Expression(pattern).compiled().ProgramSize();
}

CostProbe::Cost CostProbe::of(const std::string& pattern, const Expression& expression) const {
  const std::string room = std::to_string(kMaxAutomatonBytes / 1024) + " KiB";
  const int size = expression.compiled().ProgramSize();
  if (size > kMaxProgramSize) {
    return {"it compiles to " + std::to_string(size) + " instructions, " +
                std::to_string(size / plain_size_) + " times those of a plain rule; at most " +
                std::to_string(kMaxProgramSize) +
                " are allowed; shorten counted repetitions such as " + "{1,1000}",
            {}};
  }
  re2::RE2::Set set = alone(pattern);
  if (!set.Compile()) {
    return {"its program of " + std::to_string(size) + " instructions, " +
                std::to_string(size / plain_size_) +
                " times those of a plain rule, does not fit into " + room +
                "; shorten what is repeated",
            {}};
  }
  // The first pass builds the states; hardly any rule needs more than it.
  const nanoseconds first = read_ordinary_text(set);
  const nanoseconds line = first / lines_of_ordinary_text();
  if (first < kMaxRatio * plain_) return {{}, line};
  const nanoseconds time = fastest_of(3, set);
  if (time < kMaxRatio * plain_) return {{}, line};
  return {"it reads ordinary lines " + std::to_string(time / plain_) +
              " times slower than a plain rule, at most " + std::to_string(kMaxRatio) +
              " times is allowed, since its automaton outgrows " + room +
              "; begin it with a fixed word, or shorten what is repeated",
          line};
}

}  // namespace lastgasp
