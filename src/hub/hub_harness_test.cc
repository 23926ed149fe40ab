#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hub/challenges.h"
#include "hub/hub_testing.h"

namespace chancery::hub {
namespace {

ca::AuthorityPlan test_plan() {
  return {.names = {.organization = "Test", .common_name = ""},
          .root_key = {pki::KeyFamily::ec, 256},
          .issuing_key = {pki::KeyFamily::ec, 256}};
}

pki::Certificate self_signed(const pki::PrivateKey& key, Timestamp now) {
  return pki::make_transport_certificate(
             key, pki::Name::from_text("CN=device").value(),
             {.not_before = now - std::chrono::hours(1), .not_after = now + std::chrono::days(1)},
             pki::Serial::from_hex("01").value())
      .value();
}

struct Authority {
  pki::Certificate root;
  std::vector<ca::Generation> generations;
};

// PrivateKeys are not copied: the generation's are read again from their PEM for each hub.
Authority make_authority(Timestamp now, Random& random) {
  static const ca::Root root = ca::make_root(test_plan(), now, random).value();
  static const ca::Generation first = ca::make_generation(test_plan(), root, 1, now, random).value();
  const auto copy = [](const pki::PrivateKey& key) {
    const SecretBytes pem = key.to_plain_pem().value();
    return pki::PrivateKey::from_pem(as_text(pem.view())).value();
  };
  Authority authority{.root = root.certificate, .generations = {}};
  authority.generations.push_back(ca::Generation{.number = 1,
                                                 .state = ca::Generation::State::current,
                                                 .issuing = first.issuing,
                                                 .issuing_key = copy(first.issuing_key),
                                                 .ra = first.ra,
                                                 .ra_key = copy(first.ra_key)});
  return authority;
}

Keyring make_keyring(Timestamp now, Random& random) {
  Authority authority = make_authority(now, random);
  return {std::move(authority.root), std::move(authority.generations), {}, random};
}

Result<SecretBytes> read_test_secret(const std::string& path) { return SecretBytes::copy_of("secret of " + path); }

}  // namespace

const pki::PrivateKey& test_key(int number) {
  static std::map<int, pki::PrivateKey> keys;
  const auto place = keys.find(number);
  if (place != keys.end()) return place->second;
  return keys.emplace(number, pki::PrivateKey::generate({pki::KeyFamily::rsa, 2048}).value()).first->second;
}

TestHub::TestHub()
    : keyring(make_keyring(clock.now(), random)),
      context{ledger, keyring, endpoints, web_hook, clock, random, log},
      scep(context),
      crls(context, store, {}),
      editor(context, read_test_secret) {}

void TestHub::add_endpoint(std::string_view name, const std::vector<config::Setting>& settings) {
  const auto added = editor.add(name, settings, {"test"});
  ASSERT_TRUE(added) << added.error().text();
}

SecretBytes TestHub::mint(std::string_view endpoint, ca::ChallengeBinding binding) {
  auto minted = Challenges(context).mint({.endpoint = std::string(endpoint), .binding = std::move(binding)}, {"test"});
  EXPECT_TRUE(minted) << minted.error().text();
  return minted ? std::move(minted->text) : SecretBytes();
}

std::vector<std::string> TestHub::audit_actions() {
  std::vector<std::string> actions;
  for (const auto& [sequence, event] : ledger.contents().audit) actions.push_back(event.action);
  return actions;
}

std::vector<ca::CertificateRecord> TestHub::certificates() {
  std::vector<ca::CertificateRecord> all;
  for (const auto& [serial, row] : ledger.contents().certificates) all.push_back(row.record);
  return all;
}

TestDevice::TestDevice(TestHub& hub, const pki::PrivateKey& key)
    : hub_(hub), key_(key), self_signed_(self_signed(key, hub.clock.now())) {}

Bytes TestDevice::content_of(const Say& say) {
  const pki::Certificate& issuing = hub_.keyring.current().keys().issuing;
  if (say.type == scep::MessageType::cert_poll)
    return scep::write_issuer_and_subject(
        {.issuer_der = to_bytes(issuing.subject_der()), .subject_der = pki::Name::from_text(say.subject)->to_der()});
  if (say.type == scep::MessageType::get_cert || say.type == scep::MessageType::get_crl)
    return pki::write_issuer_and_serial(
        {.issuer_der = to_bytes((say.issuer != nullptr ? *say.issuer : issuing).subject_der()),
         .serial = certificate_ ? certificate_->serial() : pki::Serial::from_hex("77").value()});
  pki::RequestContent content{.subject = pki::Name::from_text(say.subject).value(),
                              .extensions = {},
                              .challenge_password = as_bytes(say.challenge)};
  if (!say.alternative_names.empty()) {
    std::vector<pki::GeneralName> names;
    for (const std::string& text : say.alternative_names) names.push_back(pki::general_name_from_text(text).value());
    content.extensions.push_back(pki::make_subject_alternative_name(names, false));
  }
  const pki::PrivateKey& key = say.request_key != nullptr ? *say.request_key : key_;
  return pki::make_request(content, key, key.default_algorithm()).value();
}

Bytes TestDevice::request_message(const Say& say) {
  const Bytes content = content_of(say);
  return scep::make_request_message({.type = say.type,
                                     .transaction_id = scep::TransactionId::from_text(say.transaction_id),
                                     .sender_nonce = {hub_.random.bytes(16)},
                                     .content = content,
                                     .recipient = hub_.keyring.current().keys().ra,
                                     .cipher = say.cipher,
                                     .digest = say.digest},
                                    {signer(), key_}, hub_.random)
      .value();
}

Result<scep::Reply> TestDevice::say(std::string_view endpoint, const Say& say) {
  const Bytes message = request_message(say);
  const auto sent = scep::PkiMessage::parse(message);
  TRY(const Bytes answer, hub_.scep.pki_operation(endpoint, message, "192.0.2.7"));
  const std::vector<pki::Certificate> authority = {hub_.keyring.current().keys().ra};
  TRY(scep::Reply reply, scep::read_reply(answer,
                                          {.transaction_id = sent->transaction_id(),
                                           .sender_nonce = *sent->sender_nonce(),
                                           .authority = authority,
                                           .requester = {signer(), key_},
                                           .password = as_bytes(say.challenge),
                                           .least_digest = pki::Digest::md5,
                                           .least_cipher = pki::Cipher::des},
                                          hub_.random));
  if (const auto* granted = std::get_if<scep::Granted>(&reply);
      granted != nullptr && say.type != scep::MessageType::get_crl) {
    const pki::PrivateKey& key = say.request_key != nullptr ? *say.request_key : key_;
    TRY(certificate_, scep::find_issued(granted->bundle, key.public_key()));
  }
  return reply;
}

std::string to_text(const Result<scep::Reply>& reply) {
  if (!reply) return "error: " + reply.error().text();
  if (std::holds_alternative<scep::Granted>(*reply)) return "granted";
  if (std::holds_alternative<scep::Pending>(*reply)) return "pending";
  const auto& rejected = std::get<scep::Rejected>(*reply);
  return fmt::format("{}: {}", scep::to_string(rejected.info), rejected.text);
}

}  // namespace chancery::hub
