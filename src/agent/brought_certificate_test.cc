#include "agent/brought_certificate.h"

#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"

namespace chancery::agent {
namespace {

using std::chrono::days;
using std::chrono::hours;

struct Issuer {
  pki::PrivateKey key;
  pki::Certificate certificate;
};

class BroughtCertificateTest : public ::testing::Test {
 protected:
  struct Wish {
    std::string subject;
    std::vector<pki::Extension> extensions;
    Seconds life = days(10);
  };
  // By `by`; self-signed without one.
  pki::Certificate sign(const pki::PrivateKey& key, const Wish& wish, const Issuer* by) {
    const pki::PrivateKey& signer = by != nullptr ? by->key : key;
    const Bytes subject = pki::Name::from_text(wish.subject).value().to_der();
    const Bytes tbs = pki::encode_tbs({.serial = {Bytes{++serial_}},
                                       .issuer_der = by != nullptr ? to_bytes(by->certificate.subject_der()) : subject,
                                       .subject_der = subject,
                                       .validity = {device_.clock.now() - hours(1), device_.clock.now() + wish.life},
                                       .spki = to_bytes(key.public_key().spki()),
                                       .extensions = wish.extensions},
                                      signer.default_algorithm());
    const Bytes der = pki::sign_tbs(tbs, signer.default_algorithm(), signer).value();
    return pki::Certificate::from_der(der).value();
  }
  Issuer authority(const std::string& name, const Issuer* by = nullptr, bool is_ca = true) {
    auto key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
    auto certificate = sign(key, {.subject = name, .extensions = {pki::make_basic_constraints({.ca = is_ca})}}, by);
    return {std::move(key), std::move(certificate)};
  }
  static std::vector<pki::Extension> names(const std::string& text) {
    return {pki::make_subject_alternative_name({pki::general_name_from_text(text).value()}, false)};
  }
  static Bytes der(const pki::Certificate& certificate) { return to_bytes(certificate.der()); }

  TestDevice device_;
  std::uint8_t serial_ = 0;
};

TEST_F(BroughtCertificateTest, DecidesNeitherTheDevicesNamesNorWhomItTrusts) {
  device_.server.approved = false;
  ASSERT_EQ(to_text(device_.enroll(device_.order())), "awaiting approval");
  const PendingEnrolment pending = *std::move(device_.folder.pending().value());
  const Issuer root = authority("CN=root"), issuing = authority("CN=issuing", &root), evil = authority("CN=evil"),
               no_ca = authority("CN=no CA", nullptr, false), below_no_ca = authority("CN=below", &no_ca);
  const std::string name = "CN=device,O=Example";
  const auto right = [&](const Issuer& by) {
    return sign(pending.key, {.subject = name, .extensions = names("dns:device.example")}, &by);
  };
  const pki::Certificate leaf = right(issuing);
  const auto trusting = [&](std::vector<pki::Certificate> authorities) {
    return std::optional(Credential{.key = pending.key.share(),
                                    .certificate = leaf,
                                    .chain = {},
                                    .authorities = std::move(authorities),
                                    .source = {}});
  };
  const std::optional<Credential> nothing, roots = trusting({root.certificate}),
                                           both = trusting({issuing.certificate, root.certificate}),
                                           only_no_ca = trusting({no_ca.certificate});
  const Bytes pin = root.certificate.fingerprint(), none;
  const Bytes of_root = der(root.certificate), of_issuing = der(issuing.certificate), of_evil = der(evil.certificate);
  const std::string astray = "the certificate does not lead to the trusted CA: ";
  const struct {
    const char* name;
    std::vector<Bytes> brought;
    const std::optional<Credential>& active;
    const Bytes& pin;
    std::string expect;  // how the error begins, or what is trusted afterwards
  } rows[] = {
      {"by the pinned CA", {der(leaf), of_issuing, of_root}, nothing, pin, "CN=issuing CN=root "},
      {"by the pinned CA, which is here already", {der(leaf), of_issuing}, roots, pin, "CN=issuing CN=root "},
      {"by another than the pinned CA",
       {der(right(evil)), of_evil},
       nothing,
       pin,
       "the CA certificate that the slot's "},
      {"by another, and the pinned one beside it", {der(right(evil)), of_evil, of_root}, nothing, pin, astray},
      {"by one that is trusted", {der(leaf), of_issuing, of_root}, roots, none, "CN=issuing CN=root "},
      {"by one that is trusted, alone", {der(leaf)}, both, none, "CN=issuing CN=root "},
      {"by one that is not trusted", {der(right(evil)), of_evil}, roots, none, astray},
      {"the first one of all", {der(leaf), of_issuing, of_root}, nothing, none, "CN=issuing CN=root "},
      {"the first one of all, alone", {der(leaf)}, nothing, none, "no CA certificate came along"},
      {"by what is no CA", {der(right(no_ca)), der(no_ca.certificate)}, nothing, none, "'CN=no CA' is no CA"},
      {"with what is no CA in between",
       {der(right(below_no_ca)), der(below_no_ca.certificate), der(no_ca.certificate)},
       only_no_ca,
       none,
       astray},
      {"the chain of another", {der(leaf), of_evil}, nothing, none, astray},
      {"nothing", {}, nothing, none, "no certificate was given"},
      {"another key",
       {of_issuing, of_root},
       nothing,
       none,
       "the certificate is for another key than the one that waits here"},
      {"another subject",
       {der(sign(pending.key, {.subject = "CN=other", .extensions = names("dns:device.example")}, &issuing)),
        of_issuing},
       roots,
       none,
       "the certificate's subject is 'CN=other', and '" + name + "' was asked for"},
      {"one name more",
       {der(sign(pending.key,
                 {.subject = name,
                  .extensions = {pki::make_subject_alternative_name(
                      {pki::general_name_from_text("dns:device.example").value(),
                       pki::general_name_from_text("dns:hub.example").value()},
                      false)}},
                 &issuing)),
        of_issuing},
       roots,
       none,
       "the certificate has the name dns:hub.example, which was not asked for"},
      {"one that ended",
       {der(sign(pending.key, {.subject = name, .extensions = names("dns:device.example"), .life = -Seconds(60)},
                 &issuing)),
        of_issuing},
       roots,
       none,
       "the certificate ended on "},
  };
  for (const auto& row : rows) {
    const auto received = check_brought(
        row.brought, {.pending = pending, .active = row.active, .fingerprint = row.pin, .now = device_.clock.now()});
    std::string told = received ? "" : received.error().text();
    if (received)
      for (const Bytes& one : received->authorities)
        told += pki::Certificate::from_der(one).value().subject().to_text() + " ";
    EXPECT_TRUE(told.starts_with(row.expect)) << row.name << ": " << told;
    EXPECT_EQ(received.has_value(), row.expect.ends_with(' ') && row.expect.starts_with("CN=")) << row.name;
  }
}

}  // namespace
}  // namespace chancery::agent
