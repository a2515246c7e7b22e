// What masking secrets costs: ns per line (of about 80 bytes) that has no keyword, whole, coloured,
// or a character at a time, and of a configuration full of secrets; beside memchr for the line
// ends.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "collector/app/rule_source.h"
#include "rules/redaction/redactor.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLines = 1000;
constexpr std::size_t kChunk = 4096;

std::string lines_of(std::initializer_list<std::string_view> kinds) {
  std::string text;
  for (std::size_t i = 0; i < kLines; ++i) text.append(kinds.begin()[i % kinds.size()]);
  return text;
}

std::string ordinary() {
  return lines_of(
      {"Nov 21 18:43:12.123: %LINK-3-UPDOWN: Interface Gi0/17, changed state to up\r\n",
       "[   12.345678] e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full\r\n",
       "203.0.113.7  4  64496 1999999 999999 5500173    0    0 24w3d       999999\r\n",
       "Nov 21 18:50:01 pe1 sshd[7]: Accepted publickey for noc from 198.51.100.9\r\n"});
}

void feed(benchmark::State& state, const std::string& text, std::size_t chunk) {
  const Redactor::Rules rules = compile_redaction({}, {});
  Redactor redactor;
  std::size_t out = 0;
  for (auto _ : state)
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t part = std::min(chunk, rest.size());
      out += redactor.feed(rules, rest.substr(0, part), {}).size();
      rest.remove_prefix(part);
    }
  benchmark::DoNotOptimize(out);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
  state.counters["ns_per_line"] = benchmark::Counter(
      static_cast<double>(kLines) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void ordinary_lines(benchmark::State& state) { feed(state, ordinary(), kChunk); }
void ordinary_lines_one_by_one(benchmark::State& state) { feed(state, ordinary(), 76); }
void coloured_lines(benchmark::State& state) {
  feed(state,
       lines_of(
           {"\x1b[0;32m[  OK  ]\x1b[0m Started \x1b[1mnetwork-manager.service\x1b[0m and all\r\n"}),
       kChunk);
}
void ordinary_characters(benchmark::State& state) { feed(state, ordinary(), 1); }
void secrets(benchmark::State& state) {
  feed(state,
       lines_of({"username noc privilege 15 secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GO\r\n",
                 "snmp-server community 7 046E1803362E595C RW\r\n",
                 " neighbor 10.0.0.1 password 7 13061E010803\r\n",
                 "tacacs-server host 10.0.0.1 key 7 0822455D0A16\r\n"}),
       kChunk);
}
void memchr_alone(benchmark::State& state) {
  const std::string text = ordinary();
  std::size_t found = 0;
  for (auto _ : state)
    for (const char* at = text.data();
         (at = static_cast<const char*>(
              std::memchr(at, '\n', static_cast<std::size_t>(text.data() + text.size() - at))));
         ++at)
      ++found;
  benchmark::DoNotOptimize(found);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
}
BENCHMARK(ordinary_lines);
BENCHMARK(ordinary_lines_one_by_one);
BENCHMARK(coloured_lines);
BENCHMARK(ordinary_characters);
BENCHMARK(secrets);
BENCHMARK(memchr_alone);

}  // namespace
}  // namespace lastgasp
