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
