#pragma once

// Whose certificate that is: from what a TLS client showed to a record of the ledger, and from there to a node. TLS has
// proved that the peer has the key.

#include <optional>

#include "ca/records.h"
#include "fleet/registry.h"
#include "hub/context.h"

namespace chancery::hub {

// The record of a certificate that is good for the link now: the same bytes that were issued, neither it nor a later
// one of its chain revoked (certificate_chain.h), within its validity or its endpoint's grace. ErrorCode::refused says
// why it is not.
Result<ca::CertificateRecord> link_certificate(Context& context, ByteView der);
// The same for one that was good before: it may have been revoked, or have expired.
Status still_good(Context& context, Books& books, std::string_view serial);

// The place that the certificate was issued for: where it was seen before; else by the challenge that was minted for a
// node; else by the certificate that it replaces, however many renewals ago. What a node says of itself does not count.
Result<std::optional<fleet::Place>> resolve_place(Books& books, const ca::CertificateRecord& record);

}  // namespace chancery::hub
