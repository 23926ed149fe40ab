#include "pki/crl.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "pki/pem.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_crl = 64 << 20;
constexpr std::size_t max_serial = 64;
constexpr std::size_t max_number = 20;

struct ReasonRow {
  RevocationReason reason;
  std::string_view text;
};

constexpr ReasonRow reasons[] = {
    {RevocationReason::unspecified, "unspecified"},
    {RevocationReason::key_compromise, "keyCompromise"},
    {RevocationReason::ca_compromise, "cACompromise"},
    {RevocationReason::affiliation_changed, "affiliationChanged"},
    {RevocationReason::superseded, "superseded"},
    {RevocationReason::cessation_of_operation, "cessationOfOperation"},
    {RevocationReason::certificate_hold, "certificateHold"},
    {RevocationReason::remove_from_crl, "removeFromCRL"},
    {RevocationReason::privilege_withdrawn, "privilegeWithdrawn"},
    {RevocationReason::aa_compromise, "aACompromise"},
};

Bytes magnitude_of(std::uint64_t number) {
  Bytes octets;
  for (int shift = 56; shift >= 0; shift -= 8) octets.push_back(static_cast<std::uint8_t>(number >> shift));
  return octets;
}

void write_entry(der::Writer& out, const RevokedEntry& entry) {
  out.sequence([&] {
    out.primitive(tag::integer, entry.serial.octets);
    out.time(entry.revoked_at);
    // RFC 5280 section 5.3.1: unspecified is said by saying nothing.
    if (entry.reason == RevocationReason::unspecified) return;
    der::Writer reason;
    reason.unsigned_integer(magnitude_of(static_cast<std::uint64_t>(entry.reason)), tag::enumerated);
    write_extensions(out, {{.oid = oids::crl_reason, .value = reason.take()}});
  });
}

Result<RevocationReason> read_reason(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::enumerated, "reasonCode"));
  const auto known = std::ranges::find_if(reasons, [&](const ReasonRow& row) {
    return element.content.size() == 1 && element.content[0] == static_cast<std::uint8_t>(row.reason);
  });
  if (known == std::end(reasons)) return invalid("reasonCode: no such reason");
  return known->reason;
}

Result<RevokedEntry> read_entry(der::Reader& list) {
  TRY(der::Reader reader, list.enter(tag::sequence, "revoked certificate"));
  RevokedEntry entry;
  TRY(const ByteView serial, reader.integer("serialNumber", max_serial));
  entry.serial.octets = to_bytes(serial);
  TRY(entry.revoked_at, reader.time("revocationDate"));
  if (!reader.at_end()) {
    TRY(const auto extensions, read_extensions(reader.rest()));
    for (const Extension& extension : extensions) {
      if (extension.oid == oids::crl_reason) {
        TRY(entry.reason, read_reason(extension.value));
      } else if (extension.critical) {
        return invalid(fmt::format("the unknown critical extension {}", extension.oid.dotted()));
      }
    }
  }
  return entry;
}

// By number, for positive serials.
bool lower_serial(const RevokedEntry* a, const RevokedEntry* b) {
  if (a->serial.octets.size() != b->serial.octets.size()) return a->serial.octets.size() < b->serial.octets.size();
  return a->serial < b->serial;
}

}  // namespace

std::string_view to_string(RevocationReason reason) {
  const auto row = std::ranges::find(reasons, reason, &ReasonRow::reason);
  return row != std::end(reasons) ? row->text : "unspecified";
}

Result<RevocationReason> revocation_reason_from_text(std::string_view text) {
  const auto row = std::ranges::find_if(
      reasons, [&](const ReasonRow& known) { return ascii::equal_ignoring_case(known.text, text); });
  if (row == std::end(reasons))
    return invalid(
        fmt::format("'{}' is not a reason: expected keyCompromise, superseded, cessationOfOperation, …", text));
  return row->reason;
}

Result<Bytes> make_crl(const CrlContent& content, const PrivateKey& key, const SignatureAlgorithm& algorithm) {
  std::vector<const RevokedEntry*> entries;
  entries.reserve(content.entries.size());
  for (const RevokedEntry& entry : content.entries) entries.push_back(&entry);
  std::ranges::sort(entries, lower_serial);
  const auto twice = std::ranges::adjacent_find(entries, {}, &RevokedEntry::serial);
  if (twice != entries.end()) return invalid(fmt::format("serial {} is revoked twice", (*twice)->serial.hex()));

  der::Writer number;
  number.unsigned_integer(magnitude_of(content.number));
  std::vector<Extension> extensions = {{.oid = oids::crl_number, .value = number.take()}};
  if (!content.authority_key_identifier.empty())
    extensions.insert(extensions.begin(), make_authority_key_identifier(content.authority_key_identifier));

  der::Writer out;
  out.sequence([&] {
    out.small_integer(1);
    write_algorithm(out, algorithm);
    out.raw(content.issuer_der);
    out.time(content.this_update).time(content.next_update);
    // revokedCertificates must not be there when there are none (RFC 5280 section 5.1.2.6).
    if (!entries.empty()) {
      out.sequence([&] {
        for (const RevokedEntry* entry : entries) write_entry(out, *entry);
      });
    }
    out.constructed(tag::context_constructed(0), [&] { write_extensions(out, extensions); });
  });
  return sign_tbs(out.view(), algorithm, key);
}

Result<Crl> Crl::from_der(ByteView der) {
  if (der.size() > max_crl) return invalid("a CRL of more than 64 MiB");
  Crl crl;
  crl.der_ = to_bytes(der);
  TRY_STATUS_IN("CRL", crl.parse());
  return crl;
}

Status Crl::parse() {
  TRY(const der::Element whole, der::only_element(der_, tag::sequence, "certificateList"));
  der::Reader outer(whole.content);
  TRY(const der::Element tbs_element, outer.expect(tag::sequence, "tbsCertList"));
  TRY(const der::Reader::Algorithm algorithm, outer.algorithm("signatureAlgorithm"));
  TRY(const ByteView signature, outer.bit_string("signature"));
  TRY_STATUS(outer.end("signature"));
  tbs_ = to_bytes(tbs_element.whole);
  signature_ = to_bytes(signature);
  signature_oid_ = algorithm.oid;

  der::Reader tbs = outer.inside(tbs_element);
  if (tbs.peek() == tag::integer) {
    TRY(const int version, tbs.small_integer("version"));
    if (version > 1) return invalid(fmt::format("version {}, which CRLs do not have", version + 1));
  }
  TRY(const der::Reader::Algorithm inner, tbs.algorithm("signature"));
  if (inner.oid != algorithm.oid || !equal(inner.parameters, algorithm.parameters))
    return invalid("the signature algorithm inside differs from the one outside");
  TRY(const der::Element issuer, tbs.expect(tag::sequence, "issuer"));
  TRY_IN("issuer", issuer_, Name::from_der(issuer.whole));
  TRY(this_update_, tbs.time("thisUpdate"));
  if (tbs.peek() == tag::utc_time || tbs.peek() == tag::generalized_time) {
    TRY(next_update_, tbs.time("nextUpdate"));
  }
  TRY(const auto revoked, tbs.optional(tag::sequence));
  if (revoked) {
    der::Reader list = tbs.inside(*revoked);
    while (!list.at_end()) {
      auto entry = read_entry(list);
      if (!entry) return std::unexpected(entry.error().in(fmt::format("entry {}", entries_.size() + 1)));
      entries_.push_back(*std::move(entry));
    }
  }
  TRY(const auto extensions, tbs.optional(tag::context_constructed(0)));
  TRY_STATUS(tbs.end("crlExtensions"));
  if (extensions) return parse_extensions(extensions->content);
  return {};
}

Status Crl::parse_extensions(ByteView encoded) {
  TRY(extensions_, read_extensions(encoded));
  const Extension* number = find_extension(extensions_, oids::crl_number);
  if (number == nullptr) return {};
  der::Reader reader(number->value);
  TRY(const ByteView octets, reader.integer("cRLNumber", max_number));
  TRY_STATUS(reader.end("cRLNumber"));
  if ((octets[0] & 0x80) != 0) return invalid("cRLNumber: negative");
  if (octets.size() > 9 || (octets.size() == 9 && octets[0] != 0)) return {};
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  number_ = value;
  return {};
}

Result<Crl> Crl::from_pem_or_der(ByteView bytes) {
  if (!looks_like_pem(bytes)) return from_der(bytes);
  TRY(const auto blocks, read_pem(as_text(bytes)));
  for (const PemBlock& block : blocks) {
    if (block.label == "X509 CRL" || block.label == "CRL") return from_der(block.der);
  }
  return invalid("no X509 CRL in the PEM text");
}

bool Crl::signed_by(const PublicKey& key) const {
  const auto algorithm = signature_algorithm_of(signature_oid_);
  return algorithm && algorithm->family == key.spec().family && key.verify(*algorithm, tbs_, signature_);
}

}  // namespace chancery::pki
