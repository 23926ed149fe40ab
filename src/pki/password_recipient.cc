#include "pki/password_recipient.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "pki/constant_time.h"
#include "pki/content_info.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr int most_iterations = 1'000'000;
constexpr std::size_t salt_size = 16;
// The length octet and three octets to check the password by, before the wrapped key.
constexpr std::size_t wrap_header = 4;

struct Prf {
  Oid oid;
  Digest digest = Digest::sha256;
};
constexpr std::array<Prf, 4> prfs = {{{oids::hmac_with_sha1, Digest::sha1},
                                      {oids::hmac_with_sha256, Digest::sha256},
                                      {Oid::of("1.2.840.113549.2.10"), Digest::sha384},
                                      {Oid::of("1.2.840.113549.2.11"), Digest::sha512}}};

// The text that every failure to decrypt has, see enveloped_data.h.
std::unexpected<Error> not_opened() { return invalid("the message could not be decrypted"); }

// PBKDF2-params (RFC 8018 appendix A.2). False when an algorithm is not ours.
Result<bool> read_derivation(ByteView parameters, PasswordRecipient& recipient) {
  der::Reader outside(parameters, der::Rules::ber);
  TRY(der::Reader reader, outside.enter(tag::sequence, "PBKDF2 parameters"));
  if (reader.peek() == tag::sequence) return false;  // a salt from another source
  TRY(recipient.salt, read_octets(reader, "PBKDF2 salt"));
  TRY(recipient.iterations, reader.small_integer("PBKDF2 iterations"));
  if (reader.peek() == tag::integer) {
    TRY(recipient.key_length, reader.small_integer("PBKDF2 key length"));
  }
  if (!reader.at_end()) {
    TRY(const auto prf, reader.algorithm("PBKDF2 function"));
    const auto* const known = std::ranges::find(prfs, prf.oid, &Prf::oid);
    if (known == prfs.end()) return false;
    recipient.prf = known->digest;
  }
  TRY_STATUS(reader.end("the PBKDF2 parameters"));
  return true;
}

// The parameters of id-alg-PWRI-KEK: the cipher that wraps, with its IV.
Result<bool> read_key_encryption(ByteView parameters, PasswordRecipient& recipient) {
  der::Reader outside(parameters, der::Rules::ber);
  TRY(const auto algorithm, outside.algorithm("key encryption cipher"));
  const auto cipher = cipher_of(algorithm.oid);
  if (!cipher) return false;
  recipient.key_encryption = *cipher;
  der::Reader iv(algorithm.parameters, der::Rules::ber);
  TRY(recipient.key_encryption_iv, read_octets(iv, "key encryption IV"));
  if (recipient.key_encryption_iv.size() != block_size_of(*cipher))
    return invalid("key encryption IV: not of the cipher's block size");
  return true;
}

Result<SecretBytes> derive_key(const PasswordRecipient& recipient, ByteView password) {
  SecretBytes key(key_size_of(recipient.key_encryption));
  if (PKCS5_PBKDF2_HMAC(password.empty() ? "" : reinterpret_cast<const char*>(password.data()),
                        static_cast<int>(password.size()), recipient.salt.data(),
                        static_cast<int>(recipient.salt.size()), recipient.iterations, openssl::native(recipient.prf),
                        static_cast<int>(key.size()), key.mutable_view().data()) != 1)
    return openssl::failure("derive a key from a password");
  return key;
}

}  // namespace

Result<Recipient> read_password_recipient(der::Reader& reader) {
  TRY(const ByteView version, reader.integer("recipient version", 4));
  static_cast<void>(version);
  PasswordRecipient recipient;
  TRY(const auto derivation, reader.optional(tag::context_constructed(0)));
  TRY(const auto encryption, reader.algorithm("key encryption algorithm"));
  TRY(recipient.encrypted_key, read_octets(reader, "encrypted key"));
  TRY_STATUS(reader.end("the password recipient"));
  if (!derivation || encryption.oid != oids::pwri_kek) return OtherRecipient();

  der::Reader inner = reader.inside(*derivation);
  TRY(const Oid derivation_oid, inner.oid("key derivation algorithm"));
  if (derivation_oid != oids::pbkdf2) return OtherRecipient();
  TRY(const bool derivation_known, read_derivation(inner.rest(), recipient));
  TRY(const bool encryption_known, read_key_encryption(encryption.parameters, recipient));
  if (!derivation_known || !encryption_known) return OtherRecipient();
  return recipient;
}

void write_password_recipient(der::Writer& out, const PasswordRecipient& recipient) {
  const auto* const prf = std::ranges::find(prfs, recipient.prf, &Prf::digest);
  CHECK(prf != prfs.end());
  out.constructed(tag::context_constructed(3), [&] {
    out.small_integer(0);
    out.constructed(tag::context_constructed(0), [&] {
      out.oid(oids::pbkdf2);
      out.sequence([&] {
        out.octet_string(recipient.salt);
        out.small_integer(recipient.iterations);
        if (recipient.key_length) out.small_integer(*recipient.key_length);
        if (recipient.prf != Digest::sha1) out.algorithm(prf->oid, true);
      });
    });
    out.sequence([&] {
      out.oid(oids::pwri_kek);
      out.sequence([&] {
        out.oid(oid_of(recipient.key_encryption));
        out.octet_string(recipient.key_encryption_iv);
      });
    });
    out.octet_string(recipient.encrypted_key);
  });
}

Result<PasswordRecipient> wrap_key(ByteView key, ByteView password, Cipher key_encryption, Random& random) {
  CHECK(key.size() >= 3 && key.size() < 256);
  const std::size_t block = block_size_of(key_encryption);
  PasswordRecipient recipient{.salt = random.bytes(salt_size),
                              .iterations = password_iterations,
                              .prf = Digest::sha256,
                              .key_encryption = key_encryption,
                              .key_encryption_iv = random.bytes(block)};
  TRY(const SecretBytes wrapping_key, derive_key(recipient, password));

  // RFC 3211 section 2.3.1: length, the first three octets inverted, the key, and padding to at least two blocks.
  const std::size_t blocks = std::max<std::size_t>(2, (wrap_header + key.size() + block - 1) / block);
  SecretBytes formatted(blocks * block);
  const std::span<std::uint8_t> octets = formatted.mutable_view();
  random.fill(octets.subspan(wrap_header + key.size()));
  octets[0] = static_cast<std::uint8_t>(key.size());
  for (std::size_t i = 0; i < 3; ++i) octets[1 + i] = static_cast<std::uint8_t>(~key[i]);
  std::ranges::copy(key, octets.subspan(wrap_header).begin());

  TRY(const SecretBytes once,
      encrypt_cbc_raw(key_encryption, wrapping_key.view(), recipient.key_encryption_iv, formatted.view()));
  TRY(const SecretBytes twice,
      encrypt_cbc_raw(key_encryption, wrapping_key.view(), once.view().last(block), once.view()));
  recipient.encrypted_key = to_bytes(twice.view());
  return recipient;
}

Result<SecretBytes> unwrap_key(const PasswordRecipient& recipient, ByteView password, std::size_t key_size) {
  const Cipher cipher = recipient.key_encryption;
  const std::size_t block = block_size_of(cipher);
  if (recipient.iterations < 1 || recipient.iterations > most_iterations)
    return invalid("the number of PBKDF2 iterations is not between 1 and 1000000");
  const bool other_length =
      recipient.key_length && static_cast<std::size_t>(*recipient.key_length) != key_size_of(cipher);
  const std::size_t size = recipient.encrypted_key.size();
  if (other_length || size < 2 * block || size % block != 0 || size < wrap_header + key_size || size > 512)
    return not_opened();
  TRY(const SecretBytes wrapping_key, derive_key(recipient, password));

  // The outer pass had the last block of the inner one as its IV. Decrypted under a zero IV, all blocks but the first
  // come out right, the last one among them; it then completes the first.
  const Bytes zero(block);
  TRY(SecretBytes once, decrypt_cbc_raw(cipher, wrapping_key.view(), zero, recipient.encrypted_key));
  const std::span<std::uint8_t> inner = once.mutable_view();
  for (std::size_t i = 0; i < block; ++i) inner[i] = static_cast<std::uint8_t>(inner[i] ^ inner[size - block + i]);
  TRY(const SecretBytes formatted,
      decrypt_cbc_raw(cipher, wrapping_key.view(), recipient.key_encryption_iv, once.view()));

  const ByteView octets = formatted.view();
  constant_time::Mask good = constant_time::equals(octets[0], static_cast<std::uint32_t>(key_size));
  for (std::size_t i = 0; i < 3; ++i)
    good &= constant_time::equals(octets[1 + i] ^ std::uint32_t{octets[wrap_header + i]}, 0xff);
  if (good == 0) return not_opened();
  return SecretBytes::copy_of(octets.subspan(wrap_header, key_size));
}

}  // namespace chancery::pki
