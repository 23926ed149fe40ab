#pragma once

// The public half of RSA without padding (RSAEP and RSAVP1, RFC 8017 sections 5.1.1 and 5.2.2), on OpenSSL's numbers.
// Its EVP interface makes four objects and looks names up for each operation of a key seen for the first time, which is
// a fifth of the operation itself; and every request brings a new key.

#include "base/bytes.h"
#include "base/error.h"

namespace chancery::pki {

struct RsaPublicNumbers {
  ByteView modulus, exponent;  // big-endian, without leading zeros
};

// `in` to the power of the exponent, in as many octets as the modulus has. Fails unless the modulus is odd and `in` a
// number below it with as many octets. The time may tell `in` apart no more than OpenSSL's own public operation does.
Result<Bytes> rsa_public(const RsaPublicNumbers& key, ByteView in);

}  // namespace chancery::pki
