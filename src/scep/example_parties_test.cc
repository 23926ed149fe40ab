#include "scep/example_parties.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/check.h"

namespace chancery::scep::example {
namespace {

pki::Name name(std::string_view text) {
  auto parsed = pki::Name::from_text(text);
  CHECK(parsed.has_value());
  return *std::move(parsed);
}

template <class T>
T value(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().text();
  CHECK(result.has_value());
  return *std::move(result);
}

Party party(std::string_view name) { return {key(name), certificate(name)}; }

Party self_signed(std::string_view name, std::string_view subject) {
  pki::PrivateKey own = key(name);
  pki::Certificate own_certificate = transport_certificate(own, subject);
  return {std::move(own), std::move(own_certificate)};
}

Bytes signed_message(const Party& signer, std::optional<ByteView> content, std::vector<pki::CmsAttribute> attributes) {
  pki::SignedDataContent data{.signer = &signer.certificate};
  data.has_content = content.has_value();
  if (content) data.content = *content;
  data.attributes = std::move(attributes);
  data.certificates.push_back(to_bytes(signer.certificate.der()));
  return value(pki::sign_data(data, signer.key));
}

}  // namespace

Bytes vector_file(std::string_view path) {
  const std::string whole = std::string(CHANCERY_VECTORS) + "/scep/" + std::string(path);
  std::ifstream file(whole, std::ios::binary);
  if (!file) ADD_FAILURE() << "cannot read " << whole;
  CHECK(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

pki::PrivateKey key(std::string_view name) {
  return value(pki::PrivateKey::from_pem(as_text(vector_file("keys/" + std::string(name) + ".test-key.pem"))));
}

pki::Certificate certificate(std::string_view name) {
  return value(pki::Certificate::from_der(vector_file("authority/" + std::string(name) + ".der")));
}

pki::Certificate transport_certificate(const pki::PrivateKey& key, std::string_view subject) {
  return value(pki::make_transport_certificate(key, name(subject), {start, start + std::chrono::hours(48)},
                                               value(pki::Serial::from_hex("01"))));
}

pki::CertificateRequest certificate_request(const pki::PrivateKey& key, std::string_view subject) {
  const pki::RequestContent content{.subject = name(subject), .challenge_password = as_bytes(challenge)};
  const Bytes der = value(pki::make_request(content, key, key.default_algorithm()));
  return value(pki::CertificateRequest::from_der(der));
}

Party root() { return party("root"); }
Party ca() { return party("ca"); }
Party ra() { return party("ra"); }
Party client() { return self_signed("new-client", "CN=device"); }
Party ec_client() { return self_signed("ec-client", "CN=ec-device"); }
Party ed25519_client() { return self_signed("ed25519-client", "CN=ed25519-device"); }

pki::Certificate issue(const Party& issuer, const pki::PublicKey& key, const Leaf& leaf) {
  const pki::CertificateContent content{.serial = {Bytes{leaf.serial}},
                                        .issuer_der = to_bytes(issuer.certificate.subject_der()),
                                        .subject_der = name(leaf.subject).to_der(),
                                        .validity = leaf.validity,
                                        .spki = to_bytes(key.spki()),
                                        .extensions = leaf.extensions};
  const auto algorithm = issuer.key.default_algorithm();
  return value(
      pki::Certificate::from_der(value(pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, issuer.key))));
}

Bytes sign(const Party& signer, ByteView content, std::vector<pki::CmsAttribute> attributes) {
  return signed_message(signer, content, std::move(attributes));
}
Bytes sign_without_content(const Party& signer, std::vector<pki::CmsAttribute> attributes) {
  return signed_message(signer, std::nullopt, std::move(attributes));
}

}  // namespace chancery::scep::example
