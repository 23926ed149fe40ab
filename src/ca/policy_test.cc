#include "ca/policy.h"

#include <gtest/gtest.h>

#include <functional>

#include "ca/ca_testing.h"

namespace chancery::ca {
namespace {

using testing::error_of;
using Kind = pki::GeneralName::Kind;

pki::Name name(std::string_view text) { return pki::Name::from_text(text).value(); }

TEST(SubjectTemplateTest, PlaceholdersAreFilledFromTheRequest) {
  const struct {
    const char* subject_template;
    const char* requested;
    const char* expect;
  } rows[] = {
      {"", "CN=a,OU=b,C=DE", "CN=a,OU=b,C=DE"},
      {"CN={CN},O=Example", "CN=a,O=Evil,OU=x", "CN=a,O=Example"},
      {"CN=printer-{CN}-{SERIALNUMBER},O=Example", "CN=a,serialNumber=42", "CN=printer-a-42,O=Example"},
      {"CN={CN}+serialNumber={SERIALNUMBER},O=Example", "CN=a,serialNumber=42", "CN=a+serialNumber=42,O=Example"},
      {"CN={UID},O={O},OU={OU},L={L},ST={ST},C={C}", "UID=u,O=o,OU=p,L=l,ST=s,C=DE", "CN=u,O=o,OU=p,L=l,ST=s,C=DE"},
      {"CN=x,DC={DC}", "CN=a,DC=example,DC=org", "CN=x,DC=example"},
      {"emailAddress={EMAIL}", "emailAddress=a@example.com", "emailAddress=a@example.com"},
      {"CN={{{CN}}},O=Example", "CN=a", "CN={a},O=Example"},
      {"CN={{CN}},O=Example", "CN=a", "CN={CN},O=Example"},
      {"/C=DE/O=Example/CN={CN}", "CN=a", "CN=a,O=Example,C=DE"},
      {"CN={CN}", "CN=outer,CN=inner", "CN=outer"},
      // What stands in the request is a value and stays one.
      {"CN={CN},O=Example", "CN=a\\,O=Evil\\+OU=x", "CN=a\\,O=Evil\\+OU=x,O=Example"},
      {"CN={CN},O=Example", "CN={O},O=Evil", "CN={O},O=Example"},
      {"CN={CN},O={O}", "CN=(part 1),O=Evil", "CN=(part 1),O=Evil"},
  };
  for (const auto& row : rows) {
    const auto subject = subject_for({.subject_template = row.subject_template}, name(row.requested));
    ASSERT_TRUE(subject) << row.subject_template << ": " << error_of(subject);
    EXPECT_EQ(subject->to_text(), row.expect) << row.subject_template;
    EXPECT_EQ(pki::Name::from_der(subject->to_der())->to_text(), row.expect) << row.subject_template;
  }
}

TEST(SubjectTemplateTest, ACommaInAValueAddsNoAttribute) {
  const auto subject = subject_for({.subject_template = "CN={CN},O=Example"}, name("CN=\"a,O=Evil,CN=root\""));
  ASSERT_TRUE(subject);
  EXPECT_EQ(subject->relative_names().size(), 2U);
  EXPECT_EQ(subject->values_of(pki::oids::organization), std::vector<std::string>{"Example"});
  EXPECT_EQ(subject->value_of(pki::oids::common_name), "a,O=Evil,CN=root");
}

TEST(SubjectTemplateTest, APlaceholderWithoutAValueIsRefused) {
  const auto subject = subject_for({.subject_template = "CN={CN},OU={OU}"}, name("CN=a"));
  ASSERT_FALSE(subject);
  EXPECT_EQ(subject.error().code(), ErrorCode::refused);
  EXPECT_EQ(subject.error().text(), "the request's subject has no OU, which the subject template needs");

  pki::Name empty;
  empty.add(pki::oids::common_name, "");
  EXPECT_EQ(error_of(subject_for({.subject_template = "CN={CN}"}, empty)),
            "the request's subject has no CN, which the subject template needs");
}

TEST(SubjectTest, OldStringTypesBecomeOnesThatMayBeIssued) {
  const pki::Name old({{{pki::oids::common_name, "Bürodrucker", pki::der::tag::bmp_string}},
                       {{pki::oids::serial_number, "42", pki::der::tag::utf8_string}},
                       {{pki::oids::organization, "Example", pki::der::tag::printable_string}}});
  const auto subject = subject_for({}, old);
  ASSERT_TRUE(subject);
  EXPECT_TRUE(subject->matches(old));
  EXPECT_EQ(subject->relative_names()[0][0].encoding, pki::der::tag::utf8_string);
  EXPECT_EQ(subject->relative_names()[1][0].encoding, pki::der::tag::printable_string);
  EXPECT_EQ(subject->relative_names()[2][0].encoding, pki::der::tag::printable_string);
}

TEST(PolicyTest, TheDefaultIsUsable) { EXPECT_EQ(error_of(check({})), ""); }

TEST(PolicyTest, CheckNamesWhatIsWrong) {
  using Change = std::function<void(Policy&)>;
  const struct {
    Change change;
    const char* expect;
  } rows[] = {
      {[](Policy& p) { p.keys.rsa_least_bits = 2047; }, "keys: the smallest RSA key must have 2048 bits or more"},
      {[](Policy& p) { p.keys.rsa_most_bits = 8192; }, ""},
      {[](Policy& p) { p.keys.rsa_most_bits = 8193; }, "keys: the largest RSA key must have 8192 bits or fewer"},
      {[](Policy& p) { p.keys.rsa_least_bits = p.keys.rsa_most_bits; }, ""},
      {[](Policy& p) { p.keys.rsa_least_bits = 4097; },
       "keys: the smallest RSA key (4097 bits) is larger than the largest (4096 bits)"},
      {[](Policy& p) { p.keys.rsa_most_bits = 0; }, ""},
      {[](Policy& p) { p.keys = {.rsa_most_bits = 0, .p256 = false, .p384 = false, .p521 = false, .ed25519 = false}; },
       "keys: no kind of key is allowed"},
      {[](Policy& p) { p.subject_template = "CN={CN},O=Example"; }, ""},
      {[](Policy& p) { p.subject_template = "serialNumber={SERIALNUMBER},C={C},DC={DC}"; }, ""},
      {[](Policy& p) { p.subject_template = "CN={cn}"; },
       "subject template: unknown placeholder {cn}: expected CN, O, OU, SERIALNUMBER, C, L, ST, EMAIL, UID or DC in "
       "braces"},
      {[](Policy& p) { p.subject_template = "CN={CN"; }, "subject template: a lone '{': a literal brace is doubled"},
      {[](Policy& p) { p.subject_template = "CN=CN}"; }, "subject template: a lone '}': a literal brace is doubled"},
      {[](Policy& p) { p.subject_template = "{CN}=x"; }, "subject template: unknown name attribute '(part 0)'"},
      {[](Policy& p) { p.subject_template = "CN=(part 0)-{CN}"; },
       "subject template: placeholders stand in values only, and '(part ' in none"},
      {[](Policy& p) { p.subject_template = "CN=,O=x"; }, "subject template: CN has no value"},
      {[](Policy& p) { p.subject_template = " "; }, "subject template: it is empty"},
      {[](Policy& p) { p.subject_template = "Example"; }, "subject template: expected TYPE=value, found 'Example'"},
      {[](Policy& p) { p.alternative_names = {Kind::dns, Kind::other_name}; }, ""},
      {[](Policy& p) { p.alternative_names = {Kind::x400_address}; },
       "alternative names: alternative names of kind x400 cannot be checked, so they cannot be allowed"},
      {[](Policy& p) { p.dns_suffixes = {"example.com", "lan"}; }, ""},
      {[](Policy& p) { p.dns_suffixes = {".example.com"}; },
       "alternative names: DNS suffix '.example.com': write it without a leading dot or star, as example.com"},
      {[](Policy& p) { p.dns_suffixes = {"exam ple.com"}; },
       "alternative names: DNS suffix 'exam ple.com' has a character that host names do not have"},
      {[](Policy& p) { p.dns_suffixes = {""}; }, "alternative names: DNS suffix '' is empty"},
      {[](Policy& p) { p.extended_key_usages.clear(); },
       "extended key usage: no extended key usage: name at least one, such as clientAuth"},
      {[](Policy& p) { p.extended_key_usages.push_back(pki::oids::client_auth); },
       "extended key usage: extended key usage clientAuth twice"},
      {[](Policy& p) { p.extended_key_usages = {pki::oids::ocsp_signing}; },
       "extended key usage: OCSPSigning is for the authority's own responders"},
      {[](Policy& p) { p.extended_key_usages = {pki::Oid::of("2.5.29.37.0")}; },
       "extended key usage: anyExtendedKeyUsage limits nothing: name the purposes"},
      {[](Policy& p) { p.validity = Seconds(60); }, ""},
      {[](Policy& p) { p.validity = Seconds(59); }, "the validity must be at least one minute"},
      {[](Policy& p) { p.validity = std::chrono::days(50 * 365); }, ""},
      {[](Policy& p) { p.validity = std::chrono::days(50 * 365 + 1); }, "the validity must be at most 50 years"},
      {[](Policy& p) { p.backdate = Seconds(-1); }, "the back-dating is negative"},
      {[](Policy& p) { p.backdate = std::chrono::days(31); }, ""},
      {[](Policy& p) { p.backdate = std::chrono::days(32); }, "the back-dating must be at most 31 days"},
      {[](Policy& p) { p.renewal_window = Seconds(-1); }, "the renewal window is negative"},
      {[](Policy& p) { p.renewal_window = std::chrono::days(364); }, ""},
      {[](Policy& p) { p.renewal_window = std::chrono::days(365); },
       "the renewal window (1y) must be shorter than the validity (1y); 0 allows any time"},
  };
  for (const auto& row : rows) {
    Policy policy;
    row.change(policy);
    const Status status = check(policy);
    EXPECT_EQ(error_of(status), row.expect);
    if (!status) {
      EXPECT_EQ(status.error().code(), ErrorCode::invalid) << row.expect;
    }
  }
}

TEST(PolicyTest, WhatTheAuthoritySetsCannotBePassed) {
  const struct {
    const char* oid;
    bool refused;
  } rows[] = {
      {"2.5.29.15", true},               // key usage
      {"2.5.29.37", true},               // extended key usage
      {"2.5.29.19", true},               // basic constraints
      {"2.5.29.14", true},               // subject key identifier
      {"2.5.29.35", true},               // authority key identifier
      {"2.5.29.31", true},               // CRL distribution points
      {"2.5.29.17", true},               // subject alternative name
      {"2.5.29.30", true},               // name constraints
      {"2.5.29.32", true},               // certificate policies
      {"2.5.29.54", true},               // inhibit anyPolicy
      {"1.3.6.1.5.5.7.1.1", true},       // authority information access
      {"1.3.6.1.5.5.7.48.1.5", true},    // OCSP no check
      {"1.3.6.1.4.1.311.25.2", true},    // Microsoft's security identifier
      {"1.3.6.1.4.1.311.21.10", true},   // Microsoft's application policies
      {"1.3.6.1.4.1.311.20.2", false},   // Microsoft's template name
      {"1.3.6.1.5.5.7.1.24", false},     // TLS feature
      {"1.3.6.1.4.1.99999.1.2", false},  // somebody's own
      {"1.3.6.1.4.1.311.25.20", false},  // begins with the same digits, but is another
  };
  for (const auto& row : rows) {
    const Status status = check({.passed_extensions = {pki::Oid::from_dotted(row.oid).value()}});
    EXPECT_EQ(!status, row.refused) << row.oid << ": " << error_of(status);
    if (!status) {
      EXPECT_TRUE(status.error().text().starts_with(std::string("extensions of the request: ") + row.oid +
                                                    " cannot be taken from a request: "));
    }
  }
}

}  // namespace
}  // namespace chancery::ca
