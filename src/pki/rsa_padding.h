#pragma once

// The paddings of RSA PKCS#1 v1.5 (RFC 8017 sections 7.2 and 9.2), made and judged by hand: OpenSSL 3.0 draws padding
// from its own generator and tells a wrong padding by an error, which is the oracle that Bleichenbacher described.

#include "base/bytes.h"
#include "base/random.h"
#include "pki/algorithms.h"

namespace chancery::pki {

// DigestInfo in DER: what an RSA signature is over, before the padding.
[[nodiscard]] Bytes digest_info(Digest algorithm, ByteView digest);

// 0 1 PS 0 info, `modulus_size` octets, with PS of 0xff: what the public key makes of a signature. Empty if `info` does
// not fit, as that of SHA-512 does not into 512 bits.
[[nodiscard]] Bytes pad_signature(ByteView info, std::size_t modulus_size);

// 0 2 PS 0 plain, `modulus_size` octets, with PS nonzero and from `random`. Fails when `plain` is too long.
Result<SecretBytes> pad_pkcs1(ByteView plain, std::size_t modulus_size, Random& random);

// Turns `result`, which holds random octets, into the content of `padded` if that is 0 2 PS 0 content with exactly
// result.size() octets of content; leaves it otherwise. The time and the addresses do not depend on which.
void unpad_pkcs1_into(ByteView padded, std::span<std::uint8_t> result);

}  // namespace chancery::pki
