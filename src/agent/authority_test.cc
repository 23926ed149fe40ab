#include "agent/authority.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"

namespace chancery::agent {
namespace {

struct Shown {
  testing::FakeClock clock;
  testing::FakeRandom random;
  std::vector<pki::Certificate> certificates = {test_party("ra").certificate, test_party("ca").certificate,
                                                test_party("root").certificate};
};

TEST(Fingerprint, IsReadWithAndWithoutColonsAndSha1OnlyWhenAllowed) {
  const std::string digits(64, 'a');
  EXPECT_EQ(fingerprint_from_text(digits, false)->size(), 32U);
  EXPECT_EQ(fingerprint_from_text(to_colon_hex(Bytes(32, 0xab)), false), Bytes(32, 0xab));
  EXPECT_EQ(fingerprint_from_text(std::string(40, 'a'), true)->size(), 20U);
  const struct {
    const char* name;
    std::string text;
    ErrorCode code;
    const char* expect;
  } rows[] = {
      {"SHA-1", std::string(40, 'a'), ErrorCode::refused, "the fingerprint is a SHA-1 value"},
      {"a digit too few", std::string(63, 'a'), ErrorCode::invalid, "the fingerprint: "},
      {"an octet too few", std::string(62, 'a'), ErrorCode::invalid, "the fingerprint is no SHA-256 value"},
      {"no hexadecimal", std::string(64, 'g'), ErrorCode::invalid, "the fingerprint: "},
      {"empty", "", ErrorCode::invalid, "the fingerprint is no SHA-256 value"},
  };
  for (const auto& row : rows) {
    const auto read = fingerprint_from_text(row.text, false);
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().code(), row.code) << row.name;
    EXPECT_TRUE(read.error().text().starts_with(row.expect)) << row.name << ": " << read.error().text();
  }
}

TEST(Authority, IsAuthenticatedByTheFingerprintOfItsRootOrItsIssuingCa) {
  for (const char* name : {"root", "ca"}) {
    Shown shown;
    const auto authority = authenticate(shown.certificates, {.fingerprint = test_party(name).certificate.fingerprint()},
                                        shown.clock.now());
    ASSERT_TRUE(authority) << authority.error().text();
    EXPECT_TRUE(equal(authority->anchor.der(), test_party(name).certificate.der()));
    EXPECT_TRUE(equal(authority->issuer().der(), test_party("ca").certificate.der()));
    EXPECT_EQ(authority->authorities().size(), 2U);
    ASSERT_EQ(authority->registration().size(), 1U);
    EXPECT_TRUE(equal(authority->registration()[0].der(), test_party("ra").certificate.der()));
  }
}

TEST(Authority, IsNotTrustedWithoutAPinOrWithAnotherOne) {
  Shown shown;
  const auto unpinned = authenticate(shown.certificates, {}, shown.clock.now());
  ASSERT_FALSE(unpinned);
  EXPECT_EQ(unpinned.error().text(), "no fingerprint says which CA to trust");
  const auto other =
      authenticate(shown.certificates, {.fingerprint = Bytes(32, 1), .trust_first_use = true}, shown.clock.now());
  ASSERT_FALSE(other) << "a fingerprint that does not match is not made good by trusting on first use";
  EXPECT_EQ(other.error().code(), ErrorCode::refused);
}

TEST(Authority, OfACertificateThatIsNotGoodNowItSaysWhatTheClockSays) {
  Shown shown;
  const Pin pin{.fingerprint = test_party("root").certificate.fingerprint()};
  const Timestamp slow = shown.certificates[0].validity().not_before - std::chrono::hours(3);
  const auto refused = authenticate(shown.certificates, pin, slow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::refused);
  const pki::Certificate& root = shown.certificates[2];
  const std::string expect =
      fmt::format("the certificate '{}' is not valid now: it begins on {} (this device's clock says {})",
                  root.subject().to_text(), to_rfc3339(root.validity().not_before), to_rfc3339(slow));
  EXPECT_EQ(refused.error().text(), expect);
}

TEST(Authority, WithAForeignCertificateAmongItsOwnIsTheSameWithoutIt) {
  Shown shown;
  shown.certificates.push_back(
      make_signer(pki::PrivateKey::generate({.family = pki::KeyFamily::ec, .bits = 256}).value(),
                  pki::Name::from_text("CN=foreign").value(), shown.clock.now(), shown.random)
          .value());
  const auto authority = authenticate(shown.certificates, {.fingerprint = test_party("root").certificate.fingerprint()},
                                      shown.clock.now());
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_EQ(authority->certificates.all.size(), 3U);
  EXPECT_EQ(authority->registration().size(), 1U);
  ASSERT_EQ(authority->certificates.left_out.size(), 1U);
  EXPECT_EQ(authority->certificates.left_out[0].subject, "CN=foreign");
  EXPECT_FALSE(authenticate(shown.certificates, {.trust_first_use = true}, shown.clock.now()))
      << "without a pin, it could as well be the others that are foreign";
}

TEST(Authority, TrustedOnFirstUseIsAnchoredAtItsRoot) {
  Shown shown;
  const auto authority = authenticate(shown.certificates, {.trust_first_use = true}, shown.clock.now());
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_TRUE(equal(authority->anchor.der(), test_party("root").certificate.der()));
}

TEST(Authority, PinnedBySha1IsTheSameAuthority) {
  Shown shown;
  const Bytes sha1 = pki::hash(pki::Digest::sha1, test_party("root").certificate.der());
  EXPECT_FALSE(authenticate(shown.certificates, {.fingerprint = sha1}, shown.clock.now()));
  const auto authority = authenticate(shown.certificates, {.fingerprint = sha1, .allow_sha1 = true}, shown.clock.now());
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_TRUE(equal(authority->anchor.der(), test_party("root").certificate.der()));
}

}  // namespace
}  // namespace chancery::agent
