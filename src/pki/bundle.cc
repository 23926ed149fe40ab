#include "pki/bundle.h"

#include <fmt/format.h>

#include "pki/pem.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_certificates = 64;
constexpr std::size_t max_crls = 16;

// The members of a CertificateSet or of RevocationInfoChoices that are X.509: those with a context tag are other
// formats (RFC 5652 sections 10.2.1 and 10.2.2), which nothing here uses.
Status collect(std::vector<Bytes>& out, der::Reader set, std::size_t limit, std::string_view what) {
  while (!set.at_end()) {
    TRY(const der::Element member, set.any());
    if (member.tag != tag::sequence) continue;
    if (out.size() == limit) return invalid(fmt::format("more than {} {}", limit, what));
    out.push_back(to_bytes(member.whole));
  }
  return {};
}

Result<Bundle> parse_bundle(ByteView ber) {
  TRY(const der::Element whole, der::only_element(ber, tag::sequence, "contentInfo", der::Rules::ber));
  der::Reader info(whole.content, der::Rules::ber, 1);
  TRY(const Oid type, info.oid("contentType"));
  if (type != oids::signed_data) return invalid(fmt::format("content of type {}, not SignedData", type.dotted()));
  TRY(der::Reader content, info.enter(tag::context_constructed(0), "content"));
  TRY_STATUS(info.end("content"));
  TRY(der::Reader signed_data, content.enter(tag::sequence, "signedData"));
  TRY_STATUS(content.end("signedData"));

  TRY_STATUS(signed_data.small_integer("version"));
  TRY_STATUS(signed_data.expect(tag::set, "digestAlgorithms"));
  TRY_STATUS(signed_data.expect(tag::sequence, "encapContentInfo"));
  TRY(const auto certificates, signed_data.optional(tag::context_constructed(0)));
  TRY(const auto crls, signed_data.optional(tag::context_constructed(1)));
  TRY(const der::Reader signers, signed_data.enter(tag::set, "signerInfos"));
  TRY_STATUS(signed_data.end("signerInfos"));
  if (!signers.at_end()) return invalid("a bundle with a signer");

  Bundle bundle;
  if (certificates)
    TRY_STATUS(collect(bundle.certificates, signed_data.inside(*certificates), max_certificates, "certificates"));
  if (crls) TRY_STATUS(collect(bundle.crls, signed_data.inside(*crls), max_crls, "CRLs"));
  return bundle;
}

bool is_content_info(ByteView bytes) {
  der::Reader outer(bytes, der::Rules::ber);
  auto inner = outer.enter(tag::sequence, "contentInfo");
  return inner && inner->peek() == tag::oid;
}

bool is_bundle_label(std::string_view label) {
  return label == "PKCS7" || label == "CMS" || label == "PKCS #7 SIGNED DATA";
}

Status append_certificate(std::vector<Certificate>& out, ByteView encoded) {
  auto certificate = Certificate::from_der(encoded);
  if (!certificate) return std::unexpected(certificate.error().in(fmt::format("number {}", out.size() + 1)));
  out.push_back(*std::move(certificate));
  return {};
}

Status append_bundle(std::vector<Certificate>& out, ByteView ber) {
  TRY(const Bundle bundle, read_bundle(ber));
  for (const Bytes& certificate : bundle.certificates) TRY_STATUS(append_certificate(out, certificate));
  return {};
}

}  // namespace

Result<Bundle> read_bundle(ByteView ber) {
  auto bundle = parse_bundle(ber);
  if (!bundle) return std::unexpected(bundle.error().in("certificate bundle"));
  return bundle;
}

Bytes write_bundle(const Bundle& bundle) {
  der::Writer out;
  const auto write_all = [&](unsigned number, const std::vector<Bytes>& members) {
    if (members.empty()) return;
    out.constructed(tag::context_constructed(number), [&] {
      for (const Bytes& member : members) out.raw(member);
    });
  };
  out.sequence([&] {
    out.oid(oids::signed_data);
    out.constructed(tag::context_constructed(0), [&] {
      out.sequence([&] {
        out.small_integer(1);
        out.constructed(tag::set, [] {});            // digestAlgorithms
        out.sequence([&] { out.oid(oids::data); });  // encapContentInfo, without content
        write_all(0, bundle.certificates);
        write_all(1, bundle.crls);
        out.constructed(tag::set, [] {});  // signerInfos
      });
    });
  });
  return out.take();
}

Result<std::vector<Certificate>> read_certificates(ByteView bytes) {
  std::vector<Certificate> certificates;
  if (!looks_like_pem(bytes)) {
    if (is_content_info(bytes)) {
      TRY_STATUS(append_bundle(certificates, bytes));
    } else {
      TRY(Certificate certificate, Certificate::from_der(bytes));
      certificates.push_back(std::move(certificate));
    }
  } else {
    TRY(const auto blocks, read_pem(as_text(bytes)));
    for (const PemBlock& block : blocks) {
      if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") {
        // Some tools call a bundle a certificate.
        TRY_STATUS(is_content_info(block.der) ? append_bundle(certificates, block.der)
                                              : append_certificate(certificates, block.der));
      } else if (is_bundle_label(block.label)) {
        TRY_STATUS(append_bundle(certificates, block.der));
      }
    }
  }
  if (certificates.empty()) return invalid("no certificate in there");
  return certificates;
}

}  // namespace chancery::pki
