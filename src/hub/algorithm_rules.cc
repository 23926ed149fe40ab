#include "hub/algorithm_rules.h"

#include <fmt/format.h>

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

}  // namespace

std::optional<Refusal> refuse_algorithms(const Endpoint& endpoint, const scep::PkiMessage& message) {
  const auto digest = message.digest();
  if (!digest)
    return bad_algorithm(
        fmt::format("digest algorithm {} is not supported", message.signed_data().digest_oid().dotted()));
  if (!allowed(endpoint, *digest))
    return bad_algorithm(fmt::format("digest {} is not allowed here", pki::to_string(*digest)));
  const auto& envelope = message.envelope();
  if (!envelope) return std::nullopt;  // told as an unreadable message, after the signature was looked at
  if (!envelope->cipher)
    return bad_algorithm(fmt::format("content encryption {} is not supported", envelope->cipher_oid.dotted()));
  if (!allowed(endpoint, *envelope->cipher))
    return bad_algorithm(fmt::format("cipher {} is not allowed here", pki::to_string(*envelope->cipher)));
  return std::nullopt;
}

}  // namespace chancery::hub
