#include "pki/signed_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "pki/content_info.h"
#include "pki/der.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t most_certificates = 16;
constexpr std::size_t most_attributes = 64;

// Attribute ::= SEQUENCE { attrType, attrValues SET OF }.
Result<CmsAttribute> read_attribute(der::Reader& reader) {
  TRY(der::Reader inner, reader.enter(tag::sequence, "signed attribute"));
  CmsAttribute attribute;
  TRY(attribute.type, inner.oid("attribute type"));
  TRY(der::Reader values, inner.enter(tag::set, "attribute values"));
  while (!values.at_end()) {
    TRY(const der::Element value, values.any());
    attribute.values.push_back(to_bytes(value.whole));
  }
  TRY_STATUS(inner.end("the attribute values"));
  return attribute;
}

Result<std::vector<CmsAttribute>> read_attributes(der::Reader reader) {
  std::vector<CmsAttribute> attributes;
  while (!reader.at_end()) {
    if (attributes.size() == most_attributes) return invalid("too many signed attributes");
    TRY(CmsAttribute attribute, read_attribute(reader));
    const bool repeated =
        std::ranges::any_of(attributes, [&](const auto& other) { return other.type == attribute.type; });
    if (repeated) return invalid(fmt::format("the signed attribute {} occurs twice", attribute.type.dotted()));
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

// The DER of the SET OF Attribute whose members are `members`: what the signature is over (RFC 5652 section 5.4).
Bytes attribute_set(ByteView members) {
  der::Writer out;
  out.primitive(tag::set, members);
  return out.take();
}

Bytes sorted_attribute_set(ByteView members) {
  der::Writer out;
  out.set_of([&] {
    der::Reader reader(members, der::Rules::ber);
    while (!reader.at_end()) {
      const auto member = reader.any();
      // Members were read once already. One that is not DER cannot have been signed sorted: leave it out.
      if (!member || !der::only_element(member->whole, tag::sequence, "attribute")) break;
      out.raw(member->whole);
    }
  });
  return out.take();
}

// The single value of an attribute that every signer must send.
Result<ByteView> required_value(const CmsAttribute* attribute, std::string_view name) {
  if (attribute == nullptr) return invalid(fmt::format("the signed attribute {} is missing", name));
  if (attribute->values.size() != 1) return invalid(fmt::format("the signed attribute {} has not one value", name));
  return ByteView(attribute->values.front());
}

// What `oid` and the digest beside it mean for a key of this family; RFC 5652 lets a signer name the plain key
// algorithm or the combined one, and both are seen.
Result<SignatureAlgorithm> algorithm_for(const Oid& oid, Digest digest, KeyFamily family) {
  const bool plain = (family == KeyFamily::rsa && oid == oids::rsa_encryption) ||
                     (family == KeyFamily::ec && oid == oids::ec_public_key);
  if (plain) return SignatureAlgorithm{.family = family, .digest = digest};
  const auto combined = signature_algorithm_of(oid);
  if (!combined) return invalid(fmt::format("the signature algorithm {} is not supported", oid.dotted()));
  if (combined->family != family) return invalid("the signature algorithm is not one of the signer's key");
  if (family != KeyFamily::ed25519 && combined->digest != digest)
    return invalid("the signature algorithm and the digest algorithm contradict each other");
  return *combined;
}

}  // namespace

Result<SignedData> SignedData::parse(ByteView ber) {
  TRY(der::Reader body, read_content_info(ber, oids::signed_data, "SignedData"));
  SignedData data;
  TRY(const ByteView version, body.integer("version", 4));
  static_cast<void>(version);
  TRY(const der::Element digests, body.expect(tag::set, "digest algorithms"));
  static_cast<void>(digests);

  TRY(der::Reader encapsulated, body.enter(tag::sequence, "encapsulated content"));
  TRY(data.content_type_, encapsulated.oid("content type"));
  TRY(const auto content, encapsulated.optional(tag::context_constructed(0)));
  TRY_STATUS(encapsulated.end("the encapsulated content"));
  if (content) {
    der::Reader inner = encapsulated.inside(*content);
    TRY(data.content_, read_octets(inner, "encapsulated content"));
    TRY_STATUS(inner.end("the encapsulated content"));
  }

  TRY(const auto certificates, body.optional(tag::context_constructed(0)));
  if (certificates) {
    der::Reader members = body.inside(*certificates);
    while (!members.at_end()) {
      TRY_IN("certificates", const der::Element member, members.any());
      // The other choices are attribute certificates and relics.
      if (member.tag != tag::sequence) continue;
      if (data.certificates_.size() == most_certificates) return invalid("more than 16 certificates in one message");
      data.certificates_.push_back(to_bytes(member.whole));
    }
  }
  TRY(const auto crls, body.optional(tag::context_constructed(1)));
  static_cast<void>(crls);

  TRY(der::Reader signers, body.enter(tag::set, "signers"));
  TRY_STATUS(body.end("the signers"));
  TRY(der::Reader signer, signers.enter(tag::sequence, "signer"));
  if (!signers.at_end()) return invalid("more than one signer");
  TRY_STATUS(data.read_signer(signer));
  return data;
}

Status SignedData::read_signer(der::Reader& signer) {
  TRY(const ByteView version, signer.integer("signer version", 4));
  static_cast<void>(version);
  if (signer.peek() == tag::sequence) {
    TRY(const IssuerAndSerial name, read_issuer_and_serial(signer));
    signer_identifier_ = write_issuer_and_serial(name);
  } else {
    TRY(const Bytes key_identifier, read_octets(signer, "signer identifier", tag::context(0)));
    signer_identifier_ = der::Writer().primitive(tag::context(0), key_identifier).take();
  }
  TRY(const auto digest, signer.algorithm("digest algorithm"));
  digest_oid_ = digest.oid;
  if (signer.peek() != tag::context_constructed(0)) return invalid("the signed attributes are missing");
  TRY(const der::Element attributes, signer.any());
  attributes_as_sent_ = to_bytes(attributes.content);
  TRY(attributes_, read_attributes(signer.inside(attributes)));
  TRY(const auto signature, signer.algorithm("signature algorithm"));
  signature_oid_ = signature.oid;
  TRY(signature_, read_octets(signer, "signature"));
  TRY(const auto unsigned_attributes, signer.optional(tag::context_constructed(1)));
  static_cast<void>(unsigned_attributes);
  return signer.end("the signer");
}

const CmsAttribute* SignedData::attribute(const Oid& type) const {
  const auto found = std::ranges::find(attributes_, type, &CmsAttribute::type);
  return found == attributes_.end() ? nullptr : &*found;
}

Result<Certificate> SignedData::signer_certificate() const {
  const bool by_name = signer_identifier_.front() == tag::sequence;
  std::optional<IssuerAndSerial> name;
  if (by_name) {
    TRY(name, read_issuer_and_serial(signer_identifier_));
  }
  const ByteView key_identifier = by_name ? ByteView() : ByteView(signer_identifier_).subspan(2);
  for (const Bytes& der : certificates_) {
    auto certificate = Certificate::from_der(der);
    if (!certificate && certificates_.size() > 1) continue;
    if (!certificate) return std::unexpected(certificate.error().in("the signer's certificate"));
    if (certificates_.size() == 1 ||
        (name ? identifies(*name, *certificate) : identifies(key_identifier, *certificate)))
      return certificate;
  }
  return invalid("the signer's certificate is not in the message");
}

Status SignedData::verify(const PublicKey& key) const {
  const auto digest_algorithm = digest();
  if (!digest_algorithm) return invalid(fmt::format("the digest algorithm {} is not supported", digest_oid_.dotted()));
  TRY(const SignatureAlgorithm algorithm, algorithm_for(signature_oid_, *digest_algorithm, key.spec().family));

  TRY(const ByteView type_value, required_value(attribute(oids::content_type), "contentType"));
  der::Reader type_reader(type_value, der::Rules::ber);
  TRY(const Oid type, type_reader.oid("contentType"));
  // Some peers say what is inside, where RFC 8894 section 3.2 has id-data. What is read is the same.
  const bool known = type == oids::data || type == oids::enveloped_data || type == oids::signed_data;
  if (!known || content_type_ != type) return invalid("the signed content is not of type id-data");

  TRY(const ByteView digest_value, required_value(attribute(oids::message_digest), "messageDigest"));
  der::Reader digest_reader(digest_value, der::Rules::ber);
  TRY(const Bytes digest_sent, read_octets(digest_reader, "messageDigest"));
  const Bytes digest_found = hash(*digest_algorithm, content_ ? ByteView(*content_) : ByteView());
  if (!equal(digest_sent, digest_found)) return invalid("the messageDigest is not that of the content");

  const Bytes as_sent = attribute_set(attributes_as_sent_);
  if (key.verify(algorithm, as_sent, signature_)) return {};
  const Bytes sorted = sorted_attribute_set(attributes_as_sent_);
  if (sorted != as_sent && key.verify(algorithm, sorted, signature_)) return {};
  return invalid("the signature does not verify");
}

}  // namespace chancery::pki
