#pragma once

// For the tests in this directory: an authority that is made once, and requests to it.

#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "ca/authority.h"
#include "ca/issuer.h"
#include "ca/policy.h"

namespace chancery::ca::testing {

// 2026-01-01T00:00:00Z, as testing::FakeClock starts.
inline constexpr Timestamp start{Seconds(1767225600)};

// Elliptic curves where they may be: they are made fast.
inline AuthorityPlan quick_plan() {
  return {.names = {.organization = "Example"},
          .root_key = {pki::KeyFamily::ec, 256},
          .issuing_key = {pki::KeyFamily::ec, 256}};
}

struct Authority {
  Root root;
  Generation generation;
};

inline Authority make_authority(const AuthorityPlan& plan, Random& random) {
  auto root = make_root(plan, start, random);
  CHECK(root.has_value());
  auto generation = make_generation(plan, *root, 1, start, random);
  CHECK(generation.has_value());
  return {*std::move(root), *std::move(generation)};
}

// One for all tests of a program. An hour has passed since it was made, so that back-dating has room.
inline const Authority& authority() {
  static SystemRandom random;
  static const Authority made = make_authority(quick_plan(), random);
  return made;
}
inline constexpr Timestamp now = start + std::chrono::hours(24);

inline const pki::PrivateKey& device_key() {
  static const pki::PrivateKey key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
  return key;
}

inline std::vector<pki::GeneralName> names(const std::vector<std::string>& texts) {
  std::vector<pki::GeneralName> result;
  for (const std::string& text : texts) result.push_back(pki::general_name_from_text(text).value());
  return result;
}

// nameConstraints, critical: names as general_name_from_text() takes them; of an IP address, its network and mask as
// hexadecimal, "ip#0a000000ff000000". A domain with its leading dot, "uri:.example.com", as well.
struct Subtrees {
  std::vector<std::string> permitted = {}, excluded = {};
};
inline pki::Extension name_constraints(const Subtrees& subtrees) {
  pki::der::Writer out;
  const auto write = [&](unsigned number, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    out.constructed(pki::der::tag::context_constructed(number), [&] {
      for (const std::string& text : texts) {
        out.sequence([&] {
          if (text.starts_with("ip#"))
            out.primitive(pki::der::tag::context(7), from_hex(text.substr(3)).value());
          else
            pki::write_general_name(out, pki::general_name_from_text(text).value());
        });
      }
    });
  };
  out.sequence([&] {
    write(0, subtrees.permitted);
    write(1, subtrees.excluded);
  });
  return {.oid = pki::oids::name_constraints, .critical = true, .value = out.take()};
}

// The issuing CA of authority(), with more extensions in its certificate. Signed anew by its own key, which is not
// looked at.
inline pki::Certificate issuing_with(std::vector<pki::Extension> more) {
  const Generation& generation = authority().generation;
  pki::CertificateContent content{.serial = generation.issuing.serial(),
                                  .issuer_der = to_bytes(generation.issuing.issuer_der()),
                                  .subject_der = to_bytes(generation.issuing.subject_der()),
                                  .validity = generation.issuing.validity(),
                                  .spki = to_bytes(generation.issuing.spki()),
                                  .extensions = generation.issuing.extensions()};
  content.extensions.insert(content.extensions.end(), more.begin(), more.end());
  const pki::SignatureAlgorithm algorithm = generation.issuing_key.default_algorithm();
  const auto der = pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, generation.issuing_key);
  CHECK(der.has_value());
  return pki::Certificate::from_der(*der).value();
}

inline IssuanceRequest request(std::string_view subject, const std::vector<std::string>& alternative_names = {}) {
  return {.subject = pki::Name::from_text(subject).value(),
          .alternative_names = names(alternative_names),
          .key = device_key().public_key()};
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? std::string() : result.error().text();
}

}  // namespace chancery::ca::testing
