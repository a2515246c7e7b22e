#include "exporters/web/tls.h"

#include <gnutls/crypto.h>

#include <array>
#include <memory>
#include <string>

#include "collector/core/error.h"

namespace lastgasp {
namespace {

constexpr unsigned kMostCertificates = 16;  // of a chain

gnutls_datum_t datum(const std::string& text) {
  // GnuTLS only reads it; its C interface has no const.
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

}  // namespace

void check_tls(const TlsSettings& settings) {
  gnutls_certificate_credentials_t raw = nullptr;
  if (gnutls_certificate_allocate_credentials(&raw) != 0) throw Error("out of memory");
  const std::unique_ptr<gnutls_certificate_credentials_st,
                        decltype(&gnutls_certificate_free_credentials)>
      credentials(raw, gnutls_certificate_free_credentials);
  const auto certificates = datum(settings.certificates);
  const auto key = datum(settings.key);
  const int error =
      gnutls_certificate_set_x509_key_mem(raw, &certificates, &key, GNUTLS_X509_FMT_PEM);
  if (error == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    throw Error("the key in key_file is not that of the first certificate in cert_file");
  if (error < 0)
    throw Error(std::string("cert_file and key_file are no PEM pair: ") + gnutls_strerror(error));
}

const char* tls_priorities(const TlsSettings& settings) {
  return settings.tls13_only ? "NORMAL:-VERS-ALL:+VERS-TLS1.3"
                             : "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
}

std::string public_key_digest(const TlsSettings& settings) {
  const auto certificates = datum(settings.certificates);
  gnutls_pcert_st own{};
  if (gnutls_pcert_import_x509_raw(&own, &certificates, GNUTLS_X509_FMT_PEM, 0) < 0)
    throw Error("cert_file has no certificate that can be read");
  gnutls_datum_t key{}, text{};
  std::array<unsigned char, 32> digest{};
  const bool done = gnutls_pubkey_export2(own.pubkey, GNUTLS_X509_FMT_DER, &key) >= 0 &&
                    gnutls_hash_fast(GNUTLS_DIG_SHA256, key.data, key.size, digest.data()) >= 0;
  gnutls_free(key.data);
  gnutls_pcert_deinit(&own);
  const gnutls_datum_t binary{digest.data(), static_cast<unsigned>(digest.size())};
  if (!done || gnutls_base64_encode2(&binary, &text) < 0)
    throw Error("cert_file has a public key that cannot be read");
  std::string encoded(reinterpret_cast<const char*>(text.data), text.size);
  gnutls_free(text.data);
  return encoded;
}

bool present_certificate(const TlsSettings& settings, gnutls_pcert_st** certificates,
                         unsigned* count, gnutls_privkey_t* key) {
  auto* const list =
      static_cast<gnutls_pcert_st*>(gnutls_calloc(kMostCertificates, sizeof(gnutls_pcert_st)));
  if (!list) return false;
  unsigned found = kMostCertificates;
  const auto certificate_text = datum(settings.certificates);
  const auto key_text = datum(settings.key);
  if (gnutls_pcert_list_import_x509_raw(list, &found, &certificate_text, GNUTLS_X509_FMT_PEM, 0) <
      0) {
    gnutls_free(list);
    return false;
  }
  gnutls_privkey_t own = nullptr;
  if (gnutls_privkey_init(&own) < 0 ||
      gnutls_privkey_import_x509_raw(own, &key_text, GNUTLS_X509_FMT_PEM, nullptr, 0) < 0) {
    if (own) gnutls_privkey_deinit(own);
    for (unsigned i = 0; i < found; ++i) gnutls_pcert_deinit(&list[i]);
    gnutls_free(list);
    return false;
  }
  *certificates = list;
  *count = found;
  *key = own;
  return true;
}

}  // namespace lastgasp
