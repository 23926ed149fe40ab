#pragma once

// CMS EnvelopedData (RFC 5652 section 6), the inner layer of SCEP messages: to RSA keys by key transport (PKCS#1 v1.5
// or OAEP, RFC 3560), to others by a password (PasswordRecipientInfo, RFC 5652 section 6.2.4 and RFC 3211).

#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "pki/signed_data.h"

namespace chancery::pki {

struct KeyTransportRecipient {
  std::optional<IssuerAndSerial> issuer_and_serial;  // one of these two
  Bytes subject_key_identifier;
  bool oaep = false;
  Digest oaep_digest = Digest::sha1;  // RFC 8017: the defaults are SHA-1
  Digest oaep_mgf_digest = Digest::sha1;
  Bytes encrypted_key;

  [[nodiscard]] bool is_for(const Certificate& certificate) const;
};

struct PasswordRecipient {
  Bytes salt;
  int iterations = 0;
  std::optional<int> key_length;
  Digest prf = Digest::sha1;
  Cipher key_encryption = Cipher::aes128;
  Bytes key_encryption_iv;
  Bytes encrypted_key;
};

struct OtherRecipient {};  // a kind this project does not decrypt

using Recipient = std::variant<KeyTransportRecipient, PasswordRecipient, OtherRecipient>;

// BER in, at most 1 MiB, 1 to 16 recipients.
struct EnvelopedData {
  std::vector<Recipient> recipients;
  Oid content_type;
  Oid cipher_oid;
  std::optional<Cipher> cipher;  // nothing: an algorithm this project does not know
  Bytes iv;
  Bytes encrypted_content;

  static Result<EnvelopedData> parse(ByteView ber);
  [[nodiscard]] const KeyTransportRecipient* recipient_for(const Certificate& certificate) const;
  [[nodiscard]] const PasswordRecipient* password_recipient() const;
};

// Decrypts with the private key of `certificate`. Every failure after the recipient was found is the same error text
// after about the same work, whatever failed: RSA padding, key length, CBC padding (scep.md section 5.2, RFC 3218).
// REQUIRES: enveloped.cipher has a value.
Result<SecretBytes> decrypt(const EnvelopedData& enveloped, const Certificate& certificate, const PrivateKey& key,
                            Random& random);
// With a password. The iteration count is bounded at 1,000,000.
Result<SecretBytes> decrypt(const EnvelopedData& enveloped, ByteView password);

// ContentInfo in DER. Key, IV and PKCS#1 padding are drawn from `random`.
struct EnvelopeOptions {
  Cipher cipher = Cipher::aes128;
  bool oaep = false;
  Digest oaep_digest = Digest::sha256;
};
Result<Bytes> encrypt_to(const Certificate& recipient, const PublicKey& recipient_key, ByteView content,
                         const EnvelopeOptions& options, Random& random);
// PBKDF2 with HMAC-SHA-256 and 16 bytes of salt; the key is wrapped as RFC 3211 section 2.3.1 says.
inline constexpr int password_iterations = 10'000;
Result<Bytes> encrypt_to_password(ByteView password, ByteView content, Cipher cipher, Random& random);

}  // namespace chancery::pki
