#pragma once

// Taking a certificate back.

#include "hub/context.h"
#include "hub/crl_publisher.h"

namespace chancery::hub {

class Revocation {
 public:
  Revocation(Context& context, CrlPublisher& crls) : context_(context), crls_(crls) {}

  // Durable, in the audit trail and on the CRL when it returns. ErrorCode::not_found, or conflict when it is revoked
  // already.
  Status revoke(const pki::Serial& serial, pki::RevocationReason reason, const Caller& caller);

 private:
  Context& context_;
  CrlPublisher& crls_;
};

}  // namespace chancery::hub
