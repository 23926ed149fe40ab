#pragma once

// What a TLS server needs from OpenSSL: a checked context.

#include <openssl/ssl.h>

#include <memory>

#include "base/error.h"
#include "http/tls_identity.h"

namespace chancery::http {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

struct TlsContextOptions {
  bool request_client_certificate = false;  // Any is taken, and none is.
};

// TLS 1.2 and later, forward-secret authenticated ciphers, no compression, no renegotiation.
// Errors: invalid (a file or text cannot be read or parsed, or the key is not the certificate's).
[[nodiscard]] Result<TlsContext> make_tls_context(const TlsSource& source, const TlsContextOptions& options);

// For a client's context: the certificates of an identity that has a handle of its key.
[[nodiscard]] Status show_identity(SSL_CTX* context, const TlsIdentity& identity);

}  // namespace chancery::http
