// What it costs to match a line against all rules: ns per line (of about 80 bytes), with the
// built-in packs and with 30 to 1,000 made-up rules, beside one RE2 for each rule in a loop.
#include <benchmark/benchmark.h>
#include <re2/re2.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rules/engine/rule_set.h"
#include "rules/packs/built_in_packs.h"

namespace lastgasp {
namespace {

constexpr std::size_t kLines = 1000;

std::vector<Pack> built_in() {
  std::vector<Pack> packs;
  for (const BuiltInPack& pack : built_in_packs()) {
    packs.push_back(parse_pack(pack.yaml, std::string(pack.file)));
  }
  return packs;
}

// As many rules as asked for, each with a word and a number of its own.
std::vector<Pack> made_up(int rules) {
  static constexpr const char* kWords[] = {"kernel", "fault",  "watchdog", "memory", "reset",
                                           "parity", "thread", "machine",  "stack",  "fabric"};
  Pack pack;
  for (int i = 0; i < rules; ++i) {
    const std::string word = kWords[i % 10];
    Rule rule;
    rule.id = "made_up.r" + std::to_string(i);
    rule.match =
        "%" + word + "-" + std::to_string(i) + R"(: (?P<what>.+?) error at (?P<address>\w+))";
    rule.samples = {"%" + word + "-" + std::to_string(i) + ": bus error at 7f001c"};
    pack.rules.push_back(rule);
  }
  return {pack};
}

// Ordinary lines; `hits` in a thousand are samples of the rules.
std::vector<std::string> traffic(const RuleSet& rules, unsigned hits) {
  std::mt19937 random(1);
  const auto number = [&](unsigned below) { return std::to_string(random() % below); };
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < kLines; ++i) {
    if (random() % 1000 < hits) {
      lines.push_back(rules.rules()[random() % rules.rules().size()].samples.front());
      continue;
    }
    switch (random() % 4) {
      case 0:
        lines.push_back("Nov 21 18:43:" + number(60) + "." + number(1000) +
                        ": %LINK-3-UPDOWN: Interface GigabitEthernet0/" + number(48) +
                        ", changed state to up");
        break;
      case 1:
        lines.push_back("[" + number(99999) + "." + number(999999) + "] e1000e 0000:00:19.0 eno" +
                        number(9) + ": NIC Link is Up 1000 Mbps Full Duplex");
        break;
      case 2:
        lines.push_back("203.0.113." + number(255) + "  4  64496 " + number(1999999) + " " +
                        number(999999) + " 5500173    0    0 24w3d       " + number(999999));
        break;
      default:
        lines.push_back("Nov 21 18:50:01 pe1 sshd[" + number(32768) +
                        "]: Accepted publickey for noc from 198.51.100." + number(255) +
                        " port 51514");
    }
  }
  return lines;
}

void fast(benchmark::State& state, const std::vector<Pack>& packs, unsigned hits) {
  Matcher matcher(RuleSet::compile(packs));
  const auto lines = traffic(matcher.rules(), hits);
  std::size_t found = 0;
  for (auto _ : state) {
    for (const std::string& line : lines) found += matcher.match(line, "").size();
  }
  benchmark::DoNotOptimize(found);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
  state.counters["rules"] = static_cast<double>(matcher.rules().rules().size());
  state.counters["slow"] = static_cast<double>(matcher.slow_lines());
}

void one_by_one(benchmark::State& state, const std::vector<Pack>& packs, unsigned hits) {
  const auto set = RuleSet::compile(packs);
  const auto lines = traffic(*set, hits);
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  std::vector<std::unique_ptr<re2::RE2>> expressions;
  for (const Rule& rule : set->rules()) {
    expressions.push_back(std::make_unique<re2::RE2>(rule.match, options));
  }
  std::size_t found = 0;
  for (auto _ : state) {
    for (const std::string& line : lines) {
      for (const auto& expression : expressions) found += re2::RE2::PartialMatch(line, *expression);
    }
  }
  benchmark::DoNotOptimize(found);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
}

void built_in_boring(benchmark::State& state) { fast(state, built_in(), 0); }
void built_in_40_permille_hits(benchmark::State& state) { fast(state, built_in(), 40); }
void built_in_one_by_one(benchmark::State& state) { one_by_one(state, built_in(), 0); }
// What a line costs must hardly depend on how many rules there are.
int rules_of(const benchmark::State& state) { return static_cast<int>(state.range(0)); }
void made_up_boring(benchmark::State& state) { fast(state, made_up(rules_of(state)), 0); }
void made_up_40_permille_hits(benchmark::State& state) {
  fast(state, made_up(rules_of(state)), 40);
}
void made_up_one_by_one(benchmark::State& state) { one_by_one(state, made_up(300), 0); }
BENCHMARK(built_in_boring);
BENCHMARK(built_in_40_permille_hits);
BENCHMARK(built_in_one_by_one);
BENCHMARK(made_up_boring)->ArgName("rules")->Arg(30)->Arg(100)->Arg(300)->Arg(1000);
BENCHMARK(made_up_40_permille_hits)->ArgName("rules")->Arg(30)->Arg(100)->Arg(300)->Arg(1000);
BENCHMARK(made_up_one_by_one);

// What every start of the program pays.
void read_built_in_packs(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(built_in());
}
void compile_built_in_packs(benchmark::State& state) {
  const auto packs = built_in();
  for (auto _ : state) benchmark::DoNotOptimize(RuleSet::compile(packs));
}
BENCHMARK(read_built_in_packs)->Unit(benchmark::kMillisecond);
BENCHMARK(compile_built_in_packs)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lastgasp
