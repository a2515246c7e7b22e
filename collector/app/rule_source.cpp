#include "collector/app/rule_source.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <span>
#include <thread>

#include "rules/packs/built_in_packs.h"

namespace lastgasp {
namespace {

constexpr unsigned kMostReaders = 4;

// Reading YAML is a good part of a start: several threads take one pack after the other.
std::vector<Pack> parsed(std::span<const BuiltInPack> texts) {
  std::vector<Pack> packs(texts.size());
  std::atomic<std::size_t> next{0};
  const auto read = [&] {
    for (std::size_t i = next++; i < texts.size(); i = next++)
      packs[i] = parse_pack(texts[i].yaml, "built-in " + std::string(texts[i].file));
  };
  std::vector<std::future<void>> others;
  for (unsigned i = 1; i < std::min(kMostReaders, std::thread::hardware_concurrency()); ++i)
    others.push_back(std::async(std::launch::async, read));
  read();
  for (auto& other : others) other.get();
  return packs;
}

}  // namespace

std::vector<Pack> all_packs(const std::filesystem::path& user_folder) {
  std::vector<Pack> packs = parsed(built_in_packs());
  if (user_folder.empty()) return packs;
  for (Pack& pack : load_packs(user_folder)) packs.push_back(std::move(pack));
  return packs;
}

std::vector<RedactionPack> all_redaction_packs(const std::filesystem::path& user_folder) {
  std::vector<RedactionPack> packs;
  for (const RedactionPackText& pack : built_in_redaction_packs())
    packs.push_back(parse_redaction_pack(pack.yaml, "built-in " + std::string(pack.name)));
  if (user_folder.empty()) return packs;
  for (RedactionPack& pack : load_redaction_packs(user_folder)) packs.push_back(std::move(pack));
  return packs;
}

std::shared_ptr<const RedactionSet> compile_redaction(const std::filesystem::path& user_folder,
                                                      const std::vector<std::string>& disabled) {
  return RedactionSet::compile(all_redaction_packs(user_folder), disabled);
}

std::shared_ptr<const RuleSet> compile_rules(const std::filesystem::path& user_folder,
                                             const std::vector<std::string>& disabled) {
  return RuleSet::compile(all_packs(user_folder), disabled);
}

}  // namespace lastgasp
