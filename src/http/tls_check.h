#pragma once

// Whether a TLS server could start with certificate and key, asked without one.

#include "base/error.h"
#include "http/tls_identity.h"

namespace chancery::http {

// ErrorCode::invalid as the server's start would tell it: a file cannot be read or parsed, or the key is not the
// certificate's.
Status check_tls(const TlsSource& source);

}  // namespace chancery::http
