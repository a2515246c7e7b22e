#include "collector/app/certificate_watch.h"

#include <sys/stat.h>

#include "collector/app/web_access.h"
#include "collector/core/error.h"
#include "collector/core/log.h"

namespace lastgasp {

std::array<CertificateWatch::Stamp, 2> CertificateWatch::stamps(const TlsSettings& tls) {
  std::array<Stamp, 2> stamps{};
  const std::array<const std::filesystem::path*, 2> files{&tls.certificate_file, &tls.key_file};
  for (std::size_t i = 0; i < files.size(); ++i) {
    struct stat file {};
    if (::stat(files[i]->c_str(), &file) != 0) continue;  // poll() says so when it reads it
    stamps[i] = {static_cast<std::int64_t>(file.st_ino), file.st_size, file.st_mtim.tv_sec,
                 file.st_mtim.tv_nsec};
  }
  return stamps;
}

void CertificateWatch::watch(const std::optional<TlsSettings>& tls) {
  tls_ = tls;
  problem_.clear();
  if (tls_) seen_ = stamps(*tls_);
}

std::optional<TlsSettings> CertificateWatch::poll() {
  if (!tls_) return std::nullopt;
  const auto now = stamps(*tls_);
  if (now == seen_) return std::nullopt;
  try {
    tls_ = read_again(*tls_);
    seen_ = now;
    problem_.clear();
    log_info("the certificate in " + tls_->certificate_file.string() + " is new");
    return tls_;
  } catch (const Error& error) {
    if (problem_ != error.what())
      log_warning("the certificate changed, the old one stays: " + std::string(error.what()));
    problem_ = error.what();
    return std::nullopt;
  }
}

}  // namespace lastgasp
