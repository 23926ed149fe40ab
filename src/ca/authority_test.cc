#include "ca/authority.h"

#include <gtest/gtest.h>

#include "ca/ca_testing.h"
#include "testing/fakes.h"

namespace chancery::ca {
namespace {

using namespace std::chrono_literals;
using chancery::testing::FakeRandom;
using std::chrono::days;
using testing::authority;
using testing::error_of;
using testing::quick_plan;
using testing::start;

// A certificate of its own key that says what `usage` and `constraints` say.
pki::Certificate self_made(const pki::PrivateKey& key, const pki::BasicConstraints& constraints,
                           const pki::KeyUsage& usage, std::string_view subject = "CN=Old CA,O=Old Org",
                           std::vector<pki::Extension> more = {
                               pki::make_subject_key_identifier(as_bytes("its own identifier"))}) {
  FakeRandom random;
  const Bytes name = pki::Name::from_text(subject).value().to_der();
  more.insert(more.begin(), {pki::make_basic_constraints(constraints), pki::make_key_usage(usage)});
  const pki::CertificateContent content{.serial = make_serial(random),
                                        .issuer_der = name,
                                        .subject_der = name,
                                        .validity = {start - days(365), start + days(365)},
                                        .spki = to_bytes(key.public_key().spki()),
                                        .extensions = std::move(more)};
  const pki::SignatureAlgorithm algorithm = key.default_algorithm();
  return pki::Certificate::from_der(pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, key).value()).value();
}

const pki::PrivateKey& ca_key() {
  static const pki::PrivateKey key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
  return key;
}
pki::PrivateKey ca_key_again() {
  const SecretBytes pem = ca_key().to_plain_pem().value();
  return pki::PrivateKey::from_pem(as_text(pem.view())).value();
}
constexpr pki::KeyUsage ca_usage{.key_cert_sign = true, .crl_sign = true};

TEST(AuthorityTest, TheRootSignsItselfAndNothingElseThanCertificatesAndCrls) {
  const Root& root = authority().root;
  EXPECT_EQ(root.certificate.subject().to_text(), "CN=Example Root CA,O=Example");
  EXPECT_TRUE(root.certificate.self_issued());
  EXPECT_TRUE(root.certificate.signed_by(root.key->public_key()));
  EXPECT_TRUE(root.certificate.is_ca());
  EXPECT_FALSE(root.certificate.basic_constraints()->path_length);
  EXPECT_EQ(root.certificate.key_usage(), ca_usage);
  EXPECT_NE(root.certificate.extension(pki::oids::subject_key_identifier), nullptr);
  EXPECT_EQ(root.certificate.validity().not_before, start - 1h);
  EXPECT_EQ(root.certificate.validity().not_after, start + days(20 * 365));
}

TEST(AuthorityTest, TheIssuingCaSignsDevicesOnly) {
  const pki::Certificate& issuing = authority().generation.issuing;
  EXPECT_EQ(issuing.subject().to_text(), "CN=Example Issuing CA 1,O=Example");
  EXPECT_TRUE(issuing.signed_by(authority().root.key->public_key()));
  EXPECT_TRUE(issuing.is_ca());
  EXPECT_EQ(issuing.basic_constraints()->path_length, 0);
  EXPECT_EQ(issuing.key_usage(), (pki::KeyUsage{.digital_signature = true, .key_cert_sign = true, .crl_sign = true}));
}

TEST(AuthorityTest, TheRaIsNoCaAndHasAKeyOfItsOwn) {
  const Generation& generation = authority().generation;
  EXPECT_EQ(generation.ra.subject().to_text(), "CN=Example SCEP RA 1,O=Example");
  EXPECT_TRUE(generation.ra.signed_by(generation.issuing_key.public_key()));
  EXPECT_FALSE(generation.ra.is_ca());
  EXPECT_EQ(generation.ra.key_usage(), (pki::KeyUsage{.digital_signature = true, .key_encipherment = true}));
  EXPECT_EQ(generation.ra.extension(pki::oids::extended_key_usage), nullptr);
  EXPECT_EQ(generation.ra_key.spec(), (pki::KeySpec{pki::KeyFamily::rsa, 2048}));
  EXPECT_TRUE(equal(generation.ra.spki(), generation.ra_key.public_key().spki()));
}

TEST(AuthorityTest, NoCertificateOutlivesItsIssuer) {
  FakeRandom random;
  AuthorityPlan plan = quick_plan();
  plan.issuing_validity = days(30 * 365);
  plan.ra_validity = days(30 * 365);
  const auto generation = make_generation(plan, authority().root, 2, start - 30min, random);
  ASSERT_TRUE(generation) << error_of(generation);
  const pki::Validity& root = authority().root.certificate.validity();
  EXPECT_EQ(generation->issuing.validity().not_before, root.not_before);
  EXPECT_EQ(generation->issuing.validity().not_after, root.not_after);
  EXPECT_EQ(generation->ra.validity().not_before, root.not_before);
  EXPECT_EQ(generation->ra.validity().not_after, root.not_after);
}

TEST(AuthorityTest, NamesAreBuiltAndNotPastedTogether) {
  FakeRandom random;
  AuthorityPlan plan = quick_plan();
  plan.names = {.organization = "Example, Inc.", .common_name = "Devices"};
  const auto root = make_root(plan, start, random);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->certificate.subject().to_text(), "CN=Devices Root CA,O=Example\\, Inc.");
  EXPECT_EQ(root->certificate.subject().relative_names().size(), 2U);
}

TEST(AuthorityTest, KeysComeFromWhomThePlanNames) {
  FakeRandom random;
  AuthorityPlan plan = quick_plan();
  std::vector<std::string> asked;
  plan.make_key = [&](const pki::KeySpec& spec) {
    asked.push_back(pki::to_string(spec));
    return pki::PrivateKey::generate(spec);
  };
  const Root root = make_root(plan, start, random).value();
  ASSERT_TRUE(make_generation(plan, root, 1, start, random));
  EXPECT_EQ(asked, (std::vector{pki::to_string(plan.root_key), pki::to_string(plan.issuing_key),
                                pki::to_string(plan.ra_key)}));
  plan.make_key = [](const pki::KeySpec&) -> Result<pki::PrivateKey> {
    return unavailable("the token was pulled out");
  };
  EXPECT_EQ(error_of(make_generation(plan, root, 2, start, random)), "issuing CA: the token was pulled out");
}

TEST(AuthorityTest, PlansThatCannotWorkAreRefused) {
  FakeRandom random;
  const auto error = [&](auto&& change) {
    AuthorityPlan plan = quick_plan();
    change(plan);
    const auto root = make_root(plan, start, random);
    if (!root) return error_of(root);
    return error_of(make_generation(plan, authority().root, 1, start, random));
  };
  EXPECT_EQ(error([](AuthorityPlan&) {}), "");
  EXPECT_EQ(error([](AuthorityPlan& plan) { plan.names = {}; }),
            "root: the authority needs an organization or a common name");
  EXPECT_EQ(error([](AuthorityPlan& plan) { plan.names.organization = std::string(65, 'a'); }),
            "root: the authority's name is too long: '" + std::string(65, 'a') + " Root CA' may have 64 characters");
  EXPECT_EQ(error([](AuthorityPlan& plan) { plan.names.organization = "a\nb"; }),
            "root: the authority's name is not UTF-8, or has a control character");
  EXPECT_EQ(error([](AuthorityPlan& plan) { plan.ra_key = {pki::KeyFamily::ec, 256}; }),
            "RA: the RA key must be RSA: SCEP clients encrypt their requests to it");
  EXPECT_EQ(error([](AuthorityPlan& plan) { plan.root_validity = Seconds(0); }),
            "root: the validity must be longer than nothing");
  EXPECT_EQ(error_of(make_generation(quick_plan(), authority().root, 0, start, random)),
            "generations are numbered from 1");
}

TEST(AuthorityTest, AGenerationNeedsAValidRootWithItsKey) {
  FakeRandom random;
  const Root offline{.certificate = authority().root.certificate, .key = std::nullopt};
  const auto without_key = make_generation(quick_plan(), offline, 2, start, random);
  ASSERT_FALSE(without_key);
  EXPECT_EQ(without_key.error().code(), ErrorCode::unavailable);

  const Root mixed{.certificate = authority().root.certificate, .key = ca_key_again()};
  EXPECT_EQ(error_of(make_generation(quick_plan(), mixed, 2, start, random)),
            "root: the private key is not the one of the certificate");

  const auto too_late = make_generation(quick_plan(), authority().root, 2, start + days(21 * 365), random);
  ASSERT_FALSE(too_late);
  EXPECT_EQ(too_late.error().code(), ErrorCode::refused);
}

TEST(ImportTest, AnExistingCaGetsAnRaOfItsOwn) {
  FakeRandom random;
  AuthorityPlan plan = quick_plan();
  plan.names = {};
  const auto generation =
      import_generation({self_made(ca_key(), {.ca = true}, ca_usage), ca_key_again()}, plan, 3, start, random);
  ASSERT_TRUE(generation) << error_of(generation);
  EXPECT_EQ(generation->number, 3);
  EXPECT_EQ(generation->issuing.subject().to_text(), "CN=Old CA,O=Old Org");
  EXPECT_EQ(generation->ra.subject().to_text(), "CN=Old Org SCEP RA 3,O=Old Org");
  EXPECT_TRUE(generation->ra.signed_by(ca_key().public_key()));
  EXPECT_EQ(generation->ra.validity().not_after, start + days(365));
  // The identifier that the CA has, whatever it was made from.
  EXPECT_EQ(
      as_text(pki::read_authority_key_identifier(generation->ra.extension(pki::oids::authority_key_identifier)->value)
                  .value()),
      "its own identifier");
}

TEST(ImportTest, EachRowBreaksOneRule) {
  FakeRandom random;
  const auto error = [&](const pki::Certificate& certificate, pki::PrivateKey key, Timestamp at = start) {
    const auto generation = import_generation({certificate, std::move(key)}, quick_plan(), 1, at, random);
    if (!generation) {
      EXPECT_EQ(generation.error().code(), ErrorCode::invalid);
    }
    return error_of(generation);
  };
  const auto good = self_made(ca_key(), {.ca = true}, ca_usage);
  EXPECT_EQ(error(good, ca_key_again()), "");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = false}, ca_usage), ca_key_again()),
            "imported certificate: it is no CA certificate: basicConstraints does not say CA:TRUE");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, {.crl_sign = true}), ca_key_again()),
            "imported certificate: its keyUsage must have keyCertSign and cRLSign");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, {.key_cert_sign = true}), ca_key_again()),
            "imported certificate: its keyUsage must have keyCertSign and cRLSign");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, ca_usage, ""), ca_key_again()),
            "imported certificate: it has no subject");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, ca_usage, "CN=Old CA", {}), ca_key_again()),
            "imported certificate: it has no subjectKeyIdentifier, which RFC 5280 asks of every CA");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, ca_usage, "CN=Old CA",
                            {{.oid = pki::oids::subject_key_identifier, .value = {0x05, 0x00}}}),
                  ca_key_again()),
            "imported certificate: its subjectKeyIdentifier cannot be read");
  EXPECT_EQ(error(self_made(ca_key(), {.ca = true}, ca_usage, "CN=Old CA",
                            {pki::make_subject_key_identifier(as_bytes("its own identifier")),
                             testing::name_constraints({.permitted = {"dirname:O=Old Org"}})}),
                  ca_key_again()),
            "RA: its name 'CN=Example SCEP RA 1,O=Example' is not among the permitted names of CN=Old CA: give "
            "another organization and name");
  EXPECT_EQ(error(good, pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value()),
            "imported certificate: the private key is not the one of the certificate");
  EXPECT_EQ(error(good, pki::PrivateKey::generate({pki::KeyFamily::ed25519, 256}).value()),
            "imported certificate: the private key is not the one of the certificate");
  EXPECT_EQ(error(good, ca_key_again(), start + days(366)),
            "imported certificate: it is valid from 2025-01-01T00:00:00Z to 2027-01-01T00:00:00Z, not now");
}

TEST(ImportTest, TheRaIsHeldToTheConstraintsOfEveryCaAboveIt) {
  FakeRandom random;
  const auto above = [](std::string_view subject, const testing::Subtrees& subtrees) {
    return self_made(ca_key(), {.ca = true}, ca_usage, subject,
                     {pki::make_subject_key_identifier(as_bytes("another")), testing::name_constraints(subtrees)});
  };
  const auto free = self_made(ca_key(), {.ca = true}, ca_usage, "CN=Policy");
  const auto import = [&](std::vector<pki::Certificate> authorities) {
    return import_generation({.issuing = self_made(ca_key(), {.ca = true}, ca_usage),
                              .key = ca_key_again(),
                              .above = std::move(authorities)},
                             quick_plan(), 1, start, random);
  };
  const auto kept = import({free, above("CN=Root", {.permitted = {"dirname:O=Example"}})});
  ASSERT_TRUE(kept) << error_of(kept);
  ASSERT_EQ(kept->between.size(), 1U) << "all but the root";
  EXPECT_TRUE(equal(kept->between[0].der(), free.der()));
  EXPECT_TRUE(import({free}).value().between.empty());
  const struct {
    std::vector<pki::Certificate> above;
    const char* expect;
  } rows[] = {
      {{above("CN=Policy", {.permitted = {"dirname:O=Old Org"}}), free},
       "RA: its name 'CN=Example SCEP RA 1,O=Example' is not among the permitted names of CN=Policy: give another "
       "organization and name"},
      {{free, above("CN=Root", {.permitted = {"dirname:O=Old Org"}})},
       "RA: its name 'CN=Example SCEP RA 1,O=Example' is not among the permitted names of CN=Root: give another "
       "organization and name"},
      {{free, above("CN=Root", {.excluded = {"dirname:O=Example"}})},
       "RA: its name 'CN=Example SCEP RA 1,O=Example' is among the excluded names of CN=Root: give another "
       "organization and name"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(import(row.above)), row.expect);
}

TEST(ImportTest, TheIssuingCaCountsInThePathLengthOfThoseAboveIt) {
  FakeRandom random;
  const auto ca = [&](std::string_view subject, std::string_view issuer, std::optional<int> path_length) {
    const pki::CertificateContent content{
        .serial = make_serial(random),
        .issuer_der = pki::Name::from_text(issuer).value().to_der(),
        .subject_der = pki::Name::from_text(subject).value().to_der(),
        .validity = {start - days(365), start + days(365)},
        .spki = to_bytes(ca_key().public_key().spki()),
        .extensions = {pki::make_basic_constraints({.ca = true, .path_length = path_length})}};
    const pki::SignatureAlgorithm algorithm = ca_key().default_algorithm();
    return pki::Certificate::from_der(pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, ca_key()).value())
        .value();
  };
  const struct {
    std::vector<pki::Certificate> path;
    const char* expect;
  } rows[] = {
      {{}, ""},
      {{ca("CN=root", "CN=root", 0)}, ""},
      {{ca("CN=issuing", "CN=root", 0), ca("CN=root", "CN=root", {})}, ""},
      {{ca("CN=issuing", "CN=root", 0), ca("CN=root", "CN=root", 1)}, ""},
      {{ca("CN=issuing", "CN=root", 0), ca("CN=root", "CN=root", 0)},
       "CN=root may have at most 0 CAs below it (pathLenConstraint), and there would be 1"},
      {{ca("CN=issuing", "CN=policy", {}), ca("CN=policy", "CN=root", 1), ca("CN=root", "CN=root", 1)},
       "CN=root may have at most 1 CAs below it (pathLenConstraint), and there would be 2"},
      {{ca("CN=issuing", "CN=policy", {}), ca("CN=policy", "CN=root", 0), ca("CN=root", "CN=root", {})},
       "CN=policy may have at most 0 CAs below it (pathLenConstraint), and there would be 1"},
      // A CA's new certificate under its own name is no further one.
      {{ca("CN=issuing", "CN=root", {}), ca("CN=root", "CN=root", 1), ca("CN=root", "CN=root", 1)}, ""},
  };
  for (std::size_t i = 0; i < std::size(rows); ++i)
    EXPECT_EQ(error_of(check_path_lengths(rows[i].path)), rows[i].expect) << "row " << i;
}

}  // namespace
}  // namespace chancery::ca
