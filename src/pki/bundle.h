#pragma once

// The degenerate, certificates-only SignedData (RFC 8894 section 3.4; also known as PKCS#7 or .p7b): certificates and
// CRLs without a signer.

#include <vector>

#include "base/bytes.h"
#include "pki/certificate.h"

namespace chancery::pki {

struct Bundle {
  std::vector<Bytes> certificates;  // DER, in the order of the message
  std::vector<Bytes> crls;          // DER
};

// BER in. At most 64 certificates, 16 CRLs. A bundle with signers is an error here.
Result<Bundle> read_bundle(ByteView ber);
// DER out, with the certificates in the order given (leaf first): peers pick the first one, so the SET is not sorted
// (RFC 5652 section 5.1 has CertificateSet as a SET; every implementation reads it in order).
[[nodiscard]] Bytes write_bundle(const Bundle& bundle);

// Certificates from anything people have: PEM (any number), one DER certificate, or a .p7b in DER or PEM.
Result<std::vector<Certificate>> read_certificates(ByteView bytes);

}  // namespace chancery::pki
