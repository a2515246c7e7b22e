// Incidents to a URL of one's own, in the form of Alertmanager's webhooks (webhook_json.h).
#pragma once

#include <memory>
#include <string>

#include "exporters/delivery/channel.h"
#include "exporters/delivery/http_post.h"

namespace lastgasp {

struct WebhookSettings {
  std::string url;  // "https://user:password@hooks.example.net/lastgasp"
  HttpPost::Headers headers;
  Micros timeout{std::chrono::seconds(10)};
  std::string receiver;      // its name, which the JSON tells
  std::string external_url;  // of our own pages; may be empty
};
// Throws Error when the URL is not http or https.
std::unique_ptr<Channel> webhook_channel(WebhookSettings settings);

}  // namespace lastgasp
