#pragma once

// What the agent writes for others to read: an authority's certificates and CRLs. Each file is replaced whole.

#include <string>

#include "agent/authority.h"
#include "pki/crl.h"

namespace chancery::device {

// ca.pem: the issuing CA and those above it; ra.pem: whom messages are encrypted to.
Status write_authority(const std::string& folder, const agent::Authority& authority);
// crl.pem and crl.der.
Status write_crl(const std::string& folder, const pki::Crl& crl);

}  // namespace chancery::device
