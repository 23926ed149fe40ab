#include "agent/fake_authority_testing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "scep/get_message.h"
#include "testing/vectors.h"

namespace chancery::agent {
namespace {

pki::PrivateKey key_from(const std::string& pem) { return pki::PrivateKey::from_pem(pem).value(); }

std::string pem_of(const pki::PrivateKey& key) {
  const SecretBytes pem = key.to_plain_pem().value();
  return std::string(as_text(pem.view()));
}

Error struck() { return {ErrorCode::unavailable, "the test switched the device off"}; }

}  // namespace

bool Fault::due(bool after) {
  if (left_ == 0) return false;
  // Each step asks twice, before and after: it is counted the first time.
  if (!after && --left_ > 0) return false;
  if (!after && !after_) {
    struck_ = true;
    return true;
  }
  if (!after) {
    left_ = -1;  // strikes when asked again
    return false;
  }
  if (left_ != -1) return false;
  left_ = 0;
  struck_ = true;
  return true;
}

TestParty test_party(std::string_view name) {
  const std::string file(name);
  return {key_from(std::string(as_text(testing::read_vector("scep/keys/" + file + ".test-key.pem")))),
          pki::Certificate::from_der(testing::read_vector("scep/authority/" + file + ".der")).value()};
}

FakeAuthority::FakeAuthority(Clock& clock, Random& random)
    : root(test_party("root")), ca(test_party("ca")), ra(test_party("ra")), clock_(clock), random_(random) {
  for (const TestParty* party : {&ra, &ca, &root}) certificates.push_back(to_bytes(party->certificate.der()));
}

Result<TransportReply> FakeAuthority::get(std::string_view operation, std::string_view message) {
  if (operation == "PKIOperation") {
    TRY(const Bytes decoded, scep::decode_get_message(message));
    return operate("GET", decoded);
  }
  seen.push_back(fmt::format("GET {}", operation));
  TransportReply reply{.status = status.value_or(200), .body = {}};
  if (reply.status != 200) return reply;
  if (operation == "GetCACaps") reply.body = to_bytes(as_bytes(capabilities));
  if (operation == "GetCACert") reply.body = scep::make_ca_certificates(certificates).body;
  if (operation == "GetNextCACert") {
    TRY(reply.body, scep::make_next_ca_certificates(certificates, ra.identity()));
  }
  return reply;
}

Result<TransportReply> FakeAuthority::post(ByteView message) { return operate("POST", message); }

Result<TransportReply> FakeAuthority::operate(std::string_view method, ByteView ber) {
  if (fault != nullptr && fault->strikes_before()) return std::unexpected(struck());
  const auto message = scep::PkiMessage::parse(ber);
  if (!message || !message->type() || !message->verify() || !message->envelope())
    return TransportReply{.status = 400, .body = to_bytes(as_bytes("unreadable"))};
  seen.push_back(fmt::format("{} {}", method, scep::to_string(*message->type())));
  if (status) return TransportReply{.status = *status, .body = {}};
  if (const auto other = status_for ? status_for(*message->type()) : std::nullopt)
    return TransportReply{.status = *other, .body = {}};
  TRY(const auto content, scep::open_request(*message, ra.identity(), random_));
  TRY(Bytes body, answer(*message, content));
  if (provoked) {
    TRY(body, fail(*message, provoked->info, provoked->text));
  }
  if (fault != nullptr && fault->strikes_after()) return std::unexpected(struck());
  if (provoked_status) return TransportReply{.status = *provoked_status, .body = {}};
  return TransportReply{.status = 200, .body = std::move(body)};
}

Result<Bytes> FakeAuthority::answer(const scep::PkiMessage& message, const scep::RequestContent& content) {
  if (*message.type() == scep::MessageType::get_crl) return give_crl(message);
  if (const auto* request = std::get_if<pki::CertificateRequest>(&content)) return enrol(message, *request);
  const auto known = transactions_.find(message.transaction_id().to_text());
  if (known == transactions_.end()) return fail(message, scep::FailInfo::bad_cert_id, "no such transaction");
  return conclude(message, known->second);
}

Result<Bytes> FakeAuthority::enrol(const scep::PkiMessage& message, const pki::CertificateRequest& request) {
  last_request = pki::CertificateRequest::from_der(request.der()).value();
  if (reject) return fail(message, reject->info, reject->text);
  const bool by_its_certificate = !message.signer().self_issued();
  if ((refuse && refuse(*message.type())) || (refuse_signers && by_its_certificate))
    return fail(message, scep::FailInfo::bad_request, "no");
  Transaction& transaction = transactions_[message.transaction_id().to_text()];
  if (transaction.request.empty()) transaction.request = to_bytes(request.der());
  if (!equal(transaction.request, request.der()))
    return fail(message, scep::FailInfo::bad_request, "another request has this transactionID");
  return conclude(message, transaction);
}

Result<Bytes> FakeAuthority::conclude(const scep::PkiMessage& message, Transaction& transaction) {
  if (!approved) return scep::make_pending(reply_to(message), replier().identity(), random_);
  if (reject) return fail(message, reject->info, reject->text);
  const auto request = pki::CertificateRequest::from_der(transaction.request).value();
  if (transaction.certificate.empty()) {
    const TestParty& by = issuer != nullptr ? *issuer : ca;
    pki::CertificateContent content{
        .serial = {Bytes{static_cast<std::uint8_t>(issued.size() + 1)}},
        .issuer_der = to_bytes(by.certificate.subject_der()),
        .subject_der = to_bytes(request.subject_der()),
        .validity = {clock_.now() - std::chrono::hours(1), clock_.now() + std::chrono::days(100)},
        .spki = to_bytes(request.public_key().spki()),
        .extensions = request.extensions()};
    if (change_certificate) change_certificate(content);
    const pki::SignatureAlgorithm algorithm{.family = pki::KeyFamily::rsa, .digest = certificate_digest};
    TRY(transaction.certificate, pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, by.key));
    issued.push_back(transaction.certificate);
  }
  return grant(message, {.certificates = {transaction.certificate}}, request.challenge_password().view());
}

Result<Bytes> FakeAuthority::give_crl(const scep::PkiMessage& message) {
  const TestParty& by = issuer != nullptr ? *issuer : ca;
  pki::CrlContent content{.issuer_der = to_bytes(ca.certificate.subject_der()),
                          .this_update = clock_.now() - std::chrono::hours(1),
                          .next_update = clock_.now() + std::chrono::days(7),
                          .number = 5,
                          .authority_key_identifier = {},
                          .entries = {{.serial = {{9}}, .revoked_at = clock_.now() - std::chrono::hours(2)}}};
  if (change_crl) change_crl(content);
  TRY(Bytes crl, pki::make_crl(content, by.key, by.key.default_algorithm()));
  return grant(message, {.crls = {std::move(crl)}}, {});
}

Result<Bytes> FakeAuthority::grant(const scep::PkiMessage& message, pki::Bundle bundle, ByteView password) {
  if (change_bundle) change_bundle(bundle);
  const scep::ReplyTo to = reply_to(message);
  return scep::make_success({.to = to,
                             .bundle = bundle,
                             .requester = message.signer(),
                             .requester_key = message.signer_key(),
                             .password = password},
                            replier().identity(), random_);
}

Result<Bytes> FakeAuthority::fail(const scep::PkiMessage& message, scep::FailInfo info, std::string_view text) {
  return scep::make_failure(reply_to(message), info, text, replier().identity(), random_);
}

scep::ReplyTo FakeAuthority::reply_to(const scep::PkiMessage& message) const {
  scep::ReplyTo to = scep::ReplyTo::of(message);
  if (change_reply) change_reply(to);
  return to;
}

Status MemoryFolder::step(const std::function<void()>& work) {
  if (fault != nullptr && fault->strikes_before()) return std::unexpected(struck());
  work();
  if (fault != nullptr && fault->strikes_after()) return std::unexpected(struck());
  return {};
}

Result<std::optional<Credential>> MemoryFolder::active() {
  if (!active_) return std::nullopt;
  return active_();
}

Status MemoryFolder::activate(const NewCredential& credential) {
  return step([&] {
    active_ = [pem = pem_of(credential.key), certificate = credential.certificate, chain = credential.chain,
               authorities = credential.authorities, source = credential.source] {
      return Credential{key_from(pem), certificate, chain, authorities, source};
    };
  });
}

Result<std::optional<PendingEnrolment>> MemoryFolder::pending() {
  if (!pending_) return std::nullopt;
  PendingEnrolment pending = pending_();
  pending.last_answer = last_answer_;
  return pending;
}

Status MemoryFolder::begin(const PendingEnrolment& given) {
  if (pending_) return conflict("there is one already");
  return step([&] {
    last_answer_ = LastAnswer::none;
    pending_ = [type = given.type, id = given.transaction_id, pem = pem_of(given.key), signer = given.signer,
                request = to_bytes(given.request.view()), source = given.source, started = given.started] {
      return PendingEnrolment{type, id, key_from(pem), signer, SecretBytes::copy_of(request), source, started};
    };
  });
}

Status MemoryFolder::mark(LastAnswer answer) {
  return step([&] { last_answer_ = answer; });
}

Status MemoryFolder::send_as(scep::MessageType type, const scep::TransactionId& transaction_id) {
  return step([&] {
    last_answer_ = LastAnswer::none;
    pending_ = [before = std::move(pending_), type, transaction_id] {
      PendingEnrolment pending = before();
      pending.type = type;
      pending.transaction_id = transaction_id;
      return pending;
    };
  });
}

Status MemoryFolder::finish() {
  return step([&] { pending_ = nullptr; });
}

TestDevice::TestDevice() : server(clock, random) { clock.advance(std::chrono::days(10)); }

EnrolmentOrder TestDevice::order(std::string_view key) const {
  return {.subject = pki::Name::from_text("CN=device,O=Example").value(),
          .alternative_names = {pki::general_name_from_text("dns:device.example").value()},
          .key = pki::key_spec_from_text(key).value(),
          .challenge = SecretBytes::copy_of(challenge),
          .source = {.url = "http://ca.example/scep/test", .fingerprint = pin().fingerprint}};
}

Result<Outcome> TestDevice::advance(ScepClient& client, Enrolment& enrolment, PendingEnrolment& pending) {
  TRY(auto certificates, client.ca_certificates());
  TRY(const Authority authority, authenticate(std::move(certificates), pin(), clock.now()));
  return enrolment.advance(pending, authority);
}

Result<Outcome> TestDevice::enroll(const EnrolmentOrder& order) {
  ScepClient client(server, random, client_options);
  Enrolment enrolment(client, folder, clock, random, options);
  TRY(auto pending, enrolment.resume(order));
  if (!pending) {
    TRY(pending, enrolment.begin(order));
  }
  return advance(client, enrolment, *pending);
}

Result<Outcome> TestDevice::poll() {
  ScepClient client(server, random, client_options);
  Enrolment enrolment(client, folder, clock, random, options);
  TRY(auto pending, folder.pending());
  if (!pending) return not_found("nothing is pending");
  return advance(client, enrolment, *pending);
}

Result<Outcome> TestDevice::renew(bool reuse_key) {
  ScepClient client(server, random, client_options);
  Enrolment enrolment(client, folder, clock, random, options);
  TRY(const auto active, folder.active());
  TRY(auto pending, resume_renewal(folder, *active, as_bytes(renewal_challenge), clock.now()));
  if (!pending) {
    TRY(const auto capabilities, client.capabilities());
    TRY(pending, enrolment.begin_renewal(*active, {.reuse_key = reuse_key,
                                                   .server_offers_renewal = capabilities.renewal,
                                                   .challenge = SecretBytes::copy_of(renewal_challenge),
                                                   .source = active->source}));
  }
  return advance(client, enrolment, *pending);
}

std::string to_text(const Result<Outcome>& outcome) {
  if (!outcome) return "error: " + outcome.error().text();
  if (std::holds_alternative<Installed>(*outcome)) return "installed";
  if (std::holds_alternative<AwaitingApproval>(*outcome)) return "awaiting approval";
  const auto& rejected = std::get<scep::Rejected>(*outcome);
  return fmt::format("rejected: {}: {}", scep::to_string(rejected.info), rejected.text);
}

}  // namespace chancery::agent
