#include "pki/certificate.h"

#include <fmt/format.h>

#include <ranges>

#include "pki/pem.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_certificate = 65536;
constexpr std::size_t max_serial = 64;

// Turns a two's complement number, most significant octet first, into its negative.
void negate(Bytes& octets) {
  bool carry = true;
  for (std::uint8_t& octet : std::views::reverse(octets)) {
    octet = static_cast<std::uint8_t>(~octet + (carry ? 1 : 0));
    carry = carry && octet == 0;
  }
}

}  // namespace

std::string Serial::hex() const {
  const bool negative = !octets.empty() && (octets[0] & 0x80) != 0;
  Bytes magnitude = octets;
  if (negative) negate(magnitude);
  const std::size_t padding = magnitude.size() > 1 && magnitude[0] == 0 ? 1 : 0;
  return (negative ? "-" : "") + to_hex(ByteView(magnitude).subspan(padding));
}

Result<Serial> Serial::from_hex(std::string_view hex) {
  const bool negative = hex.starts_with('-');
  std::string digits;
  for (const char c : hex.substr(negative ? 1 : 0)) {
    if (c != ':') digits.push_back(c);
  }
  if (digits.size() % 2 != 0) digits.insert(0, 1, '0');
  auto octets = chancery::from_hex(digits);
  if (digits.empty() || !octets) return invalid("not a serial number: expected hexadecimal digits");
  while (octets->size() > 1 && (*octets)[0] == 0) octets->erase(octets->begin());
  if (((*octets)[0] & 0x80) != 0) octets->insert(octets->begin(), 0);
  if (negative) {
    negate(*octets);
    // The sign octet is superfluous where the magnitude was a power of two that fills its octets.
    if (octets->size() > 1 && (*octets)[0] == 0xff && ((*octets)[1] & 0x80) != 0) octets->erase(octets->begin());
  }
  if (octets->size() > max_serial) return invalid("a serial number of more than 64 octets");
  return Serial{*std::move(octets)};
}

Result<Certificate> Certificate::from_der(ByteView der) {
  if (der.size() > max_certificate) return invalid("a certificate of more than 64 KiB");
  Certificate certificate;
  certificate.der_ = to_bytes(der);
  TRY_STATUS_IN("certificate", certificate.parse());
  return certificate;
}

Status Certificate::parse() {
  const auto range_of = [this](ByteView part) {
    return Range{static_cast<std::size_t>(part.data() - der_.data()), part.size()};
  };

  TRY(const der::Element whole, der::only_element(der_, tag::sequence, "certificate"));
  der::Reader outer(whole.content);
  TRY(const der::Element tbs_element, outer.expect(tag::sequence, "tbsCertificate"));
  tbs_range_ = range_of(tbs_element.whole);
  TRY(const der::Reader::Algorithm algorithm, outer.algorithm("signatureAlgorithm"));
  TRY(const ByteView signature, outer.bit_string("signature"));
  TRY_STATUS(outer.end("signature"));
  signature_range_ = range_of(signature);
  signature_oid_ = algorithm.oid;
  signature_algorithm_ = signature_algorithm_of(signature_oid_);

  der::Reader tbs = outer.inside(tbs_element);
  TRY(const auto version, tbs.optional(tag::context_constructed(0)));
  if (version) {
    der::Reader inner = tbs.inside(*version);
    TRY(const int number, inner.small_integer("version"));
    TRY_STATUS(inner.end("version"));
    if (number > 2) return invalid(fmt::format("version {}, which X.509 does not have", number + 1));
  }
  TRY(const ByteView serial, tbs.integer("serialNumber", max_serial));
  serial_.octets = to_bytes(serial);
  TRY(const der::Reader::Algorithm inner_algorithm, tbs.algorithm("signature"));
  if (inner_algorithm.oid != algorithm.oid || !equal(inner_algorithm.parameters, algorithm.parameters))
    return invalid("the signature algorithm inside differs from the one outside");

  TRY(const der::Element issuer, tbs.expect(tag::sequence, "issuer"));
  issuer_range_ = range_of(issuer.whole);
  TRY_IN("issuer", issuer_, Name::from_der(issuer.whole));
  TRY(der::Reader validity, tbs.enter(tag::sequence, "validity"));
  TRY(validity_.not_before, validity.time("notBefore"));
  TRY(validity_.not_after, validity.time("notAfter"));
  TRY_STATUS(validity.end("notAfter"));
  TRY(const der::Element subject, tbs.expect(tag::sequence, "subject"));
  subject_range_ = range_of(subject.whole);
  TRY_IN("subject", subject_, Name::from_der(subject.whole));
  TRY(const der::Element spki, tbs.expect(tag::sequence, "subjectPublicKeyInfo"));
  spki_range_ = range_of(spki.whole);

  TRY_STATUS(tbs.skip_optional(tag::context(1)));
  TRY_STATUS(tbs.skip_optional(tag::context(2)));
  TRY(const auto extensions, tbs.optional(tag::context_constructed(3)));
  TRY_STATUS(tbs.end("extensions"));
  if (!extensions) return {};
  TRY(extensions_, read_extensions(extensions->content));
  return decode_extensions();
}

Status Certificate::decode_extensions() {
  for (const Extension& known : extensions_) {
    if (known.oid == oids::subject_alternative_name) {
      TRY_IN("subjectAltName", alternative_names_, read_general_names(known.value));
    } else if (known.oid == oids::key_usage) {
      TRY(key_usage_, read_key_usage(known.value));
    } else if (known.oid == oids::basic_constraints) {
      TRY(basic_constraints_, read_basic_constraints(known.value));
    }
  }
  return {};
}

Result<Certificate> Certificate::from_pem_or_der(ByteView bytes) {
  if (!looks_like_pem(bytes)) return from_der(bytes);
  TRY(const auto blocks, read_pem(as_text(bytes)));
  for (const PemBlock& block : blocks) {
    if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") return from_der(block.der);
  }
  return invalid("no CERTIFICATE in the PEM text");
}

std::string Certificate::to_pem() const { return write_pem("CERTIFICATE", der_); }

Bytes Certificate::fingerprint() const { return hash(Digest::sha256, der_); }

bool Certificate::self_issued() const { return equal(issuer_der(), subject_der()) || issuer_.matches(subject_); }

bool Certificate::signed_by(const PublicKey& key) const {
  return signature_algorithm_ && signature_algorithm_->family == key.spec().family &&
         key.verify(*signature_algorithm_, at(tbs_range_), at(signature_range_));
}

}  // namespace chancery::pki
