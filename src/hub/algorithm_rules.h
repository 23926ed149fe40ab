#pragma once

// Which algorithms an endpoint takes in a message.

#include <optional>

#include "hub/endpoint.h"
#include "hub/outcome.h"
#include "pki/request.h"
#include "scep/pki_message.h"

namespace chancery::hub {

// Nothing when digest and cipher of the message are allowed: AES and SHA-2 always, 3DES and SHA-1, single DES and MD5
// by the endpoint's settings. Costs nothing: no key is touched.
[[nodiscard]] std::optional<Refusal> refuse_algorithms(const Endpoint& endpoint, const scep::PkiMessage& message);

// The same for the signature of the PKCS#10 itself. REQUIRES: it was verified. Whoever changes an envelope of somebody
// else's cannot sign what becomes of the content, and so learns nothing from being told.
[[nodiscard]] std::optional<Refusal> refuse_request_signature(const Endpoint& endpoint,
                                                              const pki::CertificateRequest& request);

}  // namespace chancery::hub
