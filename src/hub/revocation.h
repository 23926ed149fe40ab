#pragma once

// Taking a certificate back, for good or for a while.

#include "hub/context.h"
#include "hub/crl_publisher.h"

namespace chancery::hub {

struct RevocationOptions {
  bool with_earlier = false;  // what the certificate renews, too, if it is neither revoked for good nor over
};

class Revocation {
 public:
  Revocation(Context& context, CrlPublisher& crls) : context_(context), crls_(crls) {}

  // Durable, in the audit trail and on the CRL when it returns. certificateHold suspends it: that can be released, or
  // become another reason. ErrorCode::not_found, or conflict when it is revoked already: then it is on the CRL, too.
  Status revoke(const pki::Serial& serial, pki::RevocationReason reason, const Caller& caller,
                const RevocationOptions& options = {});
  // Ends a suspension. Durable, in the audit trail and off the CRL when it returns: a full CRL simply does not list it
  // any more (RFC 5280 section 5.3.1; removeFromCRL is for delta CRLs). ErrorCode::not_found, or conflict when it is
  // not suspended.
  Status release(const pki::Serial& serial, const Caller& caller);

 private:
  // Gives `refusal`. Where that is that there is nothing to change, the CRL has by then what was changed before: its
  // making may have failed.
  Status settled(Error refusal, int generation);

  Context& context_;
  CrlPublisher& crls_;
};

}  // namespace chancery::hub
