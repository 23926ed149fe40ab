#include "hub/scep_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "ca/crl_signing.h"
#include "hub/algorithm_rules.h"
#include "hub/certificate_chain.h"
#include "hub/renewal.h"
#include "scep/capabilities.h"

namespace chancery::hub {
namespace {

using scep::FailInfo;
using scep::MessageType;

// The same words for everything that can be wrong inside the envelope (docs/threat-model.md).
Refusal unreadable() { return {.info = FailInfo::bad_message_check, .text = "the message could not be read"}; }

// A certificate may be fetched by whoever holds its key, and by a device that this authority knows.
Result<bool> may_fetch(Context& context, const scep::PkiMessage& message, const ca::CertificateRecord& wanted) {
  if (equal(message.signer_key().fingerprint(), wanted.key_fingerprint)) return true;
  TRY(const auto own, find_own_certificate(context, message.signer()));
  const Timestamp now = context.clock.now();
  if (!own || own->state != ca::CertificateRecord::State::issued || !own->validity.contains(now)) return false;
  std::optional<std::string> shut_out;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    TRY(shut_out, shut_out_by_later(books, own->serial));
    return {};
  }));
  return !shut_out;
}

Refusal for_another() {
  return {.info = FailInfo::bad_message_check,
          .text = "the message is not encrypted to the RA's certificate, the first one that GetCACert gives"};
}

// The generation whose issuing CA has that name, or whose RA: some clients name the certificate that they check replies
// with as the issuer, and no RA issues anything else that could be meant.
const WorkingGeneration* named(const Context& context, ByteView issuer_der) {
  if (const WorkingGeneration* issuer = context.keyring.for_issuer(issuer_der)) return issuer;
  const auto all = context.keyring.all();
  const auto found = std::ranges::find_if(
      all, [&](const WorkingGeneration* each) { return equal(each->keys().ra.subject_der(), issuer_der); });
  return found == all.end() ? nullptr : *found;
}

}  // namespace

Result<const Endpoint*> ScepService::find(std::string_view name) const {
  const Endpoint* endpoint = context_.endpoints.find(name);
  if (endpoint == nullptr || !endpoint->enabled) return not_found(fmt::format("there is no SCEP endpoint '{}'", name));
  return endpoint;
}

Result<std::string> ScepService::capabilities(std::string_view name) const {
  TRY(const Endpoint* endpoint, find(name));
  return scep::to_text({.aes = true,
                        .des3 = endpoint->allow_3des_sha1,
                        .get_next_ca_cert = context_.keyring.next() != nullptr,
                        .post = true,
                        .renewal = endpoint->renewal,
                        .sha1 = endpoint->allow_3des_sha1,
                        .sha256 = true,
                        .sha384 = true,
                        .sha512 = true,
                        .scep_standard = true});
}

namespace {

// RA first: clients without a look at keyUsage encrypt to the first certificate. Then the issuing CA, then all that
// lead from it to its root.
std::vector<Bytes> chain_of(const Endpoint& endpoint, const WorkingGeneration& generation,
                            const pki::Certificate& root) {
  const ca::Generation& keys = generation.keys();
  std::vector<Bytes> certificates = {to_bytes(keys.ra.der()), to_bytes(keys.issuing.der())};
  if (endpoint.ca_chain != CaChain::issuing_and_root) return certificates;
  for (const pki::Certificate& authority : keys.between) certificates.push_back(to_bytes(authority.der()));
  if (!equal(root.der(), keys.issuing.der())) certificates.push_back(to_bytes(root.der()));
  return certificates;
}

}  // namespace

Result<scep::CaCertificatesReply> ScepService::ca_certificates(std::string_view name) const {
  TRY(const Endpoint* endpoint, find(name));
  return scep::make_ca_certificates(chain_of(*endpoint, context_.keyring.current(), context_.keyring.root()));
}

Result<Bytes> ScepService::next_ca_certificates(std::string_view name) const {
  TRY(const Endpoint* endpoint, find(name));
  const WorkingGeneration* next = context_.keyring.next();
  if (next == nullptr) return not_found("no rollover is planned");
  return scep::make_next_ca_certificates(chain_of(*endpoint, *next, context_.keyring.root()),
                                         context_.keyring.current().announcer());
}

Result<Bytes> ScepService::pki_operation(std::string_view name, ByteView ber, std::string_view source) {
  TRY(const Endpoint* endpoint, find(name));
  const auto message = scep::PkiMessage::parse(ber);
  if (!message) {
    ++counters_.unreadable;
    return std::unexpected(message.error());
  }
  auto answered = answer({.endpoint = *endpoint, .message = *message, .source = source});
  if (!answered) {
    ++counters_.unavailable;
    context_.log.error(
        "SCEP message could not be answered",
        {{"endpoint", endpoint->name}, {"source", std::string(source)}, {"error", answered.error().text()}});
  }
  return answered;
}

// Cheap checks come before the private key is used: algorithms, type, time, then the signature, then the envelope.
Result<Bytes> ScepService::answer(const Exchange& exchange) {
  const auto& [endpoint, message, source] = exchange;
  const auto& envelope = message.envelope();
  const WorkingGeneration* addressed = envelope ? context_.keyring.for_envelope(*envelope) : nullptr;
  const WorkingGeneration& generation = addressed != nullptr ? *addressed : context_.keyring.current();

  // What is refused for its algorithms is not answered with them either: the RA key signs with SHA-256.
  if (const auto refusal = refuse_algorithms(endpoint, message)) {
    scep::ReplyTo to = scep::ReplyTo::of(message);
    to.digest = pki::Digest::sha256;
    return refuse(exchange, to, *refusal, generation);
  }
  if (!message.type()) return refuse(exchange, {.text = message.type().error().text()}, generation);
  const MessageType type = *message.type();
  // Its client would wait for a recipientNonce that the reply cannot have (RFC 8894 section 3.2.1.5).
  if (const Status& nonce = message.nonce_status(); !nonce)
    return refuse(exchange, {.text = nonce.error().text()}, generation);
  if (type == MessageType::cert_rep) return refuse(exchange, {.text = "a CertRep is not a request"}, generation);
  if (const Status verified = message.verify(); !verified)
    return refuse(exchange, {.info = FailInfo::bad_message_check, .text = "the signature of the message is wrong"},
                  generation);
  if (endpoint.signing_time_tolerance.count() > 0 && message.signing_time() &&
      std::chrono::abs(*message.signing_time() - context_.clock.now()) > endpoint.signing_time_tolerance)
    return refuse(exchange, {.info = FailInfo::bad_time, .text = "the signingTime is too far from the server's time"},
                  generation);

  // RFC 8894 section 3.3.3: the transaction is known by its transactionID; the envelope need not be opened.
  if (type == MessageType::cert_poll) return poll(exchange, generation);

  // Who the message is for stands in the clear, so to say so tells nobody anything new.
  if (addressed == nullptr) return refuse(exchange, envelope ? for_another() : unreadable(), generation);
  const auto content = scep::open_request(message, generation.ra(), context_.random);
  if (!content) return refuse(exchange, unreadable(), generation);
  if (const auto* request = std::get_if<pki::CertificateRequest>(&*content))
    return enrol(exchange, *request, generation);
  const auto& wanted = std::get<pki::IssuerAndSerial>(*content);
  if (type == MessageType::get_cert) return get_certificate(exchange, wanted, generation);
  return get_crl(exchange, wanted, generation);
}

// RFC 8894 section 5.1: the envelope says which generation issues, so that a device can ask the next one before it is
// current. One that is not current any more still answers, and leaves the issuing to the current one.
const WorkingGeneration& ScepService::issuer_for(const WorkingGeneration& addressed) const {
  const WorkingGeneration& current = context_.keyring.current();
  return addressed.number() < current.number() ? current : addressed;
}

Result<Bytes> ScepService::enrol(const Exchange& exchange, const pki::CertificateRequest& request,
                                 const WorkingGeneration& generation) {
  const auto& [endpoint, message, source] = exchange;
  if (const auto refusal = refuse_request_signature(endpoint, request)) return refuse(exchange, *refusal, generation);
  // Nothing may be issued that could not be sent: found out before, not after.
  if (!message.signer_key().can_encrypt() && request.challenge_password().empty())
    return refuse(
        exchange,
        {.info = FailInfo::bad_alg,
         .text = "the reply cannot be encrypted to this key: send a challengePassword, it serves as the password"},
        generation);
  TRY(Outcome outcome, enrolment_.submit({.endpoint = endpoint,
                                          .generation = issuer_for(generation),
                                          .message = message,
                                          .request = request,
                                          .type = *message.type(),
                                          .source = std::string(source)}));
  return reply(exchange, std::move(outcome), request.challenge_password().view(), generation);
}

Result<Bytes> ScepService::poll(const Exchange& exchange, const WorkingGeneration& generation) {
  const auto& [endpoint, message, source] = exchange;
  TRY(PollOutcome polled, enrolment_.poll({.endpoint = endpoint, .message = message, .source = std::string(source)}));
  return reply(exchange, std::move(polled.outcome), polled.password.view(), generation);
}

Result<Bytes> ScepService::get_certificate(const Exchange& exchange, const pki::IssuerAndSerial& wanted,
                                           const WorkingGeneration& generation) {
  const Refusal unknown{.info = FailInfo::bad_cert_id, .text = "no such certificate for this key"};
  if (named(context_, wanted.issuer_der) == nullptr) return refuse(exchange, unknown, generation);
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(record, books.certificates().find(wanted.serial));
    return {};
  }));
  if (!record || record->der.empty()) return refuse(exchange, unknown, generation);
  TRY(const bool permitted, may_fetch(context_, exchange.message, *record));
  if (!permitted) return refuse(exchange, unknown, generation);
  TRY(pki::Certificate certificate, pki::Certificate::from_der(record->der));
  return reply(exchange, Issued{std::move(certificate)}, {}, generation);
}

Result<Bytes> ScepService::get_crl(const Exchange& exchange, const pki::IssuerAndSerial& wanted,
                                   const WorkingGeneration& generation) {
  const WorkingGeneration* issuer = named(context_, wanted.issuer_der);
  const bool of_root = issuer == nullptr && equal(wanted.issuer_der, context_.keyring.root().subject_der());
  const Refusal unknown{.info = FailInfo::bad_cert_id, .text = "that issuer is not this authority"};
  if (issuer == nullptr && !of_root) return refuse(exchange, unknown, generation);
  std::optional<ca::CrlRecord> crl;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(crl, books.crls().latest(of_root ? ca::root_crl : issuer->number()));
    return {};
  }));
  // A root whose key is kept elsewhere has its CRLs there.
  if (!crl && of_root) return refuse(exchange, unknown, generation);
  if (!crl) return unavailable("no CRL was made yet");
  return grant(exchange, {.crls = {std::move(crl->der)}}, {}, generation);
}

Result<Bytes> ScepService::reply(const Exchange& exchange, Outcome outcome, ByteView password,
                                 const WorkingGeneration& generation) {
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) return refuse(exchange, *refusal, generation);
  if (std::holds_alternative<Waiting>(outcome)) {
    ++counters_.pending;
    return scep::make_pending(scep::ReplyTo::of(exchange.message), generation.ra(), context_.random);
  }
  const pki::Certificate& certificate = std::get<Issued>(outcome).certificate;
  pki::Bundle bundle{.certificates = {to_bytes(certificate.der())}};
  if (exchange.endpoint.chain_in_reply)
    if (const WorkingGeneration* issuer = context_.keyring.for_issuer(certificate.issuer_der())) {
      bundle.certificates.push_back(to_bytes(issuer->keys().issuing.der()));
      for (const pki::Certificate& authority : issuer->keys().between)
        bundle.certificates.push_back(to_bytes(authority.der()));
    }
  return grant(exchange, bundle, password, generation);
}

Result<Bytes> ScepService::grant(const Exchange& exchange, const pki::Bundle& bundle, ByteView password,
                                 const WorkingGeneration& generation) {
  if (!exchange.message.signer_key().can_encrypt() && password.empty())
    return refuse(exchange, {.info = FailInfo::bad_alg, .text = "the reply cannot be encrypted to this key"},
                  generation);
  const scep::ReplyTo to = scep::ReplyTo::of(exchange.message);
  TRY(Bytes sent, scep::make_success({.to = to,
                                      .bundle = bundle,
                                      .requester = exchange.message.signer(),
                                      .requester_key = exchange.message.signer_key(),
                                      .password = password},
                                     generation.ra(), context_.random));
  ++counters_.granted;
  return sent;
}

Result<Bytes> ScepService::refuse(const Exchange& exchange, const Refusal& refusal,
                                  const WorkingGeneration& generation) {
  return refuse(exchange, scep::ReplyTo::of(exchange.message), refusal, generation);
}

Result<Bytes> ScepService::refuse(const Exchange& exchange, const scep::ReplyTo& to, const Refusal& refusal,
                                  const WorkingGeneration& generation) {
  ++counters_.failed.at(static_cast<std::size_t>(refusal.info));
  const std::string subject = exchange.message.signer().subject().to_text();
  context_.log.info("SCEP request refused", {{"failInfo", std::string(scep::to_string(refusal.info))},
                                             {"reason", refusal.text},
                                             {"subject", subject},
                                             {"transaction", exchange.message.transaction_id().to_text()}});
  refusals_.record({.endpoint = exchange.endpoint.name,
                    .source = std::string(exchange.source),
                    .subject = subject,
                    .refusal = refusal});
  return scep::make_failure(to, refusal.info, refusal.text, generation.ra(), context_.random);
}

}  // namespace chancery::hub
