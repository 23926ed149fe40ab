// Reads every file in vectors/x509: certificates, requests, CRLs and bundles that other programs made.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "pki/bundle.h"
#include "pki/crl.h"
#include "pki/pem.h"
#include "pki/request.h"
#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

// What a file expects, and what we found: the values of a word, in order.
using Facts = std::map<std::string, std::vector<std::string>>;

struct Scenario {
  std::string kind;
  Facts expected;
  std::string text;
};

Scenario read_scenario(const std::string& file) {
  Scenario scenario{.text = testing::read_vector(file)};
  std::string_view rest = scenario.text;
  while (!rest.empty() && !rest.starts_with("-----")) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) continue;
    const std::string word(line.substr(0, colon));
    const std::string value(colon + 2 <= line.size() ? line.substr(colon + 2) : "");
    if (word == "kind")
      scenario.kind = value;
    else
      scenario.expected[word].push_back(value);
  }
  return scenario;
}

const char* yes(bool value) { return value ? "yes" : "no"; }

std::string text_of(const KeyUsage& usage) {
  std::string text;
  const auto add = [&](bool set, const char* word) {
    if (set) text += (text.empty() ? "" : " ") + std::string(word);
  };
  add(usage.digital_signature, "digitalSignature");
  add(usage.content_commitment, "nonRepudiation");
  add(usage.key_encipherment, "keyEncipherment");
  add(usage.data_encipherment, "dataEncipherment");
  add(usage.key_agreement, "keyAgreement");
  add(usage.key_cert_sign, "keyCertSign");
  add(usage.crl_sign, "cRLSign");
  add(usage.encipher_only, "encipherOnly");
  add(usage.decipher_only, "decipherOnly");
  return text;
}

void add_extensions(Facts& facts, const std::vector<Extension>& extensions, const std::vector<GeneralName>& names) {
  facts["extensions"] = {std::to_string(extensions.size())};
  for (const Extension& extension : extensions) {
    if (extension.critical) facts["critical"].push_back(extension.oid.dotted());
  }
  for (const GeneralName& name : names) facts["san"].push_back(to_string(name));
}

Facts facts_of(const Certificate& certificate) {
  Facts facts;
  facts["subject"] = {certificate.subject().to_text()};
  facts["issuer"] = {certificate.issuer().to_text()};
  facts["serial"] = {certificate.serial().hex()};
  facts["not before"] = {to_rfc3339(certificate.validity().not_before)};
  facts["not after"] = {to_rfc3339(certificate.validity().not_after)};
  facts["signature"] = {certificate.signature_algorithm() ? std::string(to_string(*certificate.signature_algorithm()))
                                                          : "none"};
  facts["self-issued"] = {yes(certificate.self_issued())};
  const auto key = certificate.public_key();
  facts["signed by itself"] = {yes(key && certificate.signed_by(*key))};
  facts["ca"] = {yes(certificate.is_ca())};
  if (certificate.key_usage()) facts["key usage"] = {text_of(*certificate.key_usage())};
  if (certificate.basic_constraints() && certificate.basic_constraints()->path_length)
    facts["path length"] = {std::to_string(*certificate.basic_constraints()->path_length)};
  add_extensions(facts, certificate.extensions(), certificate.subject_alternative_names());
  EXPECT_EQ(certificate.subject().to_der(), to_bytes(certificate.subject_der()));
  return facts;
}

Facts facts_of(const CertificateRequest& request) {
  Facts facts;
  facts["subject"] = {request.subject().to_text()};
  facts["challenge"] = {std::string(as_text(request.challenge_password().view()))};
  facts["signature valid"] = {yes(request.signature_is_valid())};
  if (request.signature_algorithm()) facts["signature"] = {std::string(to_string(*request.signature_algorithm()))};
  add_extensions(facts, request.extensions(), request.subject_alternative_names());
  return facts;
}

Facts facts_of(const Crl& crl) {
  Facts facts;
  facts["issuer"] = {crl.issuer().to_text()};
  facts["number"] = {crl.number() ? std::to_string(*crl.number()) : "none"};
  facts["this update"] = {to_rfc3339(crl.this_update())};
  if (crl.next_update()) facts["next update"] = {to_rfc3339(*crl.next_update())};
  for (const RevokedEntry& entry : crl.entries())
    facts["entry"].push_back(entry.serial.hex() + " " + std::string(to_string(entry.reason)));
  EXPECT_TRUE(crl.signed_by(testing::test_key("ec").public_key()));
  return facts;
}

Facts facts_of(const Bundle& bundle) {
  Facts facts;
  facts["certificates"] = {std::to_string(bundle.certificates.size())};
  facts["crls"] = {std::to_string(bundle.crls.size())};
  for (const Bytes& encoded : bundle.certificates) {
    const auto certificate = Certificate::from_der(encoded);
    facts["subject"].push_back(certificate ? certificate->subject().to_text() : certificate.error().text());
  }
  EXPECT_EQ(read_bundle(write_bundle(bundle))->certificates, bundle.certificates);
  return facts;
}

template <class T>
Facts facts_or_error(const Result<T>& result) {
  return result ? facts_of(*result) : Facts{{"error", {result.error().text()}}};
}

Facts find_facts(const Scenario& scenario) {
  const ByteView bytes = as_bytes(scenario.text);
  if (scenario.kind == "certificate") return facts_or_error(Certificate::from_pem_or_der(bytes));
  if (scenario.kind == "request") return facts_or_error(CertificateRequest::from_pem_or_der(bytes));
  if (scenario.kind == "crl") return facts_or_error(Crl::from_pem_or_der(bytes));
  if (scenario.kind == "bundle") {
    const auto blocks = read_pem(scenario.text);
    return facts_or_error(read_bundle(blocks->at(0).der));
  }
  return {{"error", {"unknown kind"}}};
}

TEST(X509VectorsTest, EveryScenarioYieldsWhatItsFileSays) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(CHANCERY_VECTORS "/x509")) {
    if (entry.path().extension() != ".txt") continue;
    ++count;
    SCOPED_TRACE(entry.path().filename().string());
    const Scenario scenario = read_scenario(entry.path().filename().string());
    EXPECT_FALSE(scenario.expected.empty());
    const Facts found = find_facts(scenario);
    if (found.contains("error")) {
      EXPECT_TRUE(scenario.expected.contains("error")) << found.at("error").at(0);
    }
    for (const auto& [word, values] : scenario.expected) {
      const auto fact = found.find(word);
      EXPECT_EQ(fact != found.end() ? fact->second : std::vector<std::string>(), values) << word;
    }
  }
  EXPECT_GE(count, 27);
}

}  // namespace
}  // namespace chancery::pki
