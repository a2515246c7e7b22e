// Notices that the files of the certificate were replaced, as who renews it does, without anybody
// saying so. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "exporters/web/access.h"

namespace lastgasp {

class CertificateWatch {
 public:
  // Compares the files with what they are now from here on. Nothing to watch without TLS.
  void watch(const std::optional<TlsSettings>& tls);
  // What the files hold, once after they changed; nothing while they cannot be read or do not
  // belong together, as between the writing of one and of the other. Says once why in the log.
  std::optional<TlsSettings> poll();

 private:
  using Stamp = std::array<std::int64_t, 4>;  // changes whenever a file is written or replaced
  static std::array<Stamp, 2> stamps(const TlsSettings& tls);

  std::optional<TlsSettings> tls_;
  std::array<Stamp, 2> seen_{};
  std::string problem_;
};

}  // namespace lastgasp
