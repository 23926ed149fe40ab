#pragma once

// Extensions that no request may bring into a certificate, whatever the operator lists.

#include "base/error.h"
#include "pki/oid.h"

namespace chancery::ca {

// ErrorCode::invalid, with why, for an extension that the authority sets itself, that widens what the certificate is
// good for, or that names an account to a directory.
Status check_passed_extension(const pki::Oid& oid);

}  // namespace chancery::ca
