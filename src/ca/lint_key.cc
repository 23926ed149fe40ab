#include <fmt/format.h>

#include <algorithm>

#include "ca/lint_rules.h"
#include "ca/weak_modulus.h"

namespace chancery::ca {
namespace {

// RFC 8017 section 3.1 wants an odd exponent of 3 or more. FIPS 186-5 and browsers ask for 65537 or more; 3, 5 and 17
// are allowed here all the same, since old devices make such keys and cannot do otherwise, and since what breaks with
// them is verifiers with faulty padding checks, not the key. 64 bits are the most that OpenSSL verifies with.
bool exponent_is_sound(ByteView exponent) {
  if (exponent.empty() || exponent.size() > 8 || (exponent.back() & 1) == 0) return false;
  return exponent.size() > 1 || exponent[0] >= 3;
}

void lint_rsa(const LintInput& input, std::vector<Finding>& findings) {
  const KeyRules& rules = input.policy.keys;
  const int bits = input.key.spec().bits;
  if (rules.rsa_most_bits == 0) {
    findings.push_back({"key-type-not-allowed", "RSA keys are not allowed here"});
    return;
  }
  if (bits < rules.rsa_least_bits)
    findings.push_back(
        {"weak-key", fmt::format("RSA keys need at least {} bits, this one has {}", rules.rsa_least_bits, bits)});
  if (bits > rules.rsa_most_bits)
    findings.push_back({"key-too-large",
                        fmt::format("RSA keys have at most {} bits here, this one has {}", rules.rsa_most_bits, bits)});
  if (!exponent_is_sound(input.key.rsa_exponent()))
    findings.push_back({"weak-key", "the RSA public exponent must be odd and at least 3"});
  const ModulusFindings modulus = examine_modulus(input.key.rsa_modulus());
  if (modulus.small_factor != 0)
    findings.push_back({"bad-key", fmt::format("the RSA modulus is divisible by {}", modulus.small_factor)});
  if (modulus.infineon)
    findings.push_back({"weak-key",
                        "the RSA key was made by a chip with a known flaw (CVE-2017-15361): its private half "
                        "can be computed from it"});
}

bool is_allowed_curve(const KeyRules& rules, int bits) {
  switch (bits) {
    case 256: return rules.p256;
    case 384: return rules.p384;
    case 521: return rules.p521;
    default: return false;
  }
}

}  // namespace

void lint_key(const LintInput& input, std::vector<Finding>& findings) {
  const KeyRules& rules = input.policy.keys;
  const pki::KeySpec& spec = input.key.spec();
  switch (spec.family) {
    case pki::KeyFamily::rsa: lint_rsa(input, findings); break;
    case pki::KeyFamily::ec:
      if (!is_allowed_curve(rules, spec.bits))
        findings.push_back({"key-type-not-allowed", fmt::format("keys on P-{} are not allowed here", spec.bits)});
      break;
    case pki::KeyFamily::ed25519:
      if (!rules.ed25519) findings.push_back({"key-type-not-allowed", "Ed25519 keys are not allowed here"});
      break;
  }
  // Whoever has a device's certificate on the authority's own key could pass for it; and a device that has such a key
  // has stolen it.
  const bool is_own = equal(input.key.spki(), input.issuer.spki()) ||
                      (!input.authority_keys.empty() &&
                       std::ranges::find(input.authority_keys, input.key.fingerprint()) != input.authority_keys.end());
  if (is_own) findings.push_back({"ca-key-reuse", "this is a key of the authority itself"});
}

}  // namespace chancery::ca
