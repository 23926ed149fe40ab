#include "scep/ca_certificates.h"

#include <gtest/gtest.h>

#include "pki/bundle.h"
#include "scep/example_parties.h"

namespace chancery::scep {
namespace {

Bytes der_of(const pki::Certificate& certificate) { return to_bytes(certificate.der()); }

// Checklist 6.
TEST(CaCertificates, alone_go_as_one_der_certificate) {
  const Bytes ca = der_of(example::certificate("ca"));
  const CaCertificatesReply reply = make_ca_certificates({ca});
  EXPECT_FALSE(reply.bundle);
  EXPECT_EQ(reply.body, ca);
  const auto read = read_ca_certificates(reply.body);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(der_of(read->front()), ca);
}

// Checklist 7: the order is the one given, issuing CA first.
TEST(CaCertificates, of_several_go_as_a_bundle_in_the_order_given) {
  const std::vector<Bytes> sent{der_of(example::certificate("ca")), der_of(example::certificate("ra")),
                                der_of(example::certificate("root"))};
  const CaCertificatesReply reply = make_ca_certificates(sent);
  EXPECT_TRUE(reply.bundle);
  const auto read = read_ca_certificates(reply.body);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 3U);
  for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(der_of(read->at(i)), sent[i]);
}

TEST(CaCertificates, that_are_none_are_an_error) {
  EXPECT_FALSE(read_ca_certificates({}));
  EXPECT_FALSE(read_ca_certificates(as_bytes("<html>404</html>")));
  EXPECT_FALSE(read_ca_certificates(pki::write_bundle({})));
  Bytes cut = der_of(example::certificate("ca"));
  cut.pop_back();
  EXPECT_FALSE(read_ca_certificates(cut));
}

class NextCaCertificatesTest : public ::testing::Test {
 protected:
  const example::Party ca_ = example::ca();
  const example::Party root_ = example::root();
  const std::vector<pki::Certificate> current_{ca_.certificate, example::certificate("ra")};
};

// Checklist 59.
TEST_F(NextCaCertificatesTest, are_signed_by_the_current_ca) {
  const std::vector<Bytes> next{der_of(root_.certificate), der_of(example::certificate("client"))};
  const auto body = make_next_ca_certificates(next, ca_.identity());
  ASSERT_TRUE(body) << body.error().text();
  const auto read = read_next_ca_certificates(*body, current_);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(der_of(read->at(0)), next[0]);
  EXPECT_EQ(der_of(read->at(1)), next[1]);
}

TEST_F(NextCaCertificatesTest, signed_by_anybody_else_are_refused) {
  const std::vector<Bytes> next{der_of(root_.certificate)};
  const char* stranger = "reading the next CA certificates: not signed by the current authority";
  const auto by_root = read_next_ca_certificates(*make_next_ca_certificates(next, root_.identity()), current_);
  ASSERT_FALSE(by_root);
  EXPECT_EQ(by_root.error().text(), stranger);
  EXPECT_EQ(by_root.error().code(), ErrorCode::refused);
  // With the right certificate and another key.
  const example::Party forger{example::key("client"), ca_.certificate};
  const auto forged = read_next_ca_certificates(*make_next_ca_certificates(next, forger.identity()), current_);
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().text(), stranger);
}

TEST_F(NextCaCertificatesTest, with_a_weak_digest_are_refused_unless_allowed) {
  const Bytes bundle = pki::write_bundle({.certificates = {der_of(root_.certificate)}});
  pki::SignedDataContent content{.content = bundle, .signer = &ca_.certificate, .digest = pki::Digest::sha1};
  content.certificates.push_back(der_of(ca_.certificate));
  const Bytes body = *pki::sign_data(content, ca_.key);
  const auto read = read_next_ca_certificates(body, current_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text(), "reading the next CA certificates: the digest of the signature is below sha256");
  EXPECT_TRUE(read_next_ca_certificates(body, current_, pki::Digest::sha1));
}

TEST_F(NextCaCertificatesTest, that_are_none_or_not_signed_at_all_are_an_error) {
  EXPECT_FALSE(read_next_ca_certificates(der_of(root_.certificate), current_));
  EXPECT_FALSE(read_next_ca_certificates(pki::write_bundle({.certificates = {der_of(root_.certificate)}}), current_));
  EXPECT_FALSE(read_next_ca_certificates(example::sign(ca_, as_bytes("hello"), {}), current_));
  EXPECT_FALSE(read_next_ca_certificates(example::sign(ca_, pki::write_bundle({}), {}), current_));
  const auto nothing = read_next_ca_certificates(example::sign_without_content(ca_, {}), current_);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().text(), "reading the next CA certificates: there is no content");
}

}  // namespace
}  // namespace chancery::scep
