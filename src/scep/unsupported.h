#pragma once

// What a message names of algorithms that this project does not have (RFC 8894 section 3.2.1.4: badAlg). All of it
// stands outside of the encryption; no key is used. Shared by the .cc files of this layer.

#include <optional>
#include <string>

#include "pki/certificate.h"
#include "pki/enveloped_data.h"
#include "pki/signed_data.h"

namespace chancery::scep {

// Each says for a person what is not supported, or nothing.
[[nodiscard]] std::optional<std::string> unsupported_signature(const pki::SignedData& message);
// A key of another algorithm, or on another curve. Nothing for one that is malformed.
[[nodiscard]] std::optional<std::string> unsupported_key(const pki::Certificate& signer);
// Content that is encrypted, but not as EnvelopedData: AuthEnvelopedData (RFC 5083).
[[nodiscard]] std::optional<std::string> unsupported_frame(const pki::SignedData& message);
[[nodiscard]] std::optional<std::string> unsupported_cipher(const pki::EnvelopedData& envelope);

}  // namespace chancery::scep
