#include "exporters/webhook/webhook.h"

#include "exporters/webhook/webhook_json.h"

namespace lastgasp {
namespace {

class WebhookChannel final : public Channel {
 public:
  explicit WebhookChannel(WebhookSettings settings)
      : settings_(std::move(settings)),
        http_(settings_.url, settings_.timeout, settings_.headers) {}

  const DeliveryPolicy& policy() const override { return policy_; }
  std::string body(const Alert& alert, WallTime) const override {
    return webhook_json(alert, settings_.receiver, settings_.external_url);
  }
  Reply deliver(const std::vector<Notification>& notifications,
                const std::atomic<bool>& stop) override {
    return http_channel_reply(http_.post(notifications.front().body, stop));
  }

 private:
  const DeliveryPolicy policy_;
  const WebhookSettings settings_;
  HttpPost http_;
};

}  // namespace

std::unique_ptr<Channel> webhook_channel(WebhookSettings settings) {
  return std::make_unique<WebhookChannel>(std::move(settings));
}

}  // namespace lastgasp
