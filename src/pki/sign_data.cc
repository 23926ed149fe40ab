// The writing half of signed_data.h.

#include <algorithm>

#include "base/check.h"
#include "pki/content_info.h"
#include "pki/signed_data.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

// RFC 5754 section 2 and RFC 3370 section 2: NULL for MD5, nothing for the others.
void write_digest_algorithm(der::Writer& out, Digest digest) { out.algorithm(oid_of(digest), digest == Digest::md5); }

void write_attribute(der::Writer& out, const CmsAttribute& attribute) {
  out.sequence([&] {
    out.oid(attribute.type);
    out.set_of([&] {
      for (const Bytes& value : attribute.values) out.raw(value);
    });
  });
}

// The SET OF Attribute, sorted, as it is signed. In the message its tag is [0] instead.
Bytes encode_attributes(const SignedDataContent& content, Digest digest) {
  der::Writer type;
  type.oid(oids::data);
  der::Writer message_digest;
  message_digest.octet_string(hash(digest, content.has_content ? content.content : ByteView()));
  der::Writer out;
  out.set_of([&] {
    write_attribute(out, {.type = oids::content_type, .values = {type.take()}});
    write_attribute(out, {.type = oids::message_digest, .values = {message_digest.take()}});
    for (const CmsAttribute& attribute : content.attributes) write_attribute(out, attribute);
  });
  return out.take();
}

}  // namespace

Result<Bytes> sign_data(const SignedDataContent& content, const PrivateKey& key) {
  CHECK(content.signer != nullptr);
  const KeyFamily family = key.spec().family;
  // RFC 8419 section 3.1: Ed25519 goes with SHA-512, always.
  const Digest digest = family == KeyFamily::ed25519 ? Digest::sha512 : content.digest;
  const SignatureAlgorithm algorithm{.family = family, .digest = digest};
  Bytes attributes = encode_attributes(content, digest);
  TRY_IN("signing a message", const Bytes signature, key.sign(algorithm, attributes));
  attributes[0] = tag::context_constructed(0);

  return write_content_info(oids::signed_data, [&](der::Writer& out) {
    out.small_integer(1);
    out.constructed(tag::set, [&] { write_digest_algorithm(out, digest); });
    out.sequence([&] {
      out.oid(oids::data);
      if (content.has_content) out.constructed(tag::context_constructed(0), [&] { out.octet_string(content.content); });
    });
    if (!content.certificates.empty()) {
      // In the order given: peers take the first one for the signer's.
      out.constructed(tag::context_constructed(0), [&] {
        for (const Bytes& certificate : content.certificates) out.raw(certificate);
      });
    }
    out.constructed(tag::set, [&] {
      out.sequence([&] {
        out.small_integer(1);
        out.raw(write_issuer_and_serial(
            {.issuer_der = to_bytes(content.signer->issuer_der()), .serial = content.signer->serial()}));
        write_digest_algorithm(out, digest);
        out.raw(attributes);
        if (family == KeyFamily::rsa) {
          out.algorithm(oids::rsa_encryption, true);
        } else {
          write_algorithm(out, algorithm);
        }
        out.octet_string(signature);
      });
    });
  });
}

}  // namespace chancery::pki
