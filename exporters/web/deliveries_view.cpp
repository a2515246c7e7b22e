#include "exporters/web/deliveries_view.h"

#include "exporters/web/page_parts.h"

namespace lastgasp {
namespace {

std::string how_far(const DeliveryRecord& delivery) {
  return delivery.receiver + ": " + delivery.state +
         (delivery.error.empty() ? "" : " (" + delivery.error + ")");
}

}  // namespace

void deliveries_view(Html& html, const std::vector<DeliveryRecord>& deliveries) {
  if (deliveries.empty()) return;
  html.element("section", {}, [&] {
    html.element("h2", {}, "Alerts sent");
    html.element("ol", {{"class", "findings"}}, [&] {
      for (const DeliveryRecord& delivery : deliveries)
        html.element("li", {}, [&] {
          if (delivery.sent != WallTime{}) stamp(html, delivery.sent, Stamp::second);
          html.element("span", {{"class", "what"}}, how_far(delivery));
        });
    });
  });
}

}  // namespace lastgasp
