// The writing half of enveloped_data.h.

#include "pki/content_info.h"
#include "pki/enveloped_data.h"
#include "pki/password_recipient.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

// RFC 4055 section 4.1: defaults are left out.
void write_oaep(der::Writer& out, Digest digest) {
  out.sequence([&] {
    out.oid(oids::rsaes_oaep);
    out.sequence([&] {
      if (digest == Digest::sha1) return;
      out.constructed(tag::context_constructed(0), [&] { out.algorithm(oid_of(digest), true); });
      out.constructed(tag::context_constructed(1), [&] {
        out.sequence([&] {
          out.oid(oids::mgf1);
          out.algorithm(oid_of(digest), true);
        });
      });
    });
  });
}

// EncryptedContentInfo.
void write_encrypted(der::Writer& out, Cipher cipher, ByteView iv, ByteView encrypted) {
  out.sequence([&] {
    out.oid(oids::data);
    out.sequence([&] {
      out.oid(oid_of(cipher));
      out.octet_string(iv);
    });
    out.primitive(tag::context(0), encrypted);
  });
}

// A content key, an IV and what they make of the content.
struct Sealed {
  SecretBytes key;
  Bytes iv;
  Bytes encrypted;
};

Result<Sealed> seal(Cipher cipher, ByteView content, Random& random) {
  Sealed sealed{.key = SecretBytes(key_size_of(cipher))};
  random.fill(sealed.key.mutable_view());
  sealed.iv = random.bytes(block_size_of(cipher));
  TRY(sealed.encrypted, encrypt_cbc(cipher, sealed.key.view(), sealed.iv, content));
  return sealed;
}

Cipher wrapping_cipher_for(Cipher cipher) {
  return cipher == Cipher::aes256 || cipher == Cipher::aes192 ? cipher : Cipher::aes128;
}

}  // namespace

Result<Bytes> encrypt_to(const Certificate& recipient, const PublicKey& recipient_key, ByteView content,
                         const EnvelopeOptions& options, Random& random) {
  if (!recipient_key.can_encrypt()) return invalid("the recipient's key cannot encrypt: it is not an RSA key");
  TRY(const Sealed sealed, seal(options.cipher, content, random));
  TRY(const Bytes encrypted_key, options.oaep ? recipient_key.encrypt_oaep(sealed.key.view(), options.oaep_digest)
                                              : recipient_key.encrypt_pkcs1(sealed.key.view(), random));
  return write_content_info(oids::enveloped_data, [&](der::Writer& out) {
    out.small_integer(0);
    out.constructed(tag::set, [&] {
      out.sequence([&] {
        out.small_integer(0);
        out.raw(
            write_issuer_and_serial({.issuer_der = to_bytes(recipient.issuer_der()), .serial = recipient.serial()}));
        if (options.oaep) {
          write_oaep(out, options.oaep_digest);
        } else {
          out.algorithm(oids::rsa_encryption, true);
        }
        out.octet_string(encrypted_key);
      });
    });
    write_encrypted(out, options.cipher, sealed.iv, sealed.encrypted);
  });
}

Result<Bytes> encrypt_to_password(ByteView password, ByteView content, Cipher cipher, Random& random) {
  if (password.empty()) return invalid("an empty password protects nothing");
  TRY(const Sealed sealed, seal(cipher, content, random));
  TRY(const PasswordRecipient recipient, wrap_key(sealed.key.view(), password, wrapping_cipher_for(cipher), random));
  return write_content_info(oids::enveloped_data, [&](der::Writer& out) {
    out.small_integer(3);
    out.constructed(tag::set, [&] { write_password_recipient(out, recipient); });
    write_encrypted(out, cipher, sealed.iv, sealed.encrypted);
  });
}

}  // namespace chancery::pki
