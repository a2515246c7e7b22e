// A running collector as the web server sees it, with fixed answers.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporters/web/backend.h"

namespace lastgasp {

class FakeBackend final : public WebBackend {
 public:
  std::vector<ConsoleView> views;
  std::filesystem::path folder = "/nonexistent/lastgasp";  // before the first request
  std::shared_ptr<const RuleSet> rule_set = RuleSet::compile({});
  MatchTotals rule_totals;
  std::atomic<bool> is_ready{true};
  ReloadResult reload_result{true, "2 consoles added"};
  std::atomic<int> reloads{0};
  std::vector<DeliveryRecord> delivered;
  std::function<bool(const IncidentNote&)> keep_note;
  Instant time{WallTime{std::chrono::hours(500'000)}, MonoTime{std::chrono::hours(1)}};

  std::string version() const override { return "1.2.3"; }
  std::vector<ConsoleView> consoles() const override { return views; }
  RulesView rules() const override { return {rule_set, rule_totals}; }
  std::string explain(std::string_view line, const std::string& platform) const override {
    return "{\"lines\":[\"" + std::string(line) + "\"],\"platform\":\"" + platform + "\"}";
  }
  std::string metrics() const override { return "lastgasp_build_info 1\n"; }
  bool ready() const override { return is_ready; }
  ReloadResult reload() override {
    ++reloads;
    return reload_result;
  }
  OpenFiles& transcripts() override {
    const std::lock_guard lock(mutex_);
    if (!files_) files_.emplace(folder);
    return *files_;
  }
  Instant now() const override { return time; }
  std::vector<DeliveryRecord> deliveries(std::int64_t) const override { return delivered; }
  bool annotate(const IncidentNote& note) override {
    const std::lock_guard lock(mutex_);
    return keep_note && keep_note(note);
  }
  void served(std::string_view handler, int code, Micros) override {
    const std::lock_guard lock(mutex_);
    ++served_[std::string(handler) + ' ' + std::to_string(code)];
  }

  int served_count(const std::string& handler_and_code) {
    const std::lock_guard lock(mutex_);
    return served_[handler_and_code];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> served_;
  std::optional<OpenFiles> files_;
};

}  // namespace lastgasp
