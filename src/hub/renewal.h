#pragma once

// Whether a request signed with a certificate of ours may replace that certificate.

#include <optional>

#include "hub/context.h"
#include "hub/outcome.h"
#include "scep/pki_message.h"

namespace chancery::hub {

// The ledger's record of the certificate that signed the message; nothing when it is none of ours (self-signed, another
// CA's, or one that only claims our name: the bytes must be the ones that were issued).
Result<std::optional<ca::CertificateRecord>> find_own_certificate(Context& context,
                                                                  const pki::Certificate& certificate);

struct RenewalQuestion {
  const Endpoint& endpoint;
  const pki::Certificate& old_certificate;
  const ca::CertificateRecord& old_record;
  const ca::IssuanceRequest& wanted;  // as the device asks
  const pki::Name& subject;           // what the policy's template makes of it
};
// Nothing when it may: endpoint, revocation, validity, renewal window, subject and alternative names are looked at.
[[nodiscard]] std::optional<Refusal> refuse_renewal(const RenewalQuestion& question, Timestamp now);

struct RenewalCount {
  const Endpoint& endpoint;
  ByteView certificate;  // SHA-256 of the certificate that signs, by which its transactions are known
  ByteView key;          // SHA-256 of the public key to be certified
  Timestamp now;
};
// Nothing when there may be one more. A certificate that was stolen, or a device that forgets what it got, would else
// bring any number of certificates. To be called in the transaction that records the renewal.
Result<std::optional<Refusal>> refuse_more_renewals(Books& books, const RenewalCount& count);

}  // namespace chancery::hub
