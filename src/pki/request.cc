#include "pki/request.h"

#include <fmt/format.h>

#include "pki/certificate.h"
#include "pki/pem.h"
#include "pki/string_types.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_request = 65536;
constexpr std::size_t max_attributes = 64;

// challengePassword in whatever string type it came. What a device has in an ASCII type is taken as it stands: only the
// comparison with the real challenge matters.
Result<SecretBytes> read_challenge(const der::Element& value) {
  switch (value.tag) {
    case tag::utf8_string:
    case tag::printable_string:
    case tag::ia5_string:
    case tag::visible_string:
    case tag::numeric_string: return SecretBytes::copy_of(value.content);
    default: break;
  }
  std::string text;
  const Status status = append_utf8(text, value.tag, value.content);
  SecretBytes challenge = SecretBytes::copy_of(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!status) return std::unexpected(status.error());
  return challenge;
}

}  // namespace

Result<CertificateRequest> CertificateRequest::from_der(ByteView der) {
  if (der.size() > max_request) return invalid("a certificate request of more than 64 KiB");
  CertificateRequest request;
  request.der_ = to_bytes(der);
  TRY_STATUS_IN("certificate request", request.parse());
  return request;
}

Status CertificateRequest::parse() {
  TRY(const der::Element whole, der::only_element(der_, tag::sequence, "certificationRequest"));
  der::Reader outer(whole.content);
  TRY(const der::Element info_element, outer.expect(tag::sequence, "certificationRequestInfo"));
  TRY(const der::Reader::Algorithm algorithm, outer.algorithm("signatureAlgorithm"));
  TRY(const ByteView signature, outer.bit_string("signature"));
  TRY_STATUS(outer.end("signature"));
  info_ = to_bytes(info_element.whole);
  signature_oid_ = algorithm.oid;
  signature_ = to_bytes(signature);

  der::Reader info = outer.inside(info_element);
  TRY(const int version, info.small_integer("version"));
  // RFC 2986 has version 0 only; clients that set the number of X.509 instead are common, and mean the same.
  if (version > 2) return invalid(fmt::format("version {}, which PKCS#10 does not have", version + 1));
  TRY(const der::Element subject, info.expect(tag::sequence, "subject"));
  subject_der_ = to_bytes(subject.whole);
  TRY_IN("subject", subject_, Name::from_der(subject.whole));
  TRY(const der::Element spki, info.expect(tag::sequence, "subjectPublicKeyInfo"));
  TRY_IN("public key", public_key_, PublicKey::from_spki(spki.whole));
  // Some leave out the attributes where RFC 2986 wants an empty set.
  TRY(const auto attributes, info.optional(tag::context_constructed(0)));
  TRY_STATUS(info.end("attributes"));
  if (!attributes) return {};
  return parse_attributes(info.inside(*attributes));
}

Status CertificateRequest::parse_attributes(der::Reader attributes) {
  bool has_challenge = false;
  std::optional<Bytes> extensions;
  for (std::size_t count = 0; !attributes.at_end(); ++count) {
    if (count == max_attributes) return invalid("attributes: more than 64");
    TRY(der::Reader attribute, attributes.enter(tag::sequence, "attribute"));
    TRY(const Oid type, attribute.oid("attribute type"));
    TRY(der::Reader values, attribute.enter(tag::set, "attribute values"));
    TRY_STATUS(attribute.end("attribute values"));
    if (type == oids::challenge_password) {
      if (has_challenge) return invalid("challengePassword twice");
      has_challenge = true;
      TRY_IN("challengePassword", const der::Element value, values.any());
      TRY_STATUS(values.end("the first challengePassword"));
      TRY_IN("challengePassword", challenge_password_, read_challenge(value));
    } else if (type == oids::extension_request || type == oids::microsoft_extension_request) {
      TRY_IN("extensionRequest", const der::Element value, values.any());
      TRY_STATUS(values.end("the first extensionRequest"));
      // Windows may send both attributes with the same content.
      if (extensions && !equal(*extensions, value.whole)) return invalid("extensionRequest twice, and not the same");
      extensions = to_bytes(value.whole);
    }
  }
  if (!extensions) return {};
  TRY_IN("extensionRequest", extensions_, read_extensions(*extensions));
  if (const Extension* names = find_extension(extensions_, oids::subject_alternative_name)) {
    TRY_IN("subjectAltName", alternative_names_, read_general_names(names->value));
  }
  return {};
}

Result<CertificateRequest> CertificateRequest::from_pem_or_der(ByteView bytes) {
  if (!looks_like_pem(bytes)) return from_der(bytes);
  TRY(const auto blocks, read_pem(as_text(bytes)));
  for (const PemBlock& block : blocks) {
    if (block.label == "CERTIFICATE REQUEST" || block.label == "NEW CERTIFICATE REQUEST") return from_der(block.der);
  }
  return invalid("no CERTIFICATE REQUEST in the PEM text");
}

std::string CertificateRequest::to_pem() const { return write_pem("CERTIFICATE REQUEST", der_); }

bool CertificateRequest::signature_is_valid() const {
  const auto algorithm = signature_algorithm();
  return algorithm && algorithm->family == public_key_->spec().family &&
         public_key_->verify(*algorithm, info_, signature_);
}

Result<Bytes> make_request(const RequestContent& content, const PrivateKey& key, const SignatureAlgorithm& algorithm) {
  const std::string_view challenge = as_text(content.challenge_password);
  if (!is_utf8(challenge)) return invalid("the challenge password is not UTF-8");
  der::Writer info;
  info.sequence([&] {
    info.small_integer(0);
    info.raw(content.subject.to_der());
    info.raw(key.public_key().spki());
    info.constructed(tag::context_constructed(0), [&] {
      if (!challenge.empty()) {
        info.sequence([&] {
          info.oid(oids::challenge_password);
          // RFC 2985 section 5.4.1: PrintableString where that can hold it.
          info.constructed(tag::set, [&] {
            info.text(is_printable_string(challenge) ? tag::printable_string : tag::utf8_string, challenge);
          });
        });
      }
      if (!content.extensions.empty()) {
        info.sequence([&] {
          info.oid(oids::extension_request);
          info.constructed(tag::set, [&] { write_extensions(info, content.extensions); });
        });
      }
    });
  });
  auto request = sign_tbs(info.view(), algorithm, key);
  if (!challenge.empty()) {
    Bytes used = info.take();
    wipe(used);
  }
  return request;
}

}  // namespace chancery::pki
