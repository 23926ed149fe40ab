#include "programs/chancery/server_identity.h"

namespace chancery::program {

http::TlsIdentity identity_of(const hub::ServerCertificate& certificate) {
  hub::ServerIdentity identity = certificate.identity();
  return {std::move(identity.certificates), std::move(identity.key)};
}

Status show_certificate(http::Server& server, const hub::ServerCertificate& certificate) {
  for (std::size_t listener = 0; listener < server.addresses().size(); ++listener)
    TRY_STATUS(server.reload_tls(listener, identity_of(certificate)));
  return {};
}

}  // namespace chancery::program
