#include <gtest/gtest.h>

#include "scep/ca_certificates.h"
#include "scep/example_parties.h"

namespace chancery::scep {
namespace {

using Certificates = std::vector<pki::Certificate>;
constexpr Timestamp now = example::start + std::chrono::hours(24);

constexpr pki::Oid registration = pki::Oid::of("1.3.6.1.5.5.7.3.28");
const std::string_view ra_subject = "CN=Another RA,O=Example";

class AuthorityTest : public ::testing::Test {
 protected:
  // A certificate by the issuing CA for one of the keys at hand.
  pki::Certificate by_ca(const pki::PrivateKey& key, pki::KeyUsage usage, std::vector<pki::Extension> more = {}) const {
    more.push_back(pki::make_key_usage(usage));
    more.push_back(pki::make_basic_constraints({}));
    return example::issue(ca_, key.public_key(), {.subject = ra_subject, .extensions = std::move(more)});
  }
  static std::string error_of(const Result<AuthorityCertificates>& result) {
    return result ? "accepted" : result.error().text();
  }
  // One that ended, for a key of its own.
  pki::Certificate stale(pki::KeyUsage usage) const {
    return example::issue(ca_, key_.public_key(),
                          {.subject = ra_subject,
                           .extensions = {pki::make_key_usage(usage)},
                           .validity = {example::start, now - Seconds(1)}});
  }
  static constexpr pki::KeyUsage signs{.digital_signature = true};
  static constexpr pki::KeyUsage enciphers{.key_encipherment = true};
  static constexpr pki::KeyUsage both{.digital_signature = true, .key_encipherment = true};

  const example::Party ca_ = example::ca();
  const example::Party root_party_ = example::root();
  const pki::Certificate& root_ = root_party_.certificate;
  const pki::Certificate& issuing_ = ca_.certificate;
  const pki::Certificate ra_ = example::certificate("ra");
  const pki::Certificate device_ = example::certificate("client");
  const pki::PrivateKey key_ = example::key("new-client");
  const pki::PrivateKey ec_key_ = example::key("ec-client");
};

// Checklist 60.
TEST_F(AuthorityTest, is_known_by_the_fingerprint_of_its_issuing_ca_or_its_root) {
  for (const pki::Certificate* pinned : {&issuing_, &root_}) {
    const auto authority = authenticate_authority({ra_, root_, issuing_}, pinned->fingerprint(), now);
    ASSERT_TRUE(authority) << authority.error().text();
    ASSERT_EQ(authority->all.size(), 3U);
    EXPECT_EQ(authority->issuer, 2U);
    EXPECT_EQ(authority->encryption, 0U);
  }
}

TEST_F(AuthorityTest, with_another_fingerprint_is_refused) {
  Bytes other = issuing_.fingerprint();
  other.back() ^= 1;
  const auto authority = authenticate_authority({issuing_, ra_, root_}, other, now);
  ASSERT_FALSE(authority);
  EXPECT_EQ(authority.error().code(), ErrorCode::refused);
  EXPECT_EQ(authority.error().text(), "no certificate of the authority has the pinned fingerprint");
  EXPECT_EQ(error_of(authenticate_authority({}, other, now)),
            "no certificate of the authority has the pinned fingerprint");
}

TEST_F(AuthorityTest, fingerprints_of_other_lengths_are_errors_and_sha1_only_where_allowed) {
  const Bytes sha1 = pki::hash(pki::Digest::sha1, issuing_.der());
  EXPECT_EQ(error_of(authenticate_authority({issuing_}, sha1, now)),
            "the fingerprint is a SHA-1 value, which is not allowed");
  EXPECT_FALSE(authenticate_authority({root_}, sha1, now, PinDigest::sha256_or_sha1));
  EXPECT_EQ(error_of(authenticate_authority({root_}, pki::hash(pki::Digest::sha1, root_.der()), now,
                                            PinDigest::sha256_or_sha1)),
            "accepted");
  EXPECT_EQ(error_of(authenticate_authority({issuing_}, pki::hash(pki::Digest::md5, issuing_.der()), now,
                                            PinDigest::sha256_or_sha1)),
            "the fingerprint is no SHA-256 value");
  EXPECT_EQ(error_of(authenticate_authority({issuing_}, {}, now)), "the fingerprint is no SHA-256 value");
}

// Checklist 58: the CA that does everything itself.
TEST_F(AuthorityTest, that_is_one_certificate_issues_and_receives_itself) {
  const auto authority = authenticate_authority({issuing_}, issuing_.fingerprint(), now);
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_EQ(authority->issuer, 0U);
  EXPECT_EQ(authority->encryption, 0U) << "without keyEncipherment, because it is all there is (section 3.5.2)";
}

TEST_F(AuthorityTest, without_an_ra_is_the_lowest_ca) {
  for (const Certificates& sent : {Certificates{issuing_, root_}, Certificates{root_, issuing_}}) {
    const auto authority = authenticate_authority(sent, root_.fingerprint(), now);
    ASSERT_TRUE(authority) << authority.error().text();
    EXPECT_TRUE(equal(authority->all[authority->issuer].der(), issuing_.der()));
    EXPECT_TRUE(equal(authority->all[authority->encryption].der(), issuing_.der()));
  }
}

// Checklist 58: one known server splits its RA into a certificate that signs and one that receives.
TEST_F(AuthorityTest, with_two_ra_certificates_receives_at_the_one_for_encryption) {
  const pki::Certificate signing = by_ca(key_, signs);
  const pki::Certificate encryption = by_ca(example::key("client"), enciphers);
  for (const Certificates& sent :
       {Certificates{signing, encryption, issuing_}, Certificates{issuing_, encryption, signing}}) {
    const auto authority = authenticate_authority(sent, issuing_.fingerprint(), now);
    ASSERT_TRUE(authority) << authority.error().text();
    EXPECT_TRUE(equal(authority->all[authority->encryption].der(), encryption.der()));
    EXPECT_TRUE(equal(authority->all[authority->issuer].der(), issuing_.der()));
  }
}

// Two certificates of one CA, such as an old one and a new one of its key: either issued the RA's.
TEST_F(AuthorityTest, with_two_certificates_issues_by_the_first_of_them) {
  const pki::Certificate again =
      example::issue(root_party_, ca_.key.public_key(),
                     {.subject = "CN=Chancery Test CA,O=Chancery Test,C=DE",
                      .extensions = {pki::make_key_usage({.key_cert_sign = true, .crl_sign = true}),
                                     pki::make_basic_constraints({.ca = true})}});
  ASSERT_TRUE(equal(again.subject_der(), issuing_.subject_der()));
  for (const Certificates& sent : {Certificates{ra_, issuing_, again, root_}, Certificates{ra_, again, issuing_, root_},
                                   Certificates{root_, again, ra_, issuing_}}) {
    const auto authority = authenticate_authority(sent, root_.fingerprint(), now);
    ASSERT_TRUE(authority) << authority.error().text();
    const auto first = std::ranges::find_if(sent, [&](const pki::Certificate& certificate) {
      return equal(certificate.subject_der(), issuing_.subject_der());
    });
    EXPECT_TRUE(equal(authority->all[authority->issuer].der(), first->der()));
    EXPECT_TRUE(equal(authority->all[authority->encryption].der(), ra_.der()));
  }
}

TEST_F(AuthorityTest, never_receives_at_a_key_that_cannot_encrypt) {
  const pki::Certificate ec_ra = by_ca(ec_key_, both);
  const auto authority = authenticate_authority({ec_ra, issuing_}, issuing_.fingerprint(), now);
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_EQ(authority->encryption, 1U);

  const pki::Certificate ec_ca = example::transport_certificate(ec_key_, "CN=EC");
  const auto alone = authenticate_authority({ec_ca}, ec_ca.fingerprint(), now);
  EXPECT_EQ(error_of(alone), "no certificate of the authority has a key that can encrypt");
}

TEST_F(AuthorityTest, takes_the_same_certificate_twice_as_once) {
  const auto authority = authenticate_authority({ra_, issuing_, ra_, issuing_}, issuing_.fingerprint(), now);
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_EQ(authority->all.size(), 2U);
}

// The root that comes along with a pinned issuing CA is kept, but it is not what the pin vouches for.
TEST_F(AuthorityTest, above_the_pinned_certificate_issues_and_receives_nothing) {
  std::vector<pki::Extension> extensions{pki::make_key_usage(both), pki::make_basic_constraints({})};
  const auto by_root =
      example::issue(root_party_, key_.public_key(), {.subject = ra_subject, .extensions = extensions});
  const auto sibling = authenticate_authority({by_root, issuing_, root_}, issuing_.fingerprint(), now);
  EXPECT_TRUE(
      error_of(sibling).starts_with("the authority has no RA to encrypt to: the certificate 'CN=Another "
                                    "RA,O=Example' does not chain to the trusted CA: "))
      << error_of(sibling);
  EXPECT_EQ(error_of(authenticate_authority({by_root, root_}, root_.fingerprint(), now)), "accepted");
}

// Anybody on the way can add certificates: what is added is no reason to stop, and it is used for nothing.
TEST_F(AuthorityTest, leaves_out_what_does_not_belong) {
  const example::Party impostor{example::key("new-client"),
                                example::transport_certificate(key_, "CN=Chancery Test CA,O=Chancery Test,C=DE")};
  const std::vector<pki::Extension> of_ca{pki::make_key_usage({.key_cert_sign = true}),
                                          pki::make_basic_constraints({.ca = true})};
  const std::vector<pki::Extension> of_ra{pki::make_key_usage(both), pki::make_basic_constraints({})};
  const example::Party self_made_ca{
      example::key("new-client"),
      example::issue(impostor, key_.public_key(),
                     {.subject = "CN=Chancery Test CA,O=Chancery Test,C=DE", .extensions = of_ca})};
  const auto forged_ra = example::issue(self_made_ca, key_.public_key(), {.subject = ra_subject, .extensions = of_ra});
  const auto by_device = example::issue({example::key("client"), device_}, key_.public_key(),
                                        {.subject = ra_subject, .extensions = of_ra});
  const auto tls =
      example::issue(ca_, key_.public_key(),
                     {.subject = ra_subject,
                      .extensions = {pki::make_key_usage(both), pki::make_extended_key_usage({pki::oids::server_auth})},
                      .validity = {example::start, now - Seconds(1)}});
  const auto old_ca =
      example::issue(root_party_, key_.public_key(),
                     {.subject = "CN=Old CA", .extensions = of_ca, .validity = {example::start, now - Seconds(1)}});
  const std::string_view no_path = "does not chain to the trusted CA: *";
  const std::string_view ended = "is not valid now: it ended on 2026-01-01T23:59:59Z";
  const struct {
    const char* name;
    const char* subject;
    Certificates sent;
    std::string_view expect;
    bool could_be_ra = false;  // beside a CA alone
  } rows[] = {
      {"a self-signed stranger", "CN=Chancery Test CA,O=Chancery Test,C=DE", {impostor.certificate}, no_path},
      {"a self-signed CA with our CA's name",
       "CN=Chancery Test CA,O=Chancery Test,C=DE",
       {self_made_ca.certificate},
       no_path},
      {"an RA by that one", "CN=Another RA,O=Example", {forged_ra}, no_path, true},
      {"an RA by a device", "CN=Another RA,O=Example", {by_device}, no_path, true},
      {"a TLS server's that ended", "CN=Another RA,O=Example", {tls}, ended},
      {"a CA beside ours that ended", "CN=Old CA", {old_ca}, ended},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    for (const Certificates& honest :
         {Certificates{issuing_}, Certificates{issuing_, ra_}, Certificates{ra_, issuing_, root_}}) {
      for (const bool first : {false, true}) {
        Certificates sent = honest;
        sent.insert(first ? sent.begin() : sent.end(), row.sent.begin(), row.sent.end());
        const auto authority = authenticate_authority(sent, issuing_.fingerprint(), now);
        if (honest.size() == 1 && row.could_be_ra) {
          EXPECT_TRUE(error_of(authority).starts_with("the authority has no RA to encrypt to: the certificate '"))
              << error_of(authority);
          continue;
        }
        ASSERT_TRUE(authority) << authority.error().text();
        ASSERT_EQ(authority->all.size(), honest.size());
        for (std::size_t i = 0; i < honest.size(); ++i) EXPECT_TRUE(equal(authority->all[i].der(), honest[i].der()));
        EXPECT_TRUE(equal(authority->all[authority->issuer].der(), issuing_.der()));
        EXPECT_TRUE(equal(authority->all[authority->encryption].der(), (honest.size() == 1 ? issuing_ : ra_).der()));
        ASSERT_EQ(authority->left_out.size(), 1U);
        EXPECT_EQ(authority->left_out[0].subject, row.subject);
        if (row.expect.ends_with('*')) {
          EXPECT_TRUE(authority->left_out[0].reason.starts_with(row.expect.substr(0, row.expect.size() - 1)))
              << authority->left_out[0].reason;
        } else {
          EXPECT_EQ(authority->left_out[0].reason, row.expect);
        }
      }
    }
  }
}

TEST_F(AuthorityTest, whose_ra_ended_has_another_one_beside_it) {
  const Certificates sent{stale(both), issuing_, ra_};
  const auto authority = authenticate_authority(sent, issuing_.fingerprint(), now);
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_TRUE(equal(authority->all[authority->encryption].der(), ra_.der()));
  EXPECT_EQ(authority->left_out.size(), 1U);
}

// What is left out has no successor: each of these would be used for something else than it is for.
TEST_F(AuthorityTest, in_which_something_is_missed_is_refused) {
  const auto early_ra = example::issue(ca_, key_.public_key(),
                                       {.subject = ra_subject,
                                        .extensions = {pki::make_key_usage(both)},
                                        .validity = {now + Seconds(1), now + Seconds(9)}});
  const auto tls = by_ca(key_, both, {pki::make_extended_key_usage({pki::oids::server_auth, pki::oids::client_auth})});
  const std::vector<pki::Extension> of_ca{pki::make_key_usage({.key_cert_sign = true}),
                                          pki::make_basic_constraints({.ca = true})};
  const example::Party old_ca{
      example::key("client"),
      example::issue(root_party_, example::key("client").public_key(),
                     {.subject = "CN=Old CA", .extensions = of_ca, .validity = {example::start, now - Seconds(1)}})};
  const auto its_ra =
      example::issue(old_ca, key_.public_key(), {.subject = ra_subject, .extensions = {pki::make_key_usage(both)}});
  const std::string ra_ended =
      "the authority has no RA to encrypt to: the certificate 'CN=Another RA,O=Example' is not valid now: it ended on "
      "2026-01-01T23:59:59Z";
  const std::string ca_ended =
      "the authority has no issuing CA to use: the certificate 'CN=Old CA' is not valid now: it ended on "
      "2026-01-01T23:59:59Z";
  const struct {
    const char* name;
    Certificates sent;
    const pki::Certificate& pinned;
    std::string expect;
  } rows[] = {
      {"the RA ended", {issuing_, stale(both)}, issuing_, ra_ended},
      {"the RA ended, and a root is pinned", {stale(both), issuing_, root_}, root_, ra_ended},
      {"the RA is not valid yet",
       {issuing_, early_ra},
       issuing_,
       "the authority has no RA to encrypt to: the certificate 'CN=Another RA,O=Example' is not valid now: it begins "
       "on "
       "2026-01-02T00:00:01Z"},
      {"of two RA certificates the one for encryption ended",
       {issuing_, by_ca(ec_key_, signs), stale(enciphers)},
       issuing_,
       ra_ended},
      {"the issuing CA ended", {old_ca.certificate, root_}, root_, ca_ended},
      {"the issuing CA ended, and its RA did not", {its_ra, old_ca.certificate, root_}, root_, ca_ended},
      {"a device in the RA's place",
       {issuing_, device_},
       issuing_,
       "the certificate 'CN=old-device,O=Chancery Test' is no RA's: it has other purposes"},
      {"a device beside the RA",
       {issuing_, ra_, device_},
       issuing_,
       "the certificate 'CN=old-device,O=Chancery Test' is no RA's: it has other purposes"},
      {"a TLS server in the RA's place",
       {issuing_, tls},
       issuing_,
       "the certificate 'CN=Another RA,O=Example' is no RA's: it has other purposes"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto authority = authenticate_authority(row.sent, row.pinned.fingerprint(), now);
    ASSERT_FALSE(authority);
    EXPECT_EQ(authority.error().code(), ErrorCode::refused);
    EXPECT_EQ(authority.error().text(), row.expect);
  }
}

// CAs that were certified anew for their key, whose certificates of old are still sent.
TEST_F(AuthorityTest, whose_ca_has_a_newer_certificate_does_not_miss_the_old_one) {
  const auto old_root = example::issue(
      root_party_, root_party_.key.public_key(),
      {.subject = root_.subject().to_text(),
       .extensions = {pki::make_key_usage({.key_cert_sign = true}), pki::make_basic_constraints({.ca = true})},
       .validity = {example::start, now - Seconds(1)}});
  ASSERT_TRUE(equal(old_root.subject_der(), root_.subject_der()));
  EXPECT_EQ(error_of(authenticate_authority({old_root, root_}, root_.fingerprint(), now)), "accepted");
  const auto old_ca = example::issue(
      root_party_, ca_.key.public_key(),
      {.subject = "CN=Chancery Test CA,O=Chancery Test,C=DE",
       .extensions = {pki::make_key_usage({.key_cert_sign = true}), pki::make_basic_constraints({.ca = true})},
       .validity = {example::start, now - Seconds(1)}});
  const auto authority = authenticate_authority({old_ca, issuing_, root_}, root_.fingerprint(), now);
  ASSERT_TRUE(authority) << authority.error().text();
  EXPECT_TRUE(equal(authority->all[authority->issuer].der(), issuing_.der()));
}

TEST_F(AuthorityTest, without_a_key_to_encrypt_to_says_what_was_left_out) {
  const pki::Certificate ec_ca = example::transport_certificate(ec_key_, "CN=EC");
  const auto alone = authenticate_authority({ec_ca, issuing_}, ec_ca.fingerprint(), now);
  EXPECT_TRUE(
      error_of(alone).starts_with("no certificate of the authority has a key that can encrypt; left out: the "
                                  "certificate 'CN=Chancery Test CA,O=Chancery Test,C=DE' does not chain"))
      << error_of(alone);
}

TEST_F(AuthorityTest, knows_an_ra_by_its_purposes_when_it_names_any) {
  for (const pki::Oid& purpose : {registration, pki::Oid::of("1.3.6.1.4.1.311.20.2.1"), pki::Oid::of("2.5.29.37.0")}) {
    const pki::Certificate ra = by_ca(key_, both, {pki::make_extended_key_usage({pki::oids::client_auth, purpose})});
    EXPECT_EQ(error_of(authenticate_authority({ra, issuing_}, issuing_.fingerprint(), now)), "accepted")
        << purpose.dotted();
  }
}

TEST_F(AuthorityTest, whose_pinned_certificate_is_no_ca_or_not_valid_is_refused) {
  EXPECT_EQ(error_of(authenticate_authority({ra_, issuing_}, ra_.fingerprint(), now)),
            "the trusted certificate 'CN=Chancery Test RA,O=Chancery Test,C=DE' is no CA");
  EXPECT_EQ(error_of(authenticate_authority({issuing_}, issuing_.fingerprint(), example::start - Seconds(1))),
            "the certificate 'CN=Chancery Test CA,O=Chancery Test,C=DE' is not valid now: it begins on " +
                to_rfc3339(issuing_.validity().not_before));
}

TEST_F(AuthorityTest, whose_ra_comes_without_its_issuer_is_refused) {
  EXPECT_FALSE(authenticate_authority({ra_, root_}, root_.fingerprint(), now));
}

TEST_F(AuthorityTest, trusted_on_first_use_is_built_around_its_highest_ca) {
  for (const Certificates& sent :
       {Certificates{issuing_, ra_, root_}, Certificates{issuing_, ra_}, Certificates{issuing_}}) {
    const auto authority = trust_on_first_use(sent, now);
    ASSERT_TRUE(authority) << authority.error().text();
    EXPECT_TRUE(equal(authority->all[authority->issuer].der(), issuing_.der()));
  }
  EXPECT_EQ(error_of(trust_on_first_use({}, now)), "none of the authority's certificates is a CA's");
  EXPECT_EQ(error_of(trust_on_first_use({ra_}, now)), "none of the authority's certificates is a CA's");
  EXPECT_FALSE(trust_on_first_use({issuing_, ra_, example::transport_certificate(key_, "CN=stranger")}, now));
}

}  // namespace
}  // namespace chancery::scep
