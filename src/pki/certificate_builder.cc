#include "pki/certificate.h"

#include "base/check.h"

// Building certificates: what is signed, the frame around it, and the self-signed one of a new SCEP client.

namespace chancery::pki {

namespace tag = der::tag;

Bytes encode_tbs(const CertificateContent& content, const SignatureAlgorithm& algorithm) {
  CHECK(!content.serial.octets.empty());
  der::Writer out;
  out.sequence([&] {
    out.constructed(tag::context_constructed(0), [&] { out.small_integer(2); });
    out.primitive(tag::integer, content.serial.octets);
    write_algorithm(out, algorithm);
    out.raw(content.issuer_der);
    out.sequence([&] { out.time(content.validity.not_before).time(content.validity.not_after); });
    out.raw(content.subject_der);
    out.raw(content.spki);
    // Extensions is a SEQUENCE of at least one (RFC 5280 section 4.1).
    if (!content.extensions.empty())
      out.constructed(tag::context_constructed(3), [&] { write_extensions(out, content.extensions); });
  });
  return out.take();
}

Bytes assemble_signed(ByteView tbs, const SignatureAlgorithm& algorithm, ByteView signature) {
  der::Writer out;
  out.sequence([&] {
    out.raw(tbs);
    write_algorithm(out, algorithm);
    out.bit_string(signature);
  });
  return out.take();
}

Result<Bytes> sign_tbs(ByteView tbs, const SignatureAlgorithm& algorithm, const PrivateKey& key) {
  if (algorithm.family != key.spec().family) return invalid("the signature algorithm is not one for this key");
  TRY(const Bytes signature, key.sign(algorithm, tbs));
  return assemble_signed(tbs, algorithm, signature);
}

Result<Certificate> make_transport_certificate(const PrivateKey& key, const Name& subject, const Validity& validity,
                                               const Serial& serial) {
  const Bytes name = subject.to_der();
  const SignatureAlgorithm algorithm = key.default_algorithm();
  const KeyUsage usage{.digital_signature = true, .key_encipherment = key.spec().family == KeyFamily::rsa};
  const CertificateContent content{
      .serial = serial,
      .issuer_der = name,
      .subject_der = name,
      .validity = validity,
      .spki = to_bytes(key.public_key().spki()),
      .extensions = {make_key_usage(usage), make_subject_key_identifier(key.public_key().key_identifier())},
  };
  TRY(const Bytes certificate, sign_tbs(encode_tbs(content, algorithm), algorithm, key));
  return Certificate::from_der(certificate);
}

}  // namespace chancery::pki
