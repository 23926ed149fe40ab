#pragma once

// PasswordRecipientInfo (RFC 5652 section 6.2.4): a content key wrapped under a password by PBKDF2 (RFC 8018) and the
// double CBC of RFC 3211 section 2.3.

#include "base/bytes.h"
#include "base/random.h"
#include "pki/der.h"
#include "pki/enveloped_data.h"

namespace chancery::pki {

// `reader` is inside the [3]. OtherRecipient when it is well formed, but names algorithms that are not ours.
Result<Recipient> read_password_recipient(der::Reader& reader);
void write_password_recipient(der::Writer& out, const PasswordRecipient& recipient);

// REQUIRES: key.size() < 256.
Result<PasswordRecipient> wrap_key(ByteView key, ByteView password, Cipher key_encryption, Random& random);
// The key, of `key_size` octets. Whatever is wrong with password or wrapping is one and the same error.
Result<SecretBytes> unwrap_key(const PasswordRecipient& recipient, ByteView password, std::size_t key_size);

}  // namespace chancery::pki
