#pragma once

// The server's own certificate, at the doors that show it.

#include "http/server.h"
#include "hub/server_certificate.h"

namespace chancery::program {

[[nodiscard]] http::TlsIdentity identity_of(const hub::ServerCertificate& certificate);
// All listeners of `server`, each of which has TLS, show it as it is now to those who connect from now on; the others
// stay connected.
Status show_certificate(http::Server& server, const hub::ServerCertificate& certificate);

}  // namespace chancery::program
