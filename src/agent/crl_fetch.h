#pragma once

// GetCRL: the revocation list of the CA that issued a certificate.

#include "agent/authority.h"
#include "agent/credential_folder.h"
#include "agent/scep_client.h"
#include "base/random.h"
#include "base/time.h"
#include "pki/crl.h"

namespace chancery::agent {

// The list is the issuer's, signed with its key, and not out of date. Keys that cannot decrypt ask with a throw-away
// RSA key, for which any server answers: a CRL is no secret. A FAILURE is ErrorCode::refused, with the server's words.
Result<pki::Crl> fetch_crl(ScepClient& client, const Credential& credential, const Authority& authority, Clock& clock,
                           Random& random);

// Whether `crl` is `issuer`'s and in date at `now`.
Status check_crl(const pki::Crl& crl, const pki::Certificate& issuer, Timestamp now);

}  // namespace chancery::agent
