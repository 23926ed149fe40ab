#include "pki/path.h"

#include <gtest/gtest.h>

namespace chancery::pki {
namespace {

constexpr Timestamp start(Seconds(1767225600));
constexpr Seconds day(86400);

// A root, an intermediate that it signed, and a leaf.
class Path : public ::testing::Test {
 protected:
  struct Party {
    PrivateKey key;
    Certificate certificate;
  };

  static Party make(const char* name, const Party* issuer, bool ca, Seconds life) {
    PrivateKey key = PrivateKey::generate({.family = KeyFamily::ec, .bits = 256}).value();
    const Bytes subject = Name::from_text(name)->to_der();
    std::vector<Extension> extensions;
    der::Writer constraints;
    constraints.sequence([&] {
      if (ca) constraints.boolean(true);
    });
    extensions.push_back({.oid = oids::basic_constraints, .critical = true, .value = constraints.take()});
    const CertificateContent content{
        .serial = Serial::from_hex("01").value(),
        .issuer_der = issuer == nullptr ? subject : to_bytes(issuer->certificate.subject_der()),
        .subject_der = subject,
        .validity = {.not_before = start, .not_after = start + life},
        .spki = to_bytes(key.public_key().spki()),
        .extensions = std::move(extensions)};
    const PrivateKey& signer = issuer == nullptr ? key : issuer->key;
    const SignatureAlgorithm algorithm = signer.default_algorithm();
    const Bytes der = sign_tbs(encode_tbs(content, algorithm), algorithm, signer).value();
    return {std::move(key), Certificate::from_der(der).value()};
  }

  static std::vector<Certificate> just(const Certificate& certificate) { return {certificate}; }

  Party root_ = make("CN=root", nullptr, true, 100 * day);
  Party intermediate_ = make("CN=intermediate", &root_, true, 50 * day);
  Party leaf_ = make("CN=leaf", &intermediate_, false, 10 * day);
};

TEST_F(Path, GoesFromLeafToAnchor) {
  const auto intermediates = just(intermediate_.certificate);
  const auto anchors = just(root_.certificate);
  const auto path = verify_path(
      {.leaf = &leaf_.certificate, .intermediates = &intermediates, .anchors = &anchors, .at = start + day});
  ASSERT_TRUE(path.has_value()) << path.error().text();
  ASSERT_EQ(path->size(), 3U);
  EXPECT_EQ((*path)[0].subject().to_text(), "CN=leaf");
  EXPECT_EQ((*path)[1].subject().to_text(), "CN=intermediate");
  EXPECT_EQ((*path)[2].subject().to_text(), "CN=root");
}

TEST_F(Path, MayEndAtAnAnchorThatIsNotSelfSigned) {
  const auto anchors = just(intermediate_.certificate);
  const auto path = verify_path({.leaf = &leaf_.certificate, .anchors = &anchors, .at = start + day});
  ASSERT_TRUE(path.has_value()) << path.error().text();
  EXPECT_EQ(path->size(), 2U);
}

// Signatures that were checked are not checked again; everything else is.
TEST_F(Path, ThatWasFoundBeforeIsGoodOnlyForTheSameCertificatesAndWhileAllOfThemAre) {
  const auto intermediates = just(intermediate_.certificate);
  const auto anchors = just(root_.certificate);
  const auto others = just(make("CN=root", nullptr, true, 100 * day).certificate);
  const auto verify = [&](const std::vector<Certificate>* between, const std::vector<Certificate>& trusted,
                          Timestamp at) {
    const auto path =
        verify_path({.leaf = &leaf_.certificate, .intermediates = between, .anchors = &trusted, .at = at});
    return path ? path->back().subject().to_text() : path.error().text();
  };
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(verify(&intermediates, anchors, start + day), "CN=root");
    EXPECT_EQ(verify(&intermediates, anchors, start + 9 * day), "CN=root");
    EXPECT_EQ(verify(&intermediates, anchors, start + 11 * day), "certificate of CN=leaf: certificate has expired");
    EXPECT_EQ(verify(&intermediates, anchors, start - day), "certificate of CN=root: certificate is not yet valid");
    EXPECT_NE(verify(&intermediates, others, start + day), "CN=root");
    EXPECT_EQ(verify(nullptr, anchors, start + day), "certificate of CN=leaf: unable to get local issuer certificate");
    // The anchor between, and what was between the anchor: other questions of the same certificates.
    EXPECT_EQ(verify(&anchors, intermediates, start + day), "CN=intermediate");
  }
}

TEST_F(Path, ThatFailsNamesTheCertificateAndTheReason) {
  const Party other_root = make("CN=root", nullptr, true, 100 * day);
  const Party not_ca = make("CN=not a CA", &root_, false, 50 * day);
  const Party below = make("CN=below", &not_ca, false, 10 * day);
  const struct {
    const char* name;
    const Certificate& leaf;
    std::vector<Certificate> intermediates, anchors;
    Timestamp at;
    const char* expect;
  } rows[] = {
      {"expired leaf", leaf_.certificate, just(intermediate_.certificate), just(root_.certificate), start + 11 * day,
       "certificate of CN=leaf: certificate has expired"},
      {"expired intermediate", leaf_.certificate, just(intermediate_.certificate), just(root_.certificate),
       start + 51 * day, "certificate of CN=intermediate: certificate has expired"},
      {"too early", leaf_.certificate, just(intermediate_.certificate), just(root_.certificate), start - day,
       "certificate of CN=root: certificate is not yet valid"},
      {"no intermediate",
       leaf_.certificate,
       {},
       just(root_.certificate),
       start + day,
       "certificate of CN=leaf: unable to get local issuer certificate"},
      {"no anchors",
       leaf_.certificate,
       just(intermediate_.certificate),
       {},
       start + day,
       "certificate of CN=intermediate: unable to get local issuer certificate"},
      {"a root of the same name", leaf_.certificate, just(intermediate_.certificate), just(other_root.certificate),
       start + day, "certificate of CN=intermediate: certificate signature failure"},
      {"an issuer that is no CA", below.certificate, just(not_ca.certificate), just(root_.certificate), start + day,
       "certificate of CN=not a CA: invalid CA certificate"},
  };
  for (const auto& row : rows) {
    const auto path =
        verify_path({.leaf = &row.leaf, .intermediates = &row.intermediates, .anchors = &row.anchors, .at = row.at});
    ASSERT_FALSE(path.has_value()) << row.name;
    EXPECT_EQ(path.error().text(), row.expect) << row.name;
    EXPECT_EQ(path.error().code(), ErrorCode::refused) << row.name;
  }
}

}  // namespace
}  // namespace chancery::pki
