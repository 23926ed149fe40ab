#include "scep/unsupported.h"

#include <fmt/format.h>

#include "pki/content_info.h"

namespace chancery::scep {
namespace {

namespace der = pki::der;
namespace tag = pki::der::tag;
using pki::Oid;

constexpr Oid auth_enveloped_data = Oid::of("1.2.840.113549.1.9.16.1.23");

// Digests apart, what RFC 5652 lets a signer name: the algorithm of the key, or that of key and digest.
bool is_known_signature(const Oid& oid) {
  return oid == pki::oids::rsa_encryption || oid == pki::oids::ec_public_key ||
         pki::signature_algorithm_of(oid).has_value();
}

bool is_known_curve(const Oid& oid) {
  return oid == pki::oids::p256 || oid == pki::oids::p384 || oid == pki::oids::p521;
}

}  // namespace

std::optional<std::string> unsupported_signature(const pki::SignedData& message) {
  if (!message.digest()) return fmt::format("digest algorithm {} is not supported", message.digest_oid().dotted());
  const Oid& oid = message.signature_oid();
  if (is_known_signature(oid)) return std::nullopt;
  if (oid == pki::oids::rsassa_pss) return "signatures with RSASSA-PSS are not supported: use RSASSA-PKCS1-v1_5";
  return fmt::format("signature algorithm {} is not supported", oid.dotted());
}

std::optional<std::string> unsupported_key(const pki::Certificate& signer) {
  der::Reader outside(signer.spki());
  auto spki = outside.enter(tag::sequence, "subjectPublicKeyInfo");
  if (!spki) return std::nullopt;
  const auto algorithm = spki->algorithm("algorithm");
  if (!algorithm || algorithm->oid == pki::oids::rsa_encryption || algorithm->oid == pki::oids::ed25519)
    return std::nullopt;
  if (algorithm->oid != pki::oids::ec_public_key)
    return fmt::format("keys of the algorithm {} are not supported", algorithm->oid.dotted());
  der::Reader parameters(algorithm->parameters);
  const auto curve = parameters.oid("curve");
  if (!curve || is_known_curve(*curve)) return std::nullopt;
  return fmt::format("keys on the curve {} are not supported", curve->dotted());
}

std::optional<std::string> unsupported_frame(const pki::SignedData& message) {
  if (!message.content()) return std::nullopt;
  const auto type = pki::read_content_type(*message.content());
  if (!type || *type != auth_enveloped_data) return std::nullopt;
  return "AuthEnvelopedData is not supported: use EnvelopedData with AES in CBC mode";
}

std::optional<std::string> unsupported_cipher(const pki::EnvelopedData& envelope) {
  if (envelope.cipher) return std::nullopt;
  return fmt::format("content encryption {} is not supported", envelope.cipher_oid.dotted());
}

}  // namespace chancery::scep
