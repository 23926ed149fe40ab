#pragma once

// What must hold for every certificate, whatever the policy: RFC 5280, and what is known to break devices or safety.

#include <span>
#include <string>
#include <vector>

#include "ca/policy.h"
#include "pki/certificate.h"

namespace chancery::ca {

// One rule broken. `rule` is stable and documented in docs/bad-inputs.md ("weak-key", "san-not-allowed"); `text` is for
// a person.
struct Finding {
  std::string rule;
  std::string text;
};

// What is about to be signed, decoded and as encoded. `subject`, `alternative_names` and `key` are what `content`
// holds.
struct LintInput {
  const Policy& policy;
  const pki::CertificateContent& content;
  const pki::Name& subject;
  const std::vector<pki::GeneralName>& alternative_names;
  const pki::PublicKey& key;
  const pki::Certificate& issuer;
  Timestamp now;
  // SHA-256 of the SubjectPublicKeyInfo of the authority's other keys (RA, root, other generations), which no device
  // may have certified. The issuer's own is known from its certificate.
  std::span<const Bytes> authority_keys;
  // The CAs above the issuing one, as far as they are held: what they are constrained to, it is, too.
  std::span<const pki::Certificate> above = {};
};
// Every rule that is broken, in a fixed order; empty when the certificate may be signed.
[[nodiscard]] std::vector<Finding> lint(const LintInput& input);
// The names of a certificate alone, before there is a key for it.
struct NamesInput {
  const Policy& policy;
  const pki::Name& subject;
  const std::vector<pki::GeneralName>& alternative_names;
  const pki::Certificate& issuer;
  std::span<const pki::Certificate> above = {};
};
// Every rule about names that lint() would find broken.
[[nodiscard]] std::vector<Finding> lint_names(const NamesInput& input);
// What is wrong with every certificate that an issuing CA could make by `policy`, whoever asks: its purposes are held
// to those of the CA, and of those above it, as far as they are held.
[[nodiscard]] std::vector<Finding> lint_policy(const Policy& policy, const pki::Certificate& issuer,
                                               std::span<const pki::Certificate> above = {});
// The first few of them, with how many more there are: "weak-key: RSA keys need at least 2048 bits, this one has 1024;
// missing-name: …".
[[nodiscard]] std::string to_text(const std::vector<Finding>& findings);

}  // namespace chancery::ca
