#include "exporters/alertmanager/alertmanager.h"

#include "exporters/alertmanager/alert_json.h"
#include "exporters/delivery/http_post.h"

namespace lastgasp {
namespace {

std::string api_url(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url + "/api/v2/alerts";
}

std::string joined(const std::vector<Notification>& notifications) {
  std::string body = "[";
  for (const Notification& one : notifications) {
    if (body.size() > 1) body += ',';
    body += one.body;
  }
  return body + "]";
}

class AlertmanagerChannel final : public Channel {
 public:
  AlertmanagerChannel(const std::string& url, Micros timeout) : http_(api_url(url), timeout) {}

  const DeliveryPolicy& policy() const override { return policy_; }
  std::string body(const Alert& alert, WallTime ends) const override {
    return alert_json(alert, ends);
  }
  Reply deliver(const std::vector<Notification>& notifications,
                const std::atomic<bool>& stop) override {
    return http_channel_reply(http_.post(joined(notifications), stop));
  }

 private:
  const DeliveryPolicy policy_{.batch_alerts = 500,
                               .repeats = true,
                               .resend = std::chrono::minutes(1),
                               .ends_after = std::chrono::minutes(4),
                               .minimum_hold = std::chrono::minutes(15)};
  HttpPost http_;
};

}  // namespace

std::unique_ptr<Channel> alertmanager_channel(const std::string& url, Micros timeout) {
  return std::make_unique<AlertmanagerChannel>(url, timeout);
}

}  // namespace lastgasp
