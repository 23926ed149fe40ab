#include "ca/issuer.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "ca/ca_testing.h"
#include "testing/fakes.h"

namespace chancery::ca {
namespace {

using namespace std::chrono_literals;
using chancery::testing::FakeRandom;
using testing::authority;
using testing::error_of;
using testing::now;
using testing::request;
using Kind = pki::GeneralName::Kind;
namespace oids = pki::oids;

static_assert(!std::is_copy_constructible_v<Approved> && !std::is_default_constructible_v<Approved>,
              "what is approved is signed once, and only Issuer approves");

class IssuerTest : public ::testing::Test {
 protected:
  Issuer issuer(const Generation& generation = authority().generation, PublicationUris publication = {}) {
    return Issuer({.generation = generation.number,
                   .certificate = generation.issuing,
                   .key = generation.issuing_key,
                   .publication = std::move(publication),
                   .authority_keys = {generation.ra_key.public_key().fingerprint()}},
                  random_);
  }
  pki::Certificate issue(const Policy& policy, const IssuanceRequest& wanted) {
    const Issuer made = issuer();
    auto approved = made.prepare(policy, wanted, now);
    EXPECT_EQ(error_of(approved), "");
    return made.sign(*std::move(approved)).value();
  }

  FakeRandom random_;
};

TEST_F(IssuerTest, WhatIsSignedIsWhatWasApproved) {
  const Issuer made = issuer();
  auto approved =
      made.prepare({.alternative_names = {Kind::dns}}, request("CN=a,O=Example", {"dns:a.example.com"}), now);
  ASSERT_TRUE(approved) << error_of(approved);
  EXPECT_EQ(approved->subject_text(), "CN=a,O=Example");
  EXPECT_EQ(approved->alternative_name_texts(), std::vector<std::string>{"dns:a.example.com"});
  EXPECT_EQ(approved->key_fingerprint(), testing::device_key().public_key().fingerprint());
  EXPECT_EQ(approved->generation(), 1);
  const Bytes tbs = to_bytes(approved->tbs());
  const pki::Serial serial = approved->serial();

  const auto certificate = made.sign(*std::move(approved));
  ASSERT_TRUE(certificate) << error_of(certificate);
  EXPECT_TRUE(certificate->signed_by(authority().generation.issuing_key.public_key()));
  EXPECT_EQ(certificate->serial(), serial);
  EXPECT_EQ(certificate->subject().to_text(), "CN=a,O=Example");
  EXPECT_TRUE(equal(certificate->issuer_der(), authority().generation.issuing.subject_der()));
  EXPECT_TRUE(equal(certificate->spki(), testing::device_key().public_key().spki()));
  EXPECT_NE(as_text(certificate->der()).find(as_text(tbs)), std::string_view::npos);
}

TEST_F(IssuerTest, ACertificateSaysWhatItIsGoodFor) {
  const pki::Certificate certificate = issue({.extended_key_usages = {oids::client_auth}}, request("CN=a"));
  EXPECT_TRUE(certificate.basic_constraints());
  EXPECT_FALSE(certificate.is_ca());
  EXPECT_EQ(certificate.key_usage(), pki::KeyUsage{.digital_signature = true});
  EXPECT_EQ(pki::read_extended_key_usage(certificate.extension(oids::extended_key_usage)->value).value(),
            std::vector<pki::Oid>{oids::client_auth});
  EXPECT_EQ(pki::read_subject_key_identifier(certificate.extension(oids::subject_key_identifier)->value).value(),
            testing::device_key().public_key().key_identifier());
  EXPECT_EQ(pki::read_authority_key_identifier(certificate.extension(oids::authority_key_identifier)->value).value(),
            authority().generation.issuing_key.public_key().key_identifier());
  EXPECT_EQ(certificate.extension(oids::crl_distribution_points), nullptr);
  EXPECT_EQ(certificate.extension(oids::authority_information_access), nullptr);
}

TEST_F(IssuerTest, KeyUsageFollowsTheKindOfKey) {
  const struct {
    pki::KeySpec key;
    pki::KeyUsage expect;
  } rows[] = {
      {{pki::KeyFamily::rsa, 2048}, {.digital_signature = true, .key_encipherment = true}},
      {{pki::KeyFamily::ec, 521}, {.digital_signature = true}},
      {{pki::KeyFamily::ed25519, 256}, {.digital_signature = true}},
  };
  for (const auto& row : rows) {
    const pki::PrivateKey key = pki::PrivateKey::generate(row.key).value();
    IssuanceRequest wanted = request("CN=a");
    wanted.key = key.public_key();
    EXPECT_EQ(issue({}, wanted).key_usage(), row.expect) << pki::to_string(row.key);
  }
}

TEST_F(IssuerTest, PublicationUrisAreWrittenWhereThereAreAny) {
  const Issuer made = issuer(authority().generation, {.crl = {"http://ca.example.com/1.crl"},
                                                      .ca_issuers = {"http://ca.example.com/1.cer"},
                                                      .ocsp = {"http://ca.example.com/ocsp"}});
  const auto certificate = made.sign(made.prepare({}, request("CN=a"), now).value());
  ASSERT_TRUE(certificate);
  EXPECT_EQ(pki::read_crl_distribution_points(certificate->extension(oids::crl_distribution_points)->value).value(),
            std::vector<std::string>{"http://ca.example.com/1.crl"});
  const auto access =
      pki::read_authority_information_access(certificate->extension(oids::authority_information_access)->value);
  EXPECT_EQ(access->ca_issuers, std::vector<std::string>{"http://ca.example.com/1.cer"});
  EXPECT_EQ(access->ocsp, std::vector<std::string>{"http://ca.example.com/ocsp"});
}

TEST_F(IssuerTest, AlternativeNamesAreCriticalOnlyWithoutASubject) {
  const Policy policy{.alternative_names = {Kind::dns}};
  const auto is_critical = [](const pki::Certificate& certificate) {
    return certificate.extension(oids::subject_alternative_name)->critical;
  };
  EXPECT_FALSE(is_critical(issue(policy, request("CN=a", {"dns:a.example.com"}))));
  EXPECT_TRUE(is_critical(issue(policy, request("", {"dns:a.example.com"}))));
  EXPECT_EQ(issue(policy, request("CN=a")).extension(oids::subject_alternative_name), nullptr);
}

TEST_F(IssuerTest, ExtensionsOfTheRequestPassOnlyWhereListed) {
  const pki::Extension listed{.oid = pki::Oid::of("1.3.6.1.5.5.7.1.24"), .value = {0x30, 0x03, 0x02, 0x01, 0x05}};
  const pki::Extension other{.oid = pki::Oid::of("1.3.6.1.4.1.99999.1"), .value = {0x05, 0x00}};
  IssuanceRequest wanted = request("CN=a");
  wanted.extensions = {listed, other, pki::make_basic_constraints({.ca = true}),
                       pki::make_key_usage({.key_cert_sign = true})};
  // A list that check() would refuse brings nothing in either.
  const pki::Certificate certificate =
      issue({.passed_extensions = {listed.oid, oids::basic_constraints, oids::key_usage}}, wanted);
  ASSERT_NE(certificate.extension(listed.oid), nullptr);
  EXPECT_EQ(certificate.extension(listed.oid)->value, listed.value);
  EXPECT_EQ(certificate.extension(other.oid), nullptr);
  EXPECT_FALSE(certificate.is_ca());
  EXPECT_FALSE(certificate.key_usage()->key_cert_sign);
}

TEST_F(IssuerTest, ValidityIsBackDatedButNotBeforeTheIssuer) {
  const Issuer made = issuer();
  const Policy policy{.validity = 24h, .backdate = 1h};
  const auto later = made.prepare(policy, request("CN=a"), now);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->validity().not_before, now - 1h);
  EXPECT_EQ(later->validity().not_after, now + 24h);
  const Timestamp begin = authority().generation.issuing.validity().not_before;
  const auto at_once = made.prepare(policy, request("CN=a"), begin + 10min);
  ASSERT_TRUE(at_once);
  EXPECT_EQ(at_once->validity().not_before, begin);
}

TEST_F(IssuerTest, WhatLintFindsIsRefused) {
  const Timestamp end = authority().generation.issuing.validity().not_after;
  const auto beyond = issuer().prepare({}, request("CN=a"), end - 24h);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code(), ErrorCode::refused);
  EXPECT_TRUE(beyond.error().text().starts_with("validity-beyond-issuer: notAfter (")) << beyond.error().text();

  IssuanceRequest own = request("CN=a");
  own.key = authority().generation.ra_key.public_key();
  EXPECT_EQ(error_of(issuer().prepare({}, own, now)), "ca-key-reuse: this is a key of the authority itself");
  EXPECT_EQ(error_of(issuer().prepare({}, request("CN=a", {"dns:a.example.com"}), now)),
            "san-not-allowed: alternative names of kind dns are not allowed here");
}

TEST_F(IssuerTest, SerialsHave128RandomBitsAndArePositive) {
  FakeRandom random;
  const pki::Serial one = make_serial(random), two = make_serial(random);
  EXPECT_EQ(one.octets.size(), 17U);
  EXPECT_EQ(one.octets[0], 0x01);
  EXPECT_EQ(one.hex().size(), 34U);
  EXPECT_NE(one, two);
  Bytes drawn(16);
  FakeRandom(1).fill(drawn);
  EXPECT_TRUE(equal(ByteView(one.octets).subspan(1), drawn));
}

TEST_F(IssuerTest, AnIntentFoundOnDiskIsTakenUpAsItWas) {
  const Issuer made = issuer();
  auto approved = made.prepare({.alternative_names = {Kind::ip}}, request("CN=a", {"ip:10.0.0.1"}), now);
  ASSERT_TRUE(approved);
  auto resumed = made.resume(to_bytes(approved->tbs()));
  ASSERT_TRUE(resumed) << error_of(resumed);
  EXPECT_TRUE(equal(resumed->tbs(), approved->tbs()));
  EXPECT_EQ(resumed->serial(), approved->serial());
  EXPECT_EQ(resumed->validity().not_before, approved->validity().not_before);
  EXPECT_EQ(resumed->validity().not_after, approved->validity().not_after);
  EXPECT_EQ(resumed->subject_text(), approved->subject_text());
  EXPECT_EQ(resumed->alternative_name_texts(), approved->alternative_name_texts());
  EXPECT_EQ(resumed->key_fingerprint(), approved->key_fingerprint());
  EXPECT_EQ(resumed->generation(), approved->generation());
  EXPECT_TRUE(made.sign(*std::move(resumed))->signed_by(authority().generation.issuing_key.public_key()));
}

TEST_F(IssuerTest, AnIntentOfAnotherGenerationIsNotTakenUp) {
  // The same name and kind of key, so that only the key identifier tells them apart.
  const auto other = make_generation(testing::quick_plan(), authority().root, 1, testing::start, random_);
  ASSERT_TRUE(other);
  const auto approved = issuer(*other).prepare({}, request("CN=a"), now);
  ASSERT_TRUE(approved);
  EXPECT_EQ(error_of(issuer().resume(to_bytes(approved->tbs()))),
            "intent: it was approved for another generation's key");

  AuthorityPlan plan = testing::quick_plan();
  plan.issuing_key = {pki::KeyFamily::ec, 384};
  const auto longer = make_generation(plan, authority().root, 2, testing::start, random_);
  ASSERT_TRUE(longer);
  const auto another = issuer(*longer).prepare({}, request("CN=a"), now);
  ASSERT_TRUE(another);
  EXPECT_FALSE(issuer().resume(to_bytes(another->tbs())));
}

TEST_F(IssuerTest, ADamagedIntentIsNotTakenUp) {
  const auto approved = issuer().prepare({}, request("CN=a"), now);
  ASSERT_TRUE(approved);
  const ByteView tbs = approved->tbs();
  EXPECT_FALSE(issuer().resume({}));
  for (std::size_t size = 0; size < tbs.size(); size += 7)
    EXPECT_FALSE(issuer().resume(to_bytes(tbs.first(size)))) << size;
}

TEST_F(IssuerTest, NothingIsSignedTwice) {
  const Issuer made = issuer();
  auto approved = made.prepare({}, request("CN=a"), now);
  ASSERT_TRUE(approved);
  ASSERT_TRUE(made.sign(*std::move(approved)));
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tried.
  EXPECT_DEATH((void)made.sign(*std::move(approved)), "tbs_.empty");
}

TEST_F(IssuerTest, TheCasAboveAreAskedToo) {
  const Generation& generation = authority().generation;
  const Issuer below({.generation = generation.number,
                      .certificate = generation.issuing,
                      .key = generation.issuing_key,
                      .above = {testing::issuing_with({testing::name_constraints({.permitted = {"dns:example.com"}})}),
                                testing::issuing_with({pki::make_extended_key_usage({oids::client_auth})})}},
                     random_);
  const Policy policy{.alternative_names = {Kind::dns}, .extended_key_usages = {oids::server_auth}};
  const auto refused = below.prepare(policy, request("CN=a", {"dns:dev.other.org"}), now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::refused);
  EXPECT_EQ(refused.error().text(),
            "name-beyond-issuer: 'dns:dev.other.org' is not among the permitted names of CN=Example Issuing CA "
            "1,O=Example; purpose-beyond-issuer: CN=Example Issuing CA 1,O=Example may not certify for serverAuth");
  const Policy client{.alternative_names = {Kind::dns}, .extended_key_usages = {oids::client_auth}};
  EXPECT_EQ(error_of(below.prepare(client, request("CN=a", {"dns:dev.example.com"}), now)), "");
}

}  // namespace
}  // namespace chancery::ca
