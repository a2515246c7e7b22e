#include "collector/console/backoff.h"

#include <algorithm>
#include <utility>

namespace lastgasp {

Backoff::Backoff(Micros first, Micros most, std::function<double()> random)
    : first_(std::min(first, most)), most_(most), step_(first_), random_(std::move(random)) {}

Micros Backoff::next() {
  const Micros half = step_ / 2;
  const double share = std::clamp(random_(), 0.0, 1.0);
  const Micros wait =
      half + Micros(static_cast<Micros::rep>(share * static_cast<double>((step_ - half).count())));
  step_ = std::min(step_ * 2, most_);
  return wait;
}

}  // namespace lastgasp
