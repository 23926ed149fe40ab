#include "ca/lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "ca/lint_rules.h"

namespace chancery::ca {
namespace {

// Far above what a real certificate has and below what readers take. Requests may be as large as 64 KiB.
constexpr std::size_t most_content = 16384;
constexpr std::size_t most_told = 5;

void lint_validity(const LintInput& input, std::vector<Finding>& findings) {
  const pki::Validity& wanted = input.content.validity;
  const pki::Validity& issuer = input.issuer.validity();
  if (input.now < issuer.not_before)
    findings.push_back({"issuer-not-yet-valid",
                        fmt::format("the issuing certificate is valid from {}", to_rfc3339(issuer.not_before))});
  if (input.now > issuer.not_after)
    findings.push_back(
        {"issuer-expired", fmt::format("the issuing certificate expired at {}", to_rfc3339(issuer.not_after))});
  if (wanted.not_after <= wanted.not_before) {
    findings.push_back({"validity-inverted", fmt::format("notAfter ({}) is not after notBefore ({})",
                                                         to_rfc3339(wanted.not_after), to_rfc3339(wanted.not_before))});
    return;
  }
  if (wanted.not_before > input.now)
    findings.push_back(
        {"forward-dated", fmt::format("notBefore ({}) is in the future", to_rfc3339(wanted.not_before))});
  if (wanted.not_before < issuer.not_before)
    findings.push_back(
        {"validity-beyond-issuer", fmt::format("notBefore ({}) is before the issuing certificate's ({})",
                                               to_rfc3339(wanted.not_before), to_rfc3339(issuer.not_before))});
  if (wanted.not_after > issuer.not_after)
    findings.push_back(
        {"validity-beyond-issuer", fmt::format("notAfter ({}) is after the issuing certificate's ({})",
                                               to_rfc3339(wanted.not_after), to_rfc3339(issuer.not_after))});
  if (wanted.not_after > input.now + input.policy.validity)
    findings.push_back(
        {"validity-beyond-policy", fmt::format("notAfter ({}) is more than {} away", to_rfc3339(wanted.not_after),
                                               to_duration_text(input.policy.validity))});
}

// RFC 5280 section 4.1.2.2: positive and at most 20 octets. 64 bits of randomness are the least that anybody asks for.
void lint_serial(const LintInput& input, std::vector<Finding>& findings) {
  const Bytes& octets = input.content.serial.octets;
  const bool positive = !octets.empty() && (octets[0] & 0x80) == 0 &&
                        std::ranges::any_of(octets, [](std::uint8_t octet) { return octet != 0; });
  if (!positive || octets.size() < 8 || octets.size() > 20)
    findings.push_back({"bad-serial", "a serial number is positive and has 8 to 20 octets"});
}

void lint_size(const LintInput& input, std::vector<Finding>& findings) {
  const pki::CertificateContent& content = input.content;
  std::size_t size = content.subject_der.size() + content.spki.size();
  for (const pki::Extension& extension : content.extensions) size += extension.value.size();
  if (size > most_content)
    findings.push_back({"too-large", fmt::format("subject, key and extensions have {} octets, at most {} are signed",
                                                 size, most_content)});
}

}  // namespace

std::vector<Finding> lint(const LintInput& input) {
  std::vector<Finding> findings;
  lint_key(input, findings);
  lint_subject(names_of(input), findings);
  lint_alternative_names(names_of(input), findings);
  lint_constraints(input, findings);
  lint_validity(input, findings);
  lint_serial(input, findings);
  lint_size(input, findings);
  return findings;
}

std::vector<Finding> lint_names(const NamesInput& input) {
  std::vector<Finding> findings;
  lint_subject(input, findings);
  lint_alternative_names(input, findings);
  lint_name_constraints(input, input.issuer, findings);
  for (const pki::Certificate& authority : input.above) lint_name_constraints(input, authority, findings);
  return findings;
}

std::string to_text(const std::vector<Finding>& findings) {
  std::string text;
  for (std::size_t i = 0; i < std::min(findings.size(), most_told); ++i) {
    if (i != 0) text.append("; ");
    text.append(findings[i].rule).append(": ").append(findings[i].text);
  }
  if (findings.size() > most_told) text.append(fmt::format("; and {} more", findings.size() - most_told));
  return text;
}

std::string shown(std::string_view text) {
  constexpr std::size_t most_shown = 80;
  std::string result(text.substr(0, most_shown));
  for (char& c : result) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  if (text.size() > most_shown) result.append("…");
  return result;
}

}  // namespace chancery::ca
