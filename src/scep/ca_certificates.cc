#include "scep/ca_certificates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "pki/bundle.h"

namespace chancery::scep {
namespace {

Result<std::vector<pki::Certificate>> parse_all(const std::vector<Bytes>& encoded) {
  std::vector<pki::Certificate> certificates;
  for (const Bytes& der : encoded) {
    TRY(pki::Certificate certificate, pki::Certificate::from_der(der));
    certificates.push_back(std::move(certificate));
  }
  if (certificates.empty()) return invalid("no certificate in it");
  return certificates;
}

bool is_signed_by(const pki::SignedData& message, const pki::Certificate& certificate) {
  const auto key = certificate.public_key();
  return key && message.verify(*key).has_value();
}

}  // namespace

CaCertificatesReply make_ca_certificates(const std::vector<Bytes>& certificates) {
  CHECK(!certificates.empty());
  if (certificates.size() == 1) return {.body = certificates.front(), .bundle = false};
  return {.body = pki::write_bundle({.certificates = certificates}), .bundle = true};
}

Result<std::vector<pki::Certificate>> read_ca_certificates(ByteView body) {
  TRY_IN("reading the CA certificates", auto certificates, pki::read_certificates(body));
  if (certificates.empty()) return invalid("reading the CA certificates: no certificate in it");
  return certificates;
}

Result<Bytes> make_next_ca_certificates(const std::vector<Bytes>& certificates, const Identity& signer) {
  CHECK(!certificates.empty());
  const Bytes bundle = pki::write_bundle({.certificates = certificates});
  pki::SignedDataContent content{.content = bundle, .signer = &signer.certificate};
  content.certificates.push_back(to_bytes(signer.certificate.der()));
  return pki::sign_data(content, signer.key);
}

Result<std::vector<pki::Certificate>> read_next_ca_certificates(ByteView body,
                                                                const std::vector<pki::Certificate>& current,
                                                                pki::Digest least_digest) {
  constexpr std::string_view doing = "reading the next CA certificates";
  TRY_IN(doing, const pki::SignedData message, pki::SignedData::parse(body));
  if (!message.digest() || *message.digest() < least_digest)
    return refused(fmt::format("{}: the digest of the signature is below {}", doing, pki::to_string(least_digest)));
  const bool authentic = std::ranges::any_of(
      current, [&](const pki::Certificate& certificate) { return is_signed_by(message, certificate); });
  if (!authentic) return refused(fmt::format("{}: not signed by the current authority", doing));
  if (!message.content()) return invalid(fmt::format("{}: there is no content", doing));
  TRY_IN(doing, const pki::Bundle bundle, pki::read_bundle(*message.content()));
  TRY_IN(doing, auto certificates, parse_all(bundle.certificates));
  return certificates;
}

}  // namespace chancery::scep
