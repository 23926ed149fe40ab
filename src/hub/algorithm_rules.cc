#include "hub/algorithm_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace chancery::hub {
namespace {

Refusal bad_algorithm(std::string text) { return {.info = scep::FailInfo::bad_alg, .text = std::move(text)}; }

bool allowed(const Endpoint& endpoint, pki::Digest digest) {
  if (digest == pki::Digest::md5) return endpoint.insecure_allow_single_des_and_md5;
  if (digest == pki::Digest::sha1) return endpoint.allow_3des_sha1;
  return true;
}

bool allowed(const Endpoint& endpoint, pki::Cipher cipher) {
  if (cipher == pki::Cipher::des) return endpoint.insecure_allow_single_des_and_md5;
  if (cipher == pki::Cipher::des3) return endpoint.allow_3des_sha1;
  return true;
}

// Key agreement (ECDH) is not, and neither is a password: nobody but the sender knows it.
bool is_key_transport(const pki::Recipient& recipient) {
  return std::holds_alternative<pki::KeyTransportRecipient>(recipient);
}

// How an operator opens an endpoint for such a digest.
std::string_view setting_for(pki::Digest digest) {
  return digest == pki::Digest::md5 ? "insecure_allow_single_des_and_md5" : "allow_3des_sha1";
}

}  // namespace

std::optional<Refusal> refuse_algorithms(const Endpoint& endpoint, const scep::PkiMessage& message) {
  if (message.unsupported()) return bad_algorithm(*message.unsupported());
  const pki::Digest digest = *message.digest();
  if (!allowed(endpoint, digest))
    return bad_algorithm(fmt::format("digest {} is not allowed here", pki::to_string(digest)));
  const auto& envelope = message.envelope();
  if (!envelope) return std::nullopt;  // told as an unreadable message, after the signature was looked at
  if (std::ranges::none_of(envelope->recipients, is_key_transport))
    return bad_algorithm("the key encryption of no recipient is supported: use RSAES-PKCS1-v1_5 or RSAES-OAEP");
  if (!allowed(endpoint, *envelope->cipher))
    return bad_algorithm(fmt::format("cipher {} is not allowed here", pki::to_string(*envelope->cipher)));
  return std::nullopt;
}

std::optional<Refusal> refuse_request_signature(const Endpoint& endpoint, const pki::CertificateRequest& request) {
  const auto algorithm = request.signature_algorithm();
  CHECK(algorithm.has_value());
  if (algorithm->family == pki::KeyFamily::ed25519 || allowed(endpoint, algorithm->digest)) return std::nullopt;
  return bad_algorithm(fmt::format(
      "the PKCS#10 is signed with {}, which is not allowed here: sign it with sha256, or set {}=true at the "
      "endpoint",
      pki::to_string(algorithm->digest), setting_for(algorithm->digest)));
}

}  // namespace chancery::hub
