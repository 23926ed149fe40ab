#include "pki/rsa_padding.h"

#include <algorithm>

#include "pki/constant_time.h"
#include "pki/der.h"

namespace chancery::pki {
namespace {

// RFC 8017 section 7.2.1: at least 8 octets of padding, two before them and one after.
constexpr std::size_t least_padding = 8;
constexpr std::size_t overhead = least_padding + 3;

}  // namespace

Bytes digest_info(Digest algorithm, ByteView digest) {
  der::Writer out;
  out.sequence([&] {
    out.algorithm(oid_of(algorithm), true);
    out.octet_string(digest);
  });
  return out.take();
}

Bytes pad_signature(ByteView info, std::size_t modulus_size) {
  if (info.size() + overhead > modulus_size) return {};
  Bytes padded(modulus_size, 0xff);
  padded[0] = 0;
  padded[1] = 1;
  padded[modulus_size - info.size() - 1] = 0;
  std::ranges::copy(info, padded.end() - static_cast<std::ptrdiff_t>(info.size()));
  return padded;
}

Result<SecretBytes> pad_pkcs1(ByteView plain, std::size_t modulus_size, Random& random) {
  if (plain.size() + overhead > modulus_size) return invalid("the content is too long for this RSA key");
  SecretBytes padded(modulus_size);
  const std::span<std::uint8_t> octets = padded.mutable_view();
  const std::size_t padding = modulus_size - plain.size() - 3;
  octets[1] = 2;
  const std::span<std::uint8_t> nonzero = octets.subspan(2, padding);
  random.fill(nonzero);
  for (std::uint8_t& octet : nonzero)
    while (octet == 0) random.fill({&octet, 1});
  std::ranges::copy(plain, octets.last(plain.size()).begin());
  return padded;
}

void unpad_pkcs1_into(ByteView padded, std::span<std::uint8_t> result) {
  if (padded.size() < result.size() + overhead) return;
  using namespace constant_time;
  const std::size_t separator = padded.size() - result.size() - 1;
  Mask good = is_zero(padded[0]) & equals(padded[1], 2) & is_zero(padded[separator]);
  for (std::size_t i = 2; i < separator; ++i) good &= ~is_zero(padded[i]);
  copy_if(good, result, padded.subspan(separator + 1));
}

}  // namespace chancery::pki
