#include "ca/lint.h"

#include <gtest/gtest.h>

#include <functional>

#include "ca/ca_testing.h"
#include "ca/rsa_testing.h"
#include "testing/fakes.h"

namespace chancery::ca {
namespace {

using namespace std::chrono_literals;
using testing::authority;
using testing::now;
using Kind = pki::GeneralName::Kind;

// A certificate that breaks no rule, to be changed.
struct Draft {
  Policy policy{.alternative_names = {Kind::dns, Kind::email, Kind::uri, Kind::ip, Kind::other_name,
                                      Kind::directory_name, Kind::registered_id}};
  pki::Name subject = pki::Name::from_text("CN=printer-7,O=Example").value();
  std::vector<pki::GeneralName> alternative_names;
  pki::PublicKey key = testing::device_key().public_key();
  pki::Certificate issuer = authority().generation.issuing;
  pki::Validity validity{now - 1h, now + 24h * 365};
  pki::Serial serial = [] {
    chancery::testing::FakeRandom random;
    return make_serial(random);
  }();
  std::vector<pki::Extension> extensions;
  Timestamp at = now;
  std::vector<pki::Certificate> above;
  std::vector<Bytes> authority_keys = {authority().generation.ra_key.public_key().fingerprint()};

  void attribute(const pki::Oid& type, std::string value, std::uint8_t encoding = pki::der::tag::utf8_string) {
    subject = pki::Name({{{type, std::move(value), encoding}}});
  }
  void name(std::string_view text) { alternative_names = testing::names({std::string(text)}); }
  void raw_name(Kind kind, std::string_view value) {
    alternative_names = {{.kind = kind, .text = std::string(value), .value = to_bytes(as_bytes(value))}};
  }

  [[nodiscard]] std::string findings() const {
    const pki::CertificateContent content{.serial = serial,
                                          .issuer_der = to_bytes(issuer.subject_der()),
                                          .subject_der = subject.to_der(),
                                          .validity = validity,
                                          .spki = to_bytes(key.spki()),
                                          .extensions = extensions};
    return to_text(lint({.policy = policy,
                         .content = content,
                         .subject = subject,
                         .alternative_names = alternative_names,
                         .key = key,
                         .issuer = issuer,
                         .now = at,
                         .authority_keys = authority_keys,
                         .above = above}));
  }
};

// Each row changes one thing; `expect` is all that lint says, and nothing where the change is at the border.
struct Row {
  std::function<void(Draft&)> change;
  std::string expect;
};
void expect_rows(const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Draft draft;
    rows[i].change(draft);
    EXPECT_EQ(draft.findings(), rows[i].expect) << "row " << i;
  }
}

TEST(LintTest, AnOrdinaryCertificateBreaksNoRule) { EXPECT_EQ(Draft().findings(), ""); }

TEST(LintTest, WeakAndWrongKeysAreFound) {
  const pki::PrivateKey p384 = pki::PrivateKey::generate({pki::KeyFamily::ec, 384}).value();
  const pki::PrivateKey ed25519 = pki::PrivateKey::generate({pki::KeyFamily::ed25519, 256}).value();
  const auto rsa = [](std::string_view modulus, std::string_view exponent = "010001") {
    return [=](Draft& d) { d.key = testing::rsa_key(modulus, exponent); };
  };
  std::string even(testing::sound_modulus);
  even.back() = '8';
  expect_rows({
      {rsa(testing::sound_modulus), ""},
      {[](Draft& d) {
         d.key = testing::rsa_key(testing::sound_modulus);
         d.policy.keys.rsa_least_bits = 2049;
       },
       "weak-key: RSA keys need at least 2049 bits, this one has 2048"},
      {[](Draft& d) {
         d.key = testing::rsa_key(testing::sound_modulus);
         d.policy.keys.rsa_most_bits = 2048;
       },
       ""},
      {[](Draft& d) {
         d.key = testing::rsa_key(testing::sound_modulus);
         d.policy.keys.rsa_least_bits = d.policy.keys.rsa_most_bits = 2047;
       },
       "key-too-large: RSA keys have at most 2047 bits here, this one has 2048"},
      {[](Draft& d) {
         d.key = testing::rsa_key(testing::sound_modulus);
         d.policy.keys.rsa_most_bits = 0;
       },
       "key-type-not-allowed: RSA keys are not allowed here"},
      {rsa(testing::sound_modulus, "03"), ""},
      {rsa(testing::sound_modulus, "01"), "weak-key: the RSA public exponent must be odd and at least 3"},
      {rsa(testing::sound_modulus, "02"), "weak-key: the RSA public exponent must be odd and at least 3"},
      {rsa(testing::sound_modulus, "010000"), "weak-key: the RSA public exponent must be odd and at least 3"},
      {rsa(testing::sound_modulus, "ffffffffffffffff"), ""},
      {rsa(even), "bad-key: the RSA modulus is divisible by 2"},
      {rsa(testing::divisible_by_751), "bad-key: the RSA modulus is divisible by 751"},
      {rsa(testing::divisible_by_757), ""},
      {rsa(testing::infineon_modulus),
       "weak-key: the RSA key was made by a chip with a known flaw (CVE-2017-15361): its private half can be computed "
       "from it"},
      {[](Draft& d) { d.policy.keys.p256 = false; }, "key-type-not-allowed: keys on P-256 are not allowed here"},
      {[&](Draft& d) { d.key = p384.public_key(); }, ""},
      {[&](Draft& d) {
         d.key = p384.public_key();
         d.policy.keys.p384 = false;
       },
       "key-type-not-allowed: keys on P-384 are not allowed here"},
      {[&](Draft& d) { d.key = ed25519.public_key(); }, ""},
      {[&](Draft& d) {
         d.key = ed25519.public_key();
         d.policy.keys.ed25519 = false;
       },
       "key-type-not-allowed: Ed25519 keys are not allowed here"},
      {[](Draft& d) { d.key = authority().generation.issuing_key.public_key(); },
       "ca-key-reuse: this is a key of the authority itself"},
      {[](Draft& d) { d.key = authority().generation.ra_key.public_key(); },
       "ca-key-reuse: this is a key of the authority itself"},
      {[](Draft& d) {
         d.key = authority().generation.ra_key.public_key();
         d.authority_keys.clear();
       },
       ""},
  });
}

TEST(LintTest, SubjectsThatRfc5280DoesNotAllowAreFound) {
  namespace tag = pki::der::tag;
  namespace oids = pki::oids;
  const auto value = [](const pki::Oid& type, std::string text, std::uint8_t encoding = tag::utf8_string) {
    return [=](Draft& d) { d.attribute(type, text, encoding); };
  };
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "ü";
  expect_rows({
      {[](Draft& d) {
         d.subject = {};
         d.name("dns:a.example.com");
       },
       ""},
      {[](Draft& d) { d.subject = {}; }, "missing-name: there is neither a subject nor an alternative name"},
      {value(oids::common_name, ""), "empty-attribute: CN has no value"},
      {value(oids::common_name, "  "), "empty-attribute: CN has no value"},
      {value(oids::common_name, std::string(64, 'a')), ""},
      {value(oids::common_name, umlauts), ""},
      {value(oids::common_name, std::string(65, 'a')), "name-too-long: CN has 65 characters, at most 64 are allowed"},
      {value(oids::locality, std::string(128, 'a')), ""},
      {value(oids::locality, std::string(129, 'a')), "name-too-long: L has 129 characters, at most 128 are allowed"},
      {value(oids::serial_number, std::string(65, '1'), tag::printable_string),
       "name-too-long: serialNumber has 65 characters, at most 64 are allowed"},
      {value(oids::country, "DE", tag::printable_string), ""},
      {value(oids::country, "DEU", tag::printable_string), "bad-country: 'DEU' is not a country's two letters"},
      {value(oids::country, "4!", tag::printable_string), "bad-country: '4!' is not a country's two letters"},
      {value(oids::serial_number, "SN-42", tag::printable_string), ""},
      {value(oids::serial_number, "SN_42", tag::printable_string),
       "bad-characters: serialNumber has a character that its string type does not have: 'SN_42'"},
      {value(oids::serial_number, "SN_42"),
       "bad-characters: serialNumber has a character that its string type does not have: 'SN_42'"},
      {value(oids::common_name, "a", tag::bmp_string),
       "bad-characters: CN has a character that its string type does not have: 'a'"},
      {value(oids::common_name, "\x04\x01x", pki::NameAttribute::raw), "bad-characters: the value of CN is not a text"},
      {value(oids::common_name, "a\xff"), "bad-characters: the value of CN is not a text"},
      {value(oids::common_name, "a\nb"), "control-characters: CN has a control character"},
      {value(oids::common_name, std::string("a\0b", 3)), "control-characters: CN has a control character"},
      {value(oids::common_name, "*.example.com"),
       "wildcard-not-allowed: the common name '*.example.com' is a wildcard"},
      {[](Draft& d) {
         d.attribute(oids::common_name, "*.example.com");
         d.policy.wildcards = true;
       },
       ""},
      {[](Draft& d) {
         d.attribute(oids::common_name, "www.example.org");
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: the common name 'www.example.org' is not below a domain that is allowed here"},
      {[](Draft& d) {
         d.attribute(oids::common_name, "www.example.com");
         d.policy.dns_suffixes = {"example.com"};
       },
       ""},
      {[](Draft& d) {
         d.attribute(oids::common_name, "Printer 7, 2nd floor");
         d.policy.dns_suffixes = {"example.com"};
       },
       ""},
      {[](Draft& d) {
         d.attribute(oids::email_address, "a@example.org", tag::ia5_string);
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: the e-mail address 'a@example.org' is not below a domain that is allowed here"},
      {[](Draft& d) { d.subject = pki::Name::from_text("CN=EXAMPLE issuing ca 1,O=Example").value(); },
       "subject-equals-issuer: the subject is the issuing CA's own name"},
  });
}

TEST(LintTest, AlternativeNamesAreOfAnAllowedKindAndWellFormed) {
  const auto name = [](std::string text) { return [=](Draft& d) { d.name(text); }; };
  const auto raw = [](Kind kind, std::string value) { return [=](Draft& d) { d.raw_name(kind, value); }; };
  expect_rows({
      {[](Draft& d) {
         d.name("dns:a.example.com");
         d.policy.alternative_names = {Kind::ip};
       },
       "san-not-allowed: alternative names of kind dns are not allowed here"},
      {[](Draft& d) {
         d.raw_name(Kind::x400_address, "x");
         d.policy.alternative_names = {Kind::x400_address};
       },
       "san-not-allowed: alternative names of kind x400 cannot be checked"},
      {name("dns:a.example.com"), ""},
      {name("dns:a_b.example.com"), "bad-dns-name: 'a_b.example.com' has an underscore"},
      {raw(Kind::dns, ""), "bad-dns-name: '' is empty"},
      {raw(Kind::dns, "a\r\nb.example"), "bad-dns-name: 'a??b.example' has a character that host names do not have"},
      {raw(Kind::dns, std::string("a.example\0.evil", 15)),
       "bad-dns-name: 'a.example?.evil' has a character that host names do not have"},
      {name("dns:*.example.com"), "wildcard-not-allowed: '*.example.com'"},
      {[](Draft& d) {
         d.name("dns:*.example.com");
         d.policy.wildcards = true;
       },
       ""},
      {[](Draft& d) {
         d.name("dns:*.com");
         d.policy.wildcards = true;
       },
       "bad-dns-name: '*.com' covers a whole top-level domain"},
      {[](Draft& d) {
         d.name("dns:a.*.example.com");
         d.policy.wildcards = true;
       },
       "bad-dns-name: 'a.*.example.com' has a character that host names do not have"},
      {[](Draft& d) {
         d.name("dns:badexample.com");
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: 'badexample.com' is not below a domain that is allowed here"},
      {[](Draft& d) {
         d.name("dns:a.EXAMPLE.com");
         d.policy.dns_suffixes = {"example.com"};
       },
       ""},
      {name("ip:10.0.0.1"), ""},
      {name("ip:fe80::1"), ""},
      {raw(Kind::ip, "12345"), "bad-ip: an address has 4 or 16 octets, not 5"},
      {raw(Kind::ip, "12345678"), "bad-ip: an address has 4 or 16 octets, not 8"},
      {name("ip:0.0.0.0"), "bad-ip: the unspecified address is nobody's"},
      {name("ip:::"), "bad-ip: the unspecified address is nobody's"},
      {name("ip:239.255.255.255"), "bad-ip: a multicast or broadcast address is nobody's"},
      {name("ip:255.255.255.255"), "bad-ip: a multicast or broadcast address is nobody's"},
      {name("ip:ff02::1"), "bad-ip: a multicast or broadcast address is nobody's"},
      {name("ip:240.0.0.1"), ""},
      {name("email:a.b+c@example.com"), ""},
      {name("email:example.com"), "bad-email: 'example.com' is not user@host"},
      {name("email:@example.com"), "bad-email: '@example.com' is not user@host"},
      {name("email:a..b@example.com"), "bad-email: 'a..b@example.com' is not user@host"},
      {name("email:a@b@example.com"), "bad-email: 'a@b@example.com' is not user@host"},
      {name("email:" + std::string(64, 'a') + "@example.com"), ""},
      {name("email:a@"), "bad-email: 'a@' is not user@host"},
      {[](Draft& d) {
         d.name("email:a@example.org");
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: 'a@example.org' is not below a domain that is allowed here"},
      {name("uri:https://a.example.com/x"), ""},
      {name("uri:/x"), "bad-uri: '/x' is not absolute: a scheme comes first, as in https://"},
      {[](Draft& d) {
         d.name("uri:sip:a@example.org");
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: 'sip:a@example.org' is not below a domain that is allowed here"},
      {name("uri:TAG:Microsoft.com,2022-09-14:sid:S-1-5-21-1"),
       "microsoft-sid: 'TAG:Microsoft.com,2022-09-14:sid:S-1-5-21-1' names an account; a device may not choose it"},
      {name("othername:1.3.6.1.4.1.311.25.2.1:04020102"),
       "microsoft-sid: '1.3.6.1.4.1.311.25.2.1:04020102' names an account; a device may not choose it"},
      {name("othername:1.3.6.1.5.2.2:0500"), "san-not-allowed: '1.3.6.1.5.2.2:0500' is another kind of name than upn"},
      {name("upn:user@example.com"), ""},
      {name("upn:user"), "bad-upn: 'user' is not user@host"},
      {[](Draft& d) {
         d.name("upn:user@example.org");
         d.policy.dns_suffixes = {"example.com"};
       },
       "dns-suffix: 'user@example.org' is not below a domain that is allowed here"},
      {name("dirname:CN=a"), ""},
      {raw(Kind::directory_name, std::string("\x30\x00", 2)), "bad-directory-name: a directory name must have a part"},
      {name("rid:1.2.3"), ""},
  });
}

TEST(LintTest, NamesStayWithinTheConstraintsOfTheCasAbove) {
  const auto permitted = [](std::vector<std::string> subtrees) { return testing::Subtrees{.permitted = subtrees}; };
  const auto excluded = [](std::vector<std::string> subtrees) { return testing::Subtrees{.excluded = subtrees}; };
  const struct {
    testing::Subtrees subtrees;
    std::string subject, name;
    std::string outside;  // what is told without the rule and the CA; empty: allowed
  } rows[] = {
      {permitted({"dns:example.com"}), "CN=a", "dns:example.com", ""},
      {permitted({"dns:example.com"}), "CN=a", "dns:a.EXAMPLE.com", ""},
      {permitted({"dns:example.com"}), "CN=a", "dns:dev.other.org",
       "'dns:dev.other.org' is not among the permitted names"},
      {permitted({"dns:example.com"}), "CN=a", "dns:badexample.com",
       "'dns:badexample.com' is not among the permitted names"},
      {permitted({"dns:example.com", "dns:other.org"}), "CN=a", "dns:dev.other.org", ""},
      {excluded({"dns:example.com"}), "CN=a", "dns:a.example.com", "'dns:a.example.com' is among the excluded names"},
      {excluded({"dns:example.com"}), "CN=a", "dns:dev.other.org", ""},
      // Other kinds of names are not constrained by it.
      {permitted({"dns:example.com"}), "CN=a,O=b", "ip:10.0.0.1", ""},
      {permitted({"dns:example.com"}), "CN=a,O=b", "email:a@other.org", ""},
      // A common name that looks like a host's stands for one where there is no DNS name.
      {permitted({"dns:example.com"}), "CN=dev.other.org", "", "'CN=dev.other.org' is not among the permitted names"},
      {permitted({"dns:example.com"}), "CN=dev.other.org", "ip:10.0.0.1",
       "'CN=dev.other.org' is not among the permitted names"},
      {permitted({"dns:example.com"}), "CN=dev.example.com", "", ""},
      {permitted({"dns:example.com"}), "CN=printer-7", "", ""},
      {permitted({"dns:example.com"}), "CN=Printer 7\\, 2nd floor", "", ""},
      {permitted({"dns:example.com"}), "CN=dev.other.org", "dns:a.example.com", ""},
      {permitted({"ip#0a000000ff000000"}), "CN=a", "ip:10.1.2.3", ""},
      {permitted({"ip#0a000000ff000000"}), "CN=a", "ip:11.1.2.3", "'ip:11.1.2.3' is not among the permitted names"},
      {permitted({"ip#0a000000ff000000"}), "CN=a", "ip:fe80::1", "'ip:fe80::1' is not among the permitted names"},
      {excluded({"ip#00000000000000000000000000000000" + std::string(32, '0')}), "CN=a", "ip:fe80::1",
       "'ip:fe80::1' is among the excluded names"},
      {permitted({"email:example.com"}), "CN=a", "email:a@example.com", ""},
      {permitted({"email:example.com"}), "CN=a", "email:a@other.org",
       "'email:a@other.org' is not among the permitted names"},
      {permitted({"email:example.com"}), "CN=a,emailAddress=a@other.org", "",
       "'CN=a,emailAddress=a@other.org' is not among the permitted names"},
      {permitted({"uri:.example.com"}), "CN=a", "uri:https://a.example.com/x", ""},
      {permitted({"uri:.example.com"}), "CN=a", "uri:https://a.other.org/x",
       "'uri:https://a.other.org/x' is not among the permitted names"},
      {permitted({"uri:.example.com"}), "CN=a", "uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
       "'uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6' cannot be judged: unsupported or invalid name syntax"},
      {permitted({"dirname:O=Example"}), "CN=a,O=Example", "", ""},
      {permitted({"dirname:O=Example"}), "CN=a,O=Other", "", "'CN=a,O=Other' is not among the permitted names"},
      {permitted({"dirname:O=Example"}), "", "dns:a.other.org", ""},
      {permitted({"dirname:O=Example"}), "CN=a,O=Example", "dirname:CN=b,O=Other",
       "'dirname:CN=b,O=Other' is not among the permitted names"},
      {permitted({"rid:1.2.3"}), "CN=a", "rid:1.2.3", "'rid:1.2.3' cannot be judged: unsupported name constraint type"},
  };
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    SCOPED_TRACE("row " + std::to_string(i));
    Draft draft;
    draft.subject = rows[i].subject.empty() ? pki::Name() : pki::Name::from_text(rows[i].subject).value();
    if (!rows[i].name.empty()) draft.name(rows[i].name);
    const pki::Certificate constrained = testing::issuing_with({testing::name_constraints(rows[i].subtrees)});
    const std::string expect =
        rows[i].outside.empty() ? ""
                                : "name-beyond-issuer: " + rows[i].outside + " of " + constrained.subject().to_text();
    draft.above = {constrained};
    EXPECT_EQ(draft.findings(), expect);
    draft.above.clear();
    draft.issuer = constrained;
    EXPECT_EQ(draft.findings(), expect);
  }

  Draft draft;
  draft.issuer = testing::issuing_with({{.oid = pki::oids::name_constraints, .value = {0x05, 0x00}}});
  EXPECT_EQ(draft.findings(),
            "name-beyond-issuer: 'CN=printer-7,O=Example' cannot be judged: unsupported or invalid name constraint "
            "syntax of CN=Example Issuing CA 1,O=Example");
}

TEST(LintTest, PurposesStayWithinThoseOfTheCasAbove) {
  const pki::Oid server = pki::oids::server_auth, client = pki::oids::client_auth, any = pki::Oid::of("2.5.29.37.0"),
                 own = pki::Oid::of("1.2.3.4");
  const std::string who = "purpose-beyond-issuer: CN=Example Issuing CA 1,O=Example may not certify for ";
  const struct {
    std::vector<pki::Oid> of_issuer, wanted;
    std::string expect;
  } rows[] = {
      {{client}, {client}, ""},
      {{client}, {server}, who + "serverAuth"},
      {{client}, {server, client}, who + "serverAuth"},
      {{server, client}, {client, server}, ""},
      {{any}, {server}, ""},
      {{client, any}, {server}, ""},
      {{client}, {any}, who + "anyExtendedKeyUsage"},
      {{client}, {own}, who + "1.2.3.4"},
      {{own}, {own}, ""},
  };
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    SCOPED_TRACE("row " + std::to_string(i));
    // Known of the policy alone, too, whoever asks.
    const pki::Certificate issuer = testing::issuing_with({pki::make_extended_key_usage(rows[i].of_issuer)});
    const Policy policy{.extended_key_usages = rows[i].wanted};
    EXPECT_EQ(to_text(lint_policy(policy, issuer)), rows[i].expect);
    EXPECT_EQ(to_text(lint_policy(policy, testing::issuing_with({}), std::vector{issuer})), rows[i].expect);
    Draft draft;
    draft.extensions = {pki::make_extended_key_usage(rows[i].wanted)};
    EXPECT_EQ(draft.findings(), "") << "a CA that has no purposes";
    const pki::Certificate limited = testing::issuing_with({pki::make_extended_key_usage(rows[i].of_issuer)});
    draft.above = {limited};
    EXPECT_EQ(draft.findings(), rows[i].expect);
    draft.above.clear();
    draft.issuer = limited;
    EXPECT_EQ(draft.findings(), rows[i].expect);
  }
}

TEST(LintTest, ValidityStaysWithinTheIssuersAndThePolicys) {
  const pki::Validity issuer = authority().generation.issuing.validity();
  const std::string from = to_rfc3339(issuer.not_before), until = to_rfc3339(issuer.not_after);
  expect_rows({
      {[&](Draft& d) { d.validity.not_before = issuer.not_before; }, ""},
      {[&](Draft& d) { d.validity.not_before = issuer.not_before - 1s; },
       "validity-beyond-issuer: notBefore (2025-12-31T22:59:59Z) is before the issuing certificate's (" + from + ")"},
      {[&](Draft& d) {
         d.validity.not_after = issuer.not_after;
         d.policy.validity = std::chrono::days(20 * 365);
       },
       ""},
      {[&](Draft& d) {
         d.validity.not_after = issuer.not_after + 1s;
         d.policy.validity = std::chrono::days(20 * 365);
       },
       "validity-beyond-issuer: notAfter (" + to_rfc3339(issuer.not_after + 1s) +
           ") is after the issuing certificate's (" + until + ")"},
      {[](Draft& d) { d.validity.not_after = now + d.policy.validity + 1s; },
       "validity-beyond-policy: notAfter (2027-01-02T00:00:01Z) is more than 1y away"},
      {[](Draft& d) { d.validity.not_after = d.validity.not_before + 1s; }, ""},
      {[](Draft& d) { d.validity.not_after = d.validity.not_before; },
       "validity-inverted: notAfter (2026-01-01T23:00:00Z) is not after notBefore (2026-01-01T23:00:00Z)"},
      {[](Draft& d) { d.validity.not_before = now; }, ""},
      {[](Draft& d) { d.validity.not_before = now + 1s; },
       "forward-dated: notBefore (2026-01-02T00:00:01Z) is in the future"},
      {[&](Draft& d) {
         d.at = issuer.not_before - 1s;
         d.validity = {issuer.not_before - 1s, issuer.not_before + 1h};
       },
       "issuer-not-yet-valid: the issuing certificate is valid from " + from +
           "; validity-beyond-issuer: notBefore (2025-12-31T22:59:59Z) is before the issuing certificate's (" + from +
           ")"},
      {[&](Draft& d) {
         d.at = issuer.not_after;
         d.validity = {issuer.not_after - 1h, issuer.not_after};
       },
       ""},
      {[&](Draft& d) {
         d.at = issuer.not_after + 1s;
         d.validity = {issuer.not_after - 1h, issuer.not_after};
       },
       "issuer-expired: the issuing certificate expired at " + until},
  });
}

TEST(LintTest, SerialsArePositiveAndOfAnAllowedLength) {
  const std::string text = "bad-serial: a serial number is positive and has 8 to 20 octets";
  const auto serial = [](Bytes octets) { return [=](Draft& d) { d.serial.octets = octets; }; };
  expect_rows({
      {serial(Bytes(8, 0x7f)), ""},
      {serial(Bytes(7, 0x7f)), text},
      {serial(Bytes(20, 0x7f)), ""},
      {serial(Bytes(21, 0x7f)), text},
      {serial(Bytes(16, 0x80)), text},
      {serial(Bytes(16, 0)), text},
      {serial({}), text},
  });
}

TEST(LintTest, ACertificateOfUnusualSizeIsFound) {
  const auto extension = [](std::size_t total) {
    return [=](Draft& d) {
      const std::size_t rest = d.subject.to_der().size() + d.key.spki().size();
      d.extensions = {{.oid = pki::Oid::of("1.2.3.4"), .value = Bytes(total - rest)}};
    };
  };
  expect_rows({
      {extension(16384), ""},
      {extension(16385), "too-large: subject, key and extensions have 16385 octets, at most 16384 are signed"},
  });
}

TEST(LintTest, OnlyTheFirstFindingsAreTold) {
  Draft draft;
  draft.alternative_names = testing::names({"dns:_1", "dns:_2", "dns:_3", "dns:_4", "dns:_5"});
  EXPECT_TRUE(draft.findings().ends_with("; bad-dns-name: '_5' has an underscore"));
  draft.alternative_names = testing::names({"dns:_1", "dns:_2", "dns:_3", "dns:_4", "dns:_5", "dns:_6", "dns:_7"});
  EXPECT_TRUE(draft.findings().ends_with("; bad-dns-name: '_5' has an underscore; and 2 more"));
}

}  // namespace
}  // namespace chancery::ca
