// Rows of docs/bad-inputs.md: what may not stand in a certificate, rule by rule.

#include "api/bad_inputs_testing.h"

namespace chancery::api::bad_inputs {
namespace {

namespace oids = pki::oids;
namespace tag = pki::der::tag;
using Kind = pki::GeneralName::Kind;

std::function<std::string(Bench&)> ask(Ask what) {
  return [what = std::move(what)](Bench& bench) { return bench.ask(what); };
}

std::function<std::string(Bench&)> subject(std::string_view text) {
  return ask({.subject = value(pki::Name::from_text(text))});
}

std::function<std::string(Bench&)> attribute(const pki::Oid& type, std::string_view text,
                                             std::uint8_t encoding = tag::utf8_string) {
  return ask({.subject = pki::Name({{{type, std::string(text), encoding}}})});
}

std::function<std::string(Bench&)> name(std::string_view text, std::string_view endpoint = "manual") {
  return ask({.endpoint = endpoint, .names = {value(pki::general_name_from_text(text))}});
}

// Octets that no text form leads to.
std::function<std::string(Bench&)> raw_name(Kind kind, std::string_view octets) {
  return ask({.names = {{.kind = kind, .text = std::string(octets), .value = to_bytes(as_bytes(octets))}}});
}

// nameConstraints that permit what is below a domain.
pki::Extension permitting(std::string_view domain) {
  pki::der::Writer out;
  out.sequence([&] {
    out.constructed(tag::context_constructed(0), [&] { out.sequence([&] { out.text(tag::context(2), domain); }); });
  });
  return {.oid = oids::name_constraints, .critical = true, .value = out.take()};
}

std::vector<pki::GeneralName> many_bad_names() {
  std::vector<pki::GeneralName> names;
  for (const char* text : {"dns:_1", "dns:_2", "dns:_3", "dns:_4", "dns:_5", "dns:_6", "dns:_7"})
    names.push_back(value(pki::general_name_from_text(text)));
  return names;
}

std::vector<pki::GeneralName> many_long_names() {
  std::vector<pki::GeneralName> names;
  const std::string label(60, 'a');
  for (int i = 0; i < 100; ++i)
    names.push_back(
        value(pki::general_name_from_text(fmt::format("dns:a{}.{}.{}.{}.example", i, label, label, label))));
  return names;
}

}  // namespace

std::vector<Case> policy_cases() {
  return {
      {"weak-key", ask({.key = "rsa-1024"})},
      {"weak-key-infineon", ask({.key = "infineon"})},
      {"bad-key", ask({.key = "divisible-by-751"})},
      {"key-too-large", ask({.endpoint = "small-keys", .key = "rsa-4096"})},
      {"key-type-not-allowed-rsa", ask({.endpoint = "only-ec"})},
      {"key-type-not-allowed-ec", ask({.endpoint = "only-rsa", .key = "ec-p521", .challenge = "password"})},
      {"key-type-not-allowed-ed25519", ask({.endpoint = "only-rsa", .key = "ed25519", .challenge = "password"})},
      {"ca-key-reuse", ask({.key = "ra"})},

      {"missing-name", ask({.subject = pki::Name()})},
      {"empty-attribute", attribute(oids::common_name, " ")},
      {"name-too-long", attribute(oids::common_name, std::string(65, 'a'))},
      {"bad-country", attribute(oids::country, "DEU", tag::printable_string)},
      {"bad-characters", attribute(oids::serial_number, "SN_42")},
      {"bad-characters-printable", attribute(oids::common_name, "a_b", tag::printable_string)},
      {"control-characters", attribute(oids::common_name, "a\nb")},
      {"bad-utf8", attribute(oids::common_name, "a\xff")},
      {"not-a-text", attribute(oids::common_name, "\x04\x01x", pki::NameAttribute::raw)},
      {"subject-equals-issuer",
       [](Bench& bench) { return bench.ask({.subject = bench.authority().issuing.subject()}); }},
      {"wildcard-common-name", subject("CN=*.example.com")},
      {"dns-suffix-common-name",
       ask({.endpoint = "names", .subject = value(pki::Name::from_text("CN=www.example.org"))})},
      {"dns-suffix-email-address",
       ask({.endpoint = "names", .subject = value(pki::Name::from_text("emailAddress=a@example.org,CN=a"))})},
      {"template-part-missing", ask({.endpoint = "template"})},

      {"san-not-allowed", name("ip:10.0.0.1", "names")},
      {"bad-dns-name-empty", raw_name(Kind::dns, "")},
      {"bad-dns-name-underscore", name("dns:a_b.example.com")},
      {"bad-dns-name-label", name("dns:a..example.com")},
      {"bad-dns-name-long-label", name("dns:" + std::string(64, 'a') + ".example.com")},
      {"bad-dns-name-long", raw_name(Kind::dns, std::string(254, 'a'))},
      {"bad-dns-name-hyphen", name("dns:-a.example.com")},
      {"bad-dns-name-digits", name("dns:10.0.0.1")},
      {"bad-dns-name-a-label", name("dns:ab--c.example.com")},
      {"bad-dns-name-line", raw_name(Kind::dns, "a\r\nb.example")},
      {"bad-dns-name-nul", raw_name(Kind::dns, std::string_view("a.example\0.evil", 15))},
      {"bad-dns-name-not-ascii", raw_name(Kind::dns, "b\xc3\xbc.example")},
      {"bad-dns-name-top-level", name("dns:*.com", "wildcards")},
      {"wildcard-inside", name("dns:a.*.example.com", "wildcards")},
      {"wildcard-not-allowed", name("dns:*.example.com")},
      {"dns-suffix", name("dns:badexample.com", "names")},
      {"dns-suffix-email", name("email:a@example.org", "names")},
      {"dns-suffix-uri", name("uri:https://www.example.org/", "names")},
      {"dns-suffix-upn", name("upn:a@example.org", "names")},
      {"bad-ip-size", raw_name(Kind::ip, "12345")},
      {"bad-ip-unspecified", name("ip:0.0.0.0")},
      {"bad-ip-multicast", name("ip:ff02::1")},
      {"bad-email", name("email:example.com")},
      {"bad-uri", name("uri:/x")},
      {"bad-uri-character", name("uri:https://a.example/ b")},
      {"bad-upn", name("upn:user")},
      {"bad-directory-name", raw_name(Kind::directory_name, std::string_view("\x30\x00", 2))},
      {"microsoft-sid-uri", name("uri:tag:microsoft.com,2022-09-14:sid:S-1-5-21-1")},
      {"microsoft-sid", name("othername:1.3.6.1.4.1.311.25.2.1:04020102")},
      {"too-large", ask({.names = many_long_names()})},
      {"many-problems", ask({.names = many_bad_names()})},

      {"name-beyond-issuer",
       [](Bench& bench) {
         bench.constrain(permitting("example.com"));
         return name("dns:dev.example.org")(bench);
       }},
      {"name-beyond-issuer-common-name",
       [](Bench& bench) {
         bench.constrain(permitting("example.com"));
         return subject("CN=dev.example.org")(bench);
       }},
      {"purpose-beyond-issuer",
       [](Bench& bench) {
         bench.constrain(pki::make_extended_key_usage({oids::client_auth}));
         return bench.ask({});
       }},
      {"validity-beyond-issuer",
       [](Bench& bench) {
         bench.clock_.advance(std::chrono::days(365));
         return bench.ask({.endpoint = "long"});
       }},
      {"issuer-expired",
       [](Bench& bench) {
         bench.clock_.advance(std::chrono::days(365 * 20));
         return bench.ask({});
       }},
  };
}

}  // namespace chancery::api::bad_inputs
