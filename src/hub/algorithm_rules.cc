#include "hub/algorithm_rules.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace chancery::hub
