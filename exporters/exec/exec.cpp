#include "exporters/exec/exec.h"

#include "exporters/exec/program.h"
#include "exporters/webhook/webhook_json.h"

namespace lastgasp {
namespace {

// Nothing that a console printed: names and numbers of ours and of the configuration.
std::vector<std::string> environment_of(const Alert& alert) {
  const auto variable = [&](const char* name, std::string_view value) {
    return "LASTGASP_" + std::string(name) + "=" + std::string(value);
  };
  return {variable("INCIDENT", std::to_string(alert.incident)),
          variable("STATUS", alert.resolved ? "resolved" : "firing"),
          variable("SEVERITY", label(alert, "severity")), variable("KIND", label(alert, "kind")),
          variable("CONSOLE", label(alert, "console"))};
}

class ExecChannel final : public Channel {
 public:
  explicit ExecChannel(ExecSettings settings) : settings_(std::move(settings)) {}

  const DeliveryPolicy& policy() const override { return policy_; }
  std::string body(const Alert& alert, WallTime) const override {
    return webhook_json(alert, settings_.receiver, settings_.external_url);
  }
  Reply deliver(const std::vector<Notification>& notifications,
                const std::atomic<bool>& stop) override {
    const Notification& one = notifications.front();
    ProgramRun run = run_program(settings_.arguments, environment_of(one.alert), one.body,
                                 settings_.timeout, stop);
    return {run.ok ? Outcome::accepted : Outcome::failed, std::move(run.trouble)};
  }

 private:
  const DeliveryPolicy policy_;
  const ExecSettings settings_;
};

}  // namespace

std::unique_ptr<Channel> exec_channel(ExecSettings settings) {
  return std::make_unique<ExecChannel>(std::move(settings));
}

}  // namespace lastgasp
