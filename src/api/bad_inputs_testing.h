#pragma once

// For the tests of docs/bad-inputs.md: one hub for each row, with endpoints of every kind, and a device that can say
// anything. Every answer is told as the document writes it: "HTTP 400: text", or for an answer in SCEP "badAlg: text".

#include <fmt/format.h>

#include <deque>
#include <functional>

#include "api/device_site.h"
#include "api/hub_testing.h"
#include "http/request_reader.h"
#include "scep/attributes.h"
#include "testing/vectors.h"

namespace chancery::api::bad_inputs {

using example::value;

// What a device says; as it stands it is a request that waits for approval.
struct Ask {
  std::string_view endpoint = "manual";
  std::string_view key = "rsa-2048";  // vectors/bad-inputs/<key>.test-key.pem, or "ra": the authority's own
  std::string_view request_key = {};  // of the PKCS#10; empty: the same
  pki::Digest request_digest = pki::Digest::sha256;
  pki::Name subject = value(pki::Name::from_text("CN=device"));
  std::vector<pki::GeneralName> names = {};
  std::vector<pki::Extension> extensions = {};
  std::string challenge = {};
  std::optional<Bytes> content = {};  // in the envelope instead of the PKCS#10
  scep::MessageType type = scep::MessageType::pkcs_request;
  std::string transaction_id = "t1";
  std::optional<pki::Certificate> signer = {};     // nothing: a self-signed one
  std::optional<pki::Certificate> recipient = {};  // nothing: the RA
  pki::Cipher cipher = pki::Cipher::aes128;
  pki::Digest digest = pki::Digest::sha256;
  std::optional<Timestamp> signing_time = {};
};

class Bench : public example::HubTest {
 public:
  Bench() {
    const std::pair<std::string_view, std::vector<config::Setting>> endpoints[] = {
        {"manual", {{"authorisers", "manual"}, {"alternative_names", "dns,ip,email,uri,upn,dirname"}}},
        {"names",
         {{"authorisers", "manual"}, {"alternative_names", "dns,email,uri,upn"}, {"dns_suffixes", "example.com"}}},
        {"wildcards", {{"authorisers", "manual"}, {"alternative_names", "dns"}, {"wildcards", "true"}}},
        {"template", {{"authorisers", "manual"}, {"subject", "CN={CN},serialNumber={SERIALNUMBER}"}}},
        {"small-keys", {{"authorisers", "manual"}, {"rsa_most_bits", "3072"}}},
        {"old", {{"authorisers", "manual"}, {"allow_3des_sha1", "true"}}},
        {"ancient",
         {{"authorisers", "manual"}, {"allow_3des_sha1", "true"}, {"insecure_allow_single_des_and_md5", "true"}}},
        {"only-rsa", {{"authorisers", "manual"}, {"keys", "rsa"}}},
        {"only-ec", {{"authorisers", "manual"}, {"keys", "ec:p256"}}},
        {"long", {{"authorisers", "manual"}, {"validity", "10y"}}},
        {"timely", {{"authorisers", "manual"}, {"signing_time_tolerance", "10m"}}},
        {"challenge", {{"authorisers", "challenge"}, {"alternative_names", "dns"}}},
        {"other", {{"authorisers", "challenge"}}},
        {"window", {{"authorisers", "challenge"}, {"renewal_window", "30d"}}},
        {"one-renewal", {{"authorisers", "challenge"}, {"renewals_per_certificate", "1"}}},
        {"two-of-a-key", {{"authorisers", "challenge"}, {"renewals_per_certificate", "2"}}},
        {"no-renewal", {{"authorisers", "challenge"}, {"renewal", "false"}}},
        {"shared", {{"authorisers", "shared-challenge"}, {"shared_challenge_file", "secret"}}},
        {"hook", {{"authorisers", "web-hook"}, {"web_hook_url", "https://hook.example/"}}},
        {"closed", {{"authorisers", "manual"}, {"enabled", "false"}}},
    };
    hub::EndpointEditor editor(
        context_, [](const std::string&) -> Result<SecretBytes> { return SecretBytes::copy_of("the plant's secret"); });
    for (const auto& [name, settings] : endpoints) {
      const auto added = editor.add(name, settings, caller_);
      if (!added) ADD_FAILURE() << name << ": " << added.error().text();
    }
  }
  void TestBody() override {}

  using HubTest::clock_;
  using HubTest::ledger_;
  using HubTest::random_;
  using HubTest::requests_;
  using HubTest::revocation_;

  [[nodiscard]] const ca::Generation& authority() { return keyring_.current().keys(); }

  // --- What is sent.

  const pki::PrivateKey& key(std::string_view name) {
    const auto place = keys_.find(name);
    if (place != keys_.end()) return place->second;
    const Bytes pem = name == "ra" ? to_bytes(as_bytes(example::AuthorityKeys::get().ra_key))
                                   : testing::read_vector(fmt::format("bad-inputs/{}.test-key.pem", name));
    return keys_.emplace(name, value(pki::PrivateKey::from_pem(as_text(pem)))).first->second;
  }

  Bytes request(const Ask& ask) {
    pki::RequestContent content{
        .subject = ask.subject, .extensions = ask.extensions, .challenge_password = as_bytes(ask.challenge)};
    if (!ask.names.empty()) content.extensions.push_back(pki::make_subject_alternative_name(ask.names, false));
    const pki::PrivateKey& own = key(ask.request_key.empty() ? ask.key : ask.request_key);
    pki::SignatureAlgorithm algorithm = own.default_algorithm();
    if (ask.request_digest != pki::Digest::sha256) algorithm.digest = ask.request_digest;
    return value(pki::make_request(content, own, algorithm));
  }

  Bytes envelope(const Ask& ask) {
    const pki::Certificate& recipient = ask.recipient ? *ask.recipient : authority().ra;
    return value(pki::encrypt_to(recipient, value(recipient.public_key()), ask.content ? *ask.content : request(ask),
                                 {.cipher = ask.cipher}, random_));
  }

  std::vector<pki::CmsAttribute> attributes(const Ask& ask) {
    return scep::encode_attributes({.type = ask.type,
                                    .transaction_id = scep::TransactionId::from_text(ask.transaction_id),
                                    .sender_nonce = scep::Nonce{random_.bytes(16)},
                                    .signing_time = ask.signing_time});
  }

  pki::Certificate self_signed(const Ask& ask) {
    return value(pki::make_transport_certificate(
        key(ask.key), value(pki::Name::from_text("CN=device")),
        {clock_.now() - std::chrono::hours(1), clock_.now() + std::chrono::hours(24)}, pki::Serial{.octets = {1}}));
  }

  Bytes sign(const Ask& ask, const std::optional<Bytes>& content, std::vector<pki::CmsAttribute> attributes) {
    const pki::Certificate signer = ask.signer ? *ask.signer : self_signed(ask);
    pki::SignedDataContent signed_content{.has_content = content.has_value(),
                                          .attributes = std::move(attributes),
                                          .signer = &signer,
                                          .certificates = {to_bytes(signer.der())},
                                          .digest = ask.digest};
    if (content) signed_content.content = *content;
    return value(pki::sign_data(signed_content, key(ask.key)));
  }

  Bytes message(const Ask& ask) { return sign(ask, envelope(ask), attributes(ask)); }

  // The attributes of an ordinary request, with the one of this type replaced, or left out.
  Bytes message_with(const pki::Oid& type, std::vector<Bytes> values) {
    const Ask ask;
    std::vector<pki::CmsAttribute> changed = attributes(ask);
    std::erase_if(changed, [&](const pki::CmsAttribute& attribute) { return attribute.type == type; });
    if (!values.empty()) changed.push_back({type, std::move(values)});
    return sign(ask, envelope(ask), std::move(changed));
  }

  std::string mint(std::string_view endpoint, ca::ChallengeBinding binding = {}) {
    const auto minted =
        value(challenges_.mint({.endpoint = std::string(endpoint), .binding = std::move(binding)}, caller_));
    return std::string(as_text(minted.text.view()));
  }

  // The newest certificate that was issued.
  pki::Certificate newest_certificate() {
    std::optional<pki::Certificate> newest;
    for (const auto& [serial, row] : ledger_.contents().certificates)
      if (!row.record.der.empty()) newest = value(pki::Certificate::from_der(row.record.der));
    return value(newest ? Result<pki::Certificate>(*newest) : not_found("no certificate"));
  }
  // From here on, the issuing CA's certificate has this extension, too.
  void constrain(pki::Extension extension) {
    const example::AuthorityKeys& keys = example::AuthorityKeys::get();
    ca::Generation next = keys.generation();
    pki::CertificateContent content{.serial = {.octets = {2}},
                                    .issuer_der = to_bytes(next.issuing.issuer_der()),
                                    .subject_der = to_bytes(next.issuing.subject_der()),
                                    .validity = next.issuing.validity(),
                                    .spki = to_bytes(next.issuing.spki()),
                                    .extensions = next.issuing.extensions()};
    content.extensions.push_back(std::move(extension));
    const pki::PrivateKey root = value(pki::PrivateKey::from_pem(keys.root_key));
    const pki::SignatureAlgorithm algorithm = root.default_algorithm();
    next.issuing =
        value(pki::Certificate::from_der(value(pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, root))));
    next.number = 2;
    next.state = ca::Generation::State::next;
    keyring_.announce(std::move(next));
    keyring_.roll_over();
  }
  // A device's certificate of an endpoint that asks for challenges.
  pki::Certificate enrolled(std::string_view endpoint) {
    EXPECT_EQ(ask({.endpoint = endpoint, .challenge = mint(endpoint), .transaction_id = "first"}), "granted");
    return newest_certificate();
  }

  // --- What comes back.

  static std::string told(const http::Response& response) {
    if (response.content_type == "application/x-pki-message") {
      const auto reply = scep::PkiMessage::parse(response.body);
      if (!reply || !reply->status()) return "an unreadable reply";
      if (*reply->status() == scep::PkiStatus::success) return "granted";
      if (*reply->status() == scep::PkiStatus::pending) return "pending";
      return fmt::format("{}: {}", scep::to_string(reply->fail_info().value()), reply->fail_info_text());
    }
    if (response.status < 300) return fmt::format("HTTP {}", response.status);
    if (response.content_type == "application/json") return on_one_line("HTTP " + problem_of(response));
    // Of a page for people its first line.
    const std::string_view text = as_text(response.body);
    return fmt::format("HTTP {}: {}", response.status, text.substr(0, text.find('\n')));
  }

  static std::string on_one_line(std::string text) {
    for (std::size_t place = 0; (place = text.find('\n', place)) != std::string::npos;) text.replace(place, 1, " ⏎ ");
    return text;
  }

  std::string send_device(std::string_view method, std::string_view target, ByteView body = {}) {
    return told(site_.handle({.method = std::string(method),
                              .target = std::string(target),
                              .headers = {},
                              .body = to_bytes(body),
                              .remote_address = "192.0.2.7"}));
  }
  std::string get(std::string_view target) { return send_device("GET", target); }
  std::string post(ByteView message, std::string_view endpoint = "manual") {
    return send_device("POST", fmt::format("/scep/{}?operation=PKIOperation", endpoint), message);
  }
  std::string ask(const Ask& ask) { return post(message(ask), ask.endpoint); }

  std::string admin(std::string_view method, std::string_view target, std::string_view body = "") {
    return told(send(method, target, body));
  }

  // The octets of a connection, as far as the server reads them.
  static std::string connection(std::string_view octets) {
    const http::Limits limits;
    http::RequestReader reader(limits);
    using State = http::RequestReader::State;
    while (!octets.empty() && (reader.state() == State::head || reader.state() == State::body)) {
      const auto space = reader.space();
      const std::size_t count = std::min(space.size(), octets.size());
      std::ranges::copy(as_bytes(octets.substr(0, count)), space.begin());
      reader.received(count);
      octets.remove_prefix(count);
    }
    if (reader.state() != State::failed) return "taken";
    return fmt::format("HTTP {}: {}", reader.refusal().status, reader.refusal().text);
  }

 private:
  std::map<std::string, pki::PrivateKey, std::less<>> keys_;
  DeviceSite site_{context_, scep_, {.base_url = "http://pki.example:8080", .aliases = {}}};
};

// One row of the document, by its id: makes the input, and returns the answer.
struct Case {
  std::string_view id;
  std::function<std::string(Bench&)> answer;
};

// Each in a file of its own.
[[nodiscard]] std::vector<Case> http_cases();
[[nodiscard]] std::vector<Case> message_cases();
[[nodiscard]] std::vector<Case> policy_cases();
[[nodiscard]] std::vector<Case> enrolment_cases();
[[nodiscard]] std::vector<Case> admin_cases();

}  // namespace chancery::api::bad_inputs
