// Which receivers were told of an incident, and how far that got.
#pragma once

#include <vector>

#include "exporters/delivery/delivery_record.h"
#include "exporters/web/html.h"

namespace lastgasp {

// Nothing when nobody was or is to be told.
void deliveries_view(Html& html, const std::vector<DeliveryRecord>& deliveries);

}  // namespace lastgasp
