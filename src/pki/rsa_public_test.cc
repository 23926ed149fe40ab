#include "pki/rsa_public.h"

#include <gtest/gtest.h>

#include "pki/key.h"

namespace chancery::pki {
namespace {

Bytes octets(std::string_view hex) { return from_hex(hex).value(); }

TEST(RsaPublic, RaisesToThePowerModuloTheModulus) {
  // 5^3 mod 0x9d = 125; 2^17 mod 0xfff1 = 30; the result has as many octets as the modulus.
  EXPECT_EQ(rsa_public({.modulus = octets("9d"), .exponent = octets("03")}, octets("05")).value(), octets("7d"));
  EXPECT_EQ(rsa_public({.modulus = octets("fff1"), .exponent = octets("11")}, octets("0002")).value(), octets("001e"));
  EXPECT_EQ(rsa_public({.modulus = octets("9d"), .exponent = octets("03")}, octets("06")).value(), octets("3b"));
}

TEST(RsaPublic, RefusesWhatIsNoNumberBelowAnOddModulus) {
  const struct {
    const char* name;
    const char* modulus;
    const char* in;
    const char* expect;
  } rows[] = {
      {"even modulus", "fff2", "0002", "RSA: the modulus is even"},
      {"the modulus itself", "fff1", "fff1", "RSA: a number that is not below the modulus"},
      {"above the modulus", "fff1", "ffff", "RSA: a number that is not below the modulus"},
      {"an octet too few", "fff1", "02", "RSA: a number that is not below the modulus"},
      {"an octet too many", "fff1", "000002", "RSA: a number that is not below the modulus"},
      {"nothing", "fff1", "", "RSA: a number that is not below the modulus"},
  };
  for (const auto& row : rows) {
    const auto done = rsa_public({.modulus = octets(row.modulus), .exponent = octets("11")}, octets(row.in));
    ASSERT_FALSE(done) << row.name;
    EXPECT_EQ(done.error().text(), row.expect) << row.name;
  }
}

TEST(RsaPublic, ASignatureOfOnesOwnWithAnOctetMoreOrLessIsNone) {
  const PrivateKey key = PrivateKey::generate({.family = KeyFamily::rsa, .bits = 2048}).value();
  const SignatureAlgorithm algorithm = key.default_algorithm();
  const Bytes data(100, 7);
  Bytes signature = key.sign(algorithm, data).value();
  ASSERT_TRUE(key.public_key().verify(algorithm, data, signature));
  for (const std::size_t at : {std::size_t{0}, std::size_t{100}, signature.size() - 1}) {
    Bytes changed = signature;
    changed[at] ^= 1;
    EXPECT_FALSE(key.public_key().verify(algorithm, data, changed)) << at;
  }
  EXPECT_FALSE(key.public_key().verify({.family = KeyFamily::rsa, .digest = Digest::sha512}, data, signature));
  Bytes longer = {0};
  append(longer, signature);
  EXPECT_FALSE(key.public_key().verify(algorithm, data, longer));
  signature.pop_back();
  EXPECT_FALSE(key.public_key().verify(algorithm, data, signature));
}

}  // namespace
}  // namespace chancery::pki
