// The server's certificate and key, for GnuTLS.
#pragma once

#include <gnutls/abstract.h>

#include <string>

#include "exporters/web/access.h"

namespace lastgasp {

// Throws Error when the certificates cannot be read, or the key is not that of the first.
void check_tls(const TlsSettings& settings);

// Which versions of the protocol, in GnuTLS's words.
const char* tls_priorities(const TlsSettings& settings);

// The SHA-256 of the public key in the server's own certificate, in base64: by it a client that has
// the certificate's file knows the server, whatever name it is reached by. Throws Error.
std::string public_key_digest(const TlsSettings& settings);

// What one handshake is shown: new objects, which GnuTLS frees (GNUTLS_CERT_RETR_DEINIT_ALL).
// False when they cannot be made.
bool present_certificate(const TlsSettings& settings, gnutls_pcert_st** certificates,
                         unsigned* count, gnutls_privkey_t* key);

}  // namespace lastgasp
