#pragma once

// RSA public keys for tests of lint: 2048-bit moduli that nobody knows the factors of, and keys on them.

#include <string_view>

#include "base/bytes.h"
#include "pki/der.h"
#include "pki/key.h"

namespace chancery::ca::testing {

// Random, with no prime factor below 752.
inline constexpr std::string_view sound_modulus =
    "dd02de92a49636a2fa7f0eab4c4f9b0687322e25c215a82a06ec41adea0575438b0d590bb0a844e52587be6b5c9bcf35"
    "873be078f3b7a50df373ca533488f87605e999f3842e7fc229540a6eb12aa1f6d42fddbb7a86f7a243c71b9abd87a865"
    "57b6fb7ebfeaa1551a28f7b324e4e25a15fc899e4fd58dbe7bdc968b7afb2c68774b15d7fa529ba3fe3bfada7cf20724"
    "d953ee261d87cec31f7296ab7961fd925d39d0a89a2ef80f58ee8571f4998d7c4093f6dea268aa872607679d6050914a"
    "9d33a01c353c631cdfd43f371200339d068739fa9d1de2a05d158a2ff2ee4e4519f9919c895fd7b326b94c7f9118bb16"
    "000f49c81a358ca00d75985d99c94309";

// The largest prime that is looked for.
inline constexpr std::string_view divisible_by_751 =
    "f79121990c634302ef606be64a819de8bb33c0bb4f9d3630f28191eaa75cd03a122431e32b1860d07d3314521bc49c44"
    "75c4a258aa10cf802dc58a7c1d4410c54bcb5df6263b7e3e73fe4d8222d2080f7436def0fdb3a48cb3a3dd27d71ed4b3"
    "cad265a398b90c05e42cfd037a1eafb6f3f706df703d860f66cc92d8e7644bbdaf7bbf4bcf6c02a3b01c0a2903accf7a"
    "dabb431719cd8ada83df8b7e45fab56fa15474d28a4f9633a21c7e77136e178850195a867df0406709c311b0ed97f418"
    "c85c6cbf673a72cc577ac967535c23b79eb94801a94c420ff9f5db237db393eb1f795cf75cdeb1c8205d74e03fb70cc8"
    "d94526bcf92783614d6d445c77bbdad3";

// The first one that is not.
inline constexpr std::string_view divisible_by_757 =
    "dc2100ef6366d9869a4610a5c8af4bacc2057db4d5cbf86f271bd6f869f02a6672bb635b1e01bfe021a34df82b9714ac"
    "28c190e239413c111f2755858dbe77d4d167ec6c1e6bc889bfd11d71b0345e711132f111bbbaa46066b55fa64628a792"
    "bf8578302f995debbd544c88eeafc7c15b65d038104f06daa1d2c97954c0255660df70a1b9cd2cd9542420070bf7376c"
    "c06b376366441c2bae2751956fc4214c401a23a868da4c6d5ba40fd345b284d6f9128c37a4cf1213cbc80a18e70b4c8b"
    "e5c74118e870702b7a0d33ab4f3495569e2640ddafb1033645eb72ef3daaa47c371b90a2aaa585f0586b58ef8d07c576"
    "6e72d7af868f1e305fb6b22b6a5d0479";

// A power of 65537 modulo the product of the primes up to 167, plus a multiple of that product.
inline constexpr std::string_view infineon_modulus =
    "ca0a6ddceed80e94c39f8558ae4ffd4cb527bf25b95f13148e34c354a179371d0aef489c0f06e0357982480a6a406c06"
    "363ed50b32688a0742869ec4c68dec1851ae498889cefac8357e2226e5903d56c6d06421a3af44a9a8655ed26812c657"
    "c780ba2fc9e056dc6f86e0f36ff3f18868afd897c8ca01f9aace57f8798388b305abe780201c7abd6cb969a479f8e5c1"
    "31850de4853253fea9b37efe3f3456816ff8004698b78f93f1866615dfb30c9abccd70f888aba5aa1ead150e57008be0"
    "1bf3df078a4a664e842379e09af796bf9fae0de65f028367bf027a82de18ad0d2951eaa3f26494d32d615150109e30a6"
    "7d7bfe7fb0db125a906036563aa86bd3";

inline pki::PublicKey rsa_key(std::string_view modulus, std::string_view exponent = "010001") {
  const Bytes n = from_hex(modulus).value(), e = from_hex(exponent).value();
  pki::der::Writer numbers;
  numbers.sequence([&] { numbers.unsigned_integer(n).unsigned_integer(e); });
  pki::der::Writer spki;
  spki.sequence([&] { spki.algorithm(pki::oids::rsa_encryption, true).bit_string(numbers.view()); });
  return pki::PublicKey::from_spki(spki.view()).value();
}

}  // namespace chancery::ca::testing
