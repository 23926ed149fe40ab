#pragma once

// The chain of renewals that a certificate stands in. A device keeps the pair before the one it uses, and so does who
// copied its files: what a person takes back with one certificate of a chain, he takes back with the earlier ones.

#include <optional>
#include <string>
#include <vector>

#include "hub/ledger.h"
#include "hub/presence.h"

namespace chancery::hub {

// So many renewals are followed: a device that renews daily for decades has fewer.
inline constexpr std::size_t longest_chain = 10'000;

// Why the certificate is no identity any more, although it is neither revoked itself nor over: one that came after it,
// by however many renewals, is revoked or suspended. Nothing when it is one. Revoked as `superseded` does not count:
// with that reason somebody tidies up, and the device goes on with what it had; nor does what was never signed. It is
// as quick in a large ledger.
Result<std::optional<std::string>> shut_out_by_later(Books& books, const pki::Serial& serial);

// What the certificate renews, directly or not, the newest first.
Result<std::vector<ca::CertificateRecord>> earlier_of(Books& books, const ca::CertificateRecord& record);
// Of these, what is neither revoked for good nor over at `now`: whoever has its key may use it still.
Result<std::vector<ca::CertificateRecord>> open_earlier_of(Books& books, const ca::CertificateRecord& record,
                                                           Timestamp now);

// The links end that were let in with a certificate that was revoked, or with one that it renews.
void end_links(Ledger& ledger, Presence& presence, const std::string& revoked_serial);

}  // namespace chancery::hub
