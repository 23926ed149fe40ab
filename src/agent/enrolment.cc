#include "agent/enrolment.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/certificate_check.h"

namespace chancery::agent {
namespace {

constexpr std::size_t secret_size = 16;  // 128 bits, of a generated password
constexpr std::chrono::hours renewal_patience{24};

// A key that cannot decrypt gets its reply under the challengePassword (RFC 8894 section 3.1). Without a challenge, one
// is made up for that purpose.
SecretBytes password_for(const pki::PublicKey& signer_key, ByteView challenge, Random& random) {
  if (!challenge.empty() || signer_key.can_encrypt()) return SecretBytes::copy_of(challenge);
  SecretBytes octets(secret_size);
  random.fill(octets.mutable_view());
  std::string text = to_hex(octets.view());
  SecretBytes password = SecretBytes::copy_of(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return password;
}

struct RequestPlan {
  const pki::Name& subject;
  const std::vector<pki::GeneralName>& alternative_names;
  ByteView challenge;
};

Result<SecretBytes> make_request(const RequestPlan& plan, const pki::PrivateKey& key) {
  pki::RequestContent content{.subject = plan.subject, .extensions = {}, .challenge_password = plan.challenge};
  if (!plan.alternative_names.empty())
    content.extensions.push_back(pki::make_subject_alternative_name(plan.alternative_names, plan.subject.empty()));
  TRY_IN("making the certification request", Bytes der, pki::make_request(content, key, key.default_algorithm()));
  return SecretBytes(std::move(der));
}

bool is_for(const PendingEnrolment& pending, const pki::CertificateRequest& request, const EnrolmentOrder& order) {
  return !is_renewal(pending) && pending.source.url == order.source.url &&
         equal(pending.source.fingerprint, order.source.fingerprint) &&
         equal(request.subject_der(), order.subject.to_der()) && pending.key.spec() == order.key &&
         pki::same_names(request.subject_alternative_names(), order.alternative_names);
}

// A challenge that is not given now is the one before.
bool has_challenge(const pki::CertificateRequest& request, ByteView given) {
  return given.empty() || equal(request.challenge_password().view(), given);
}

Result<std::optional<PendingEnrolment>> drop(CredentialFolder& folder) {
  TRY_STATUS_IN("forgetting the request that is pending", folder.finish());
  return std::nullopt;
}

}  // namespace

bool is_installed(const PendingEnrolment& pending, const Credential& active) {
  return active.key.public_key() == pending.key.public_key() && !equal(active.certificate.der(), pending.signer.der());
}

bool is_renewal(const PendingEnrolment& pending) { return !pending.signer.signed_by(pending.key.public_key()); }

Result<pki::Certificate> make_signer(const pki::PrivateKey& key, const pki::Name& subject, Timestamp now,
                                     Random& random) {
  pki::Serial serial{random.bytes(secret_size)};
  serial.octets[0] = static_cast<std::uint8_t>((serial.octets[0] & 0x3f) | 0x40);  // positive, no leading zero
  const pki::Validity validity{.not_before = now - std::chrono::hours(1), .not_after = now + std::chrono::days(365)};
  TRY_IN("making a self-signed certificate", pki::Certificate certificate,
         pki::make_transport_certificate(key, subject, validity, serial));
  return certificate;
}

Result<PendingEnrolment> Enrolment::keep(PendingEnrolment pending) {
  TRY_STATUS_IN("keeping the pending enrolment", folder_.begin(pending));
  return pending;
}

Result<std::optional<PendingEnrolment>> Enrolment::resume(const EnrolmentOrder& order) {
  TRY(auto pending, folder_.pending());
  if (!pending) return std::nullopt;
  TRY_IN("the pending request", const auto request, pki::CertificateRequest::from_der(pending->request.view()));
  if (!is_for(*pending, request, order)) {
    if (pending->last_answer == LastAnswer::rejected) return drop(folder_);
    return conflict(fmt::format(
        "another {} is pending here since {}, for '{}' at {}: continue it with 'poll', or drop it with --start-over",
        is_renewal(*pending) ? "renewal" : "enrolment", to_rfc3339(pending->started), request.subject().to_text(),
        pending->source.url));
  }
  TRY(const std::optional<Credential> active, folder_.active());
  if ((active && is_installed(*pending, *active)) || has_challenge(request, order.challenge.view())) return pending;
  TRY(PendingEnrolment replaced, replace_request(*std::move(pending), order));
  return replaced;
}

// On the same key, so that the server can tell that it is the same device. A request that differs needs a transactionID
// of its own (RFC 8894 section 3.2.1.1), and what the server says to it is independent of what it said before.
Result<PendingEnrolment> Enrolment::replace_request(PendingEnrolment pending, const EnrolmentOrder& order) {
  TRY(pending.request,
      make_request(
          {.subject = order.subject, .alternative_names = order.alternative_names, .challenge = order.challenge.view()},
          pending.key));
  pending.transaction_id = scep::TransactionId::from_text(to_hex(random_.bytes(secret_size)));
  pending.started = clock_.now();
  pending.last_answer = LastAnswer::none;
  TRY_STATUS_IN("forgetting the request that is pending", folder_.finish());
  return keep(std::move(pending));
}

Result<PendingEnrolment> Enrolment::begin(const EnrolmentOrder& order) {
  TRY(pki::PrivateKey key, make_key(options_.keys, order.key));
  TRY(pki::Certificate signer, make_signer(key, order.subject, clock_.now(), random_));
  const SecretBytes password = password_for(key.public_key(), order.challenge.view(), random_);
  TRY(SecretBytes request,
      make_request(
          {.subject = order.subject, .alternative_names = order.alternative_names, .challenge = password.view()}, key));
  scep::TransactionId transaction_id = scep::transaction_id_for(key.public_key());
  return keep({.type = scep::MessageType::pkcs_request,
               .transaction_id = std::move(transaction_id),
               .key = std::move(key),
               .signer = std::move(signer),
               .request = std::move(request),
               .source = order.source,
               .started = clock_.now()});
}

Result<PendingEnrolment> Enrolment::begin_renewal(const Credential& active, const RenewalOrder& order) {
  const pki::Certificate& old = active.certificate;
  if (!order.grace && clock_.now() > old.validity().not_after)
    return refused(fmt::format("the certificate ended on {} and cannot renew itself any more: enroll again",
                               to_rfc3339(old.validity().not_after)));
  const pki::KeySpec spec = order.key.value_or(active.key.spec());
  const bool reuse_key = order.reuse_key && spec == active.key.spec();
  TRY(pki::PrivateKey key, reuse_key ? active.key.share() : make_key(options_.keys, spec));
  const SecretBytes password = password_for(active.key.public_key(), order.challenge.view(), random_);
  TRY(SecretBytes request, make_request({.subject = old.subject(),
                                         .alternative_names = old.subject_alternative_names(),
                                         .challenge = password.view()},
                                        key));
  // The transaction of a key that is used again is another one than the first.
  scep::TransactionId transaction_id = reuse_key ? scep::TransactionId::from_text(to_hex(random_.bytes(secret_size)))
                                                 : scep::transaction_id_for(key.public_key());
  return keep(
      {.type = order.server_offers_renewal ? scep::MessageType::renewal_request : scep::MessageType::pkcs_request,
       .transaction_id = std::move(transaction_id),
       .key = std::move(key),
       .signer = old,
       .request = std::move(request),
       .source = order.source,
       .started = clock_.now()});
}

Status Enrolment::as_signed_request(PendingEnrolment& pending) {
  const Bytes digest = pki::hash(pki::Digest::sha256, pending.transaction_id.octets);
  return send_as(pending, scep::MessageType::pkcs_request,
                 scep::TransactionId::from_text(to_hex(ByteView(digest).first(secret_size))));
}

Status Enrolment::as_renewal_request(PendingEnrolment& pending, scep::TransactionId transaction_id) {
  return send_as(pending, scep::MessageType::renewal_request, std::move(transaction_id));
}

Status Enrolment::send_as(PendingEnrolment& pending, scep::MessageType type, scep::TransactionId transaction_id) {
  TRY_STATUS_IN("keeping the pending enrolment", folder_.send_as(type, transaction_id));
  pending.type = type;
  pending.transaction_id = std::move(transaction_id);
  pending.last_answer = LastAnswer::none;
  return {};
}

bool Enrolment::is_renewal_request_disliked(const PendingEnrolment& pending) const {
  const bool polled = pending.last_answer == LastAnswer::pending;
  return pending.type == scep::MessageType::renewal_request && !polled && client_.was_disliked();
}

bool Enrolment::is_unanswered(const PendingEnrolment& pending) const {
  return pending.last_answer == LastAnswer::none && !client_.was_answered();
}

Result<scep::Reply> Enrolment::ask(const PendingEnrolment& pending, const pki::CertificateRequest& request,
                                   const pki::PrivateKey& signing_key, const Authority& authority) {
  Bytes names;
  const bool polls = pending.last_answer == LastAnswer::pending;
  if (polls)
    names = scep::write_issuer_and_subject(
        {.issuer_der = to_bytes(authority.issuer().subject_der()), .subject_der = to_bytes(request.subject_der())});
  return client_.exchange({.type = polls ? scep::MessageType::cert_poll : pending.type,
                           .transaction_id = pending.transaction_id,
                           .content = polls ? ByteView(names) : pending.request.view(),
                           .authority = authority.certificates,
                           .requester = {pending.signer, signing_key},
                           .password = request.challenge_password().view()});
}

Result<Outcome> Enrolment::install(const PendingEnrolment& pending, const pki::CertificateRequest& request,
                                   const pki::Bundle& bundle, const Authority& authority) {
  TRY(const pki::Certificate certificate, scep::find_issued(bundle, pending.key.public_key()));
  if (equal(certificate.der(), pending.signer.der()))
    return refused("the server sent the certificate that is to be replaced");
  TRY(std::vector<pki::Certificate> path,
      check_issued(certificate, {.request = request,
                                 .authority = authority,
                                 .bundle = bundle,
                                 .now = clock_.now(),
                                 .accept_changed_names = options_.accept_changed_names,
                                 .floor = options_.floor}));
  path.erase(path.begin());
  if (!path.empty() && path.back().self_issued()) path.pop_back();
  TRY_STATUS_IN("storing the certificate", folder_.activate({.key = pending.key,
                                                             .certificate = certificate,
                                                             .chain = std::move(path),
                                                             .authorities = authority.authorities(),
                                                             .source = pending.source}));
  TRY_STATUS_IN("the certificate is in use, but tidying up failed", folder_.finish());
  return Installed{certificate};
}

Result<Outcome> Enrolment::advance(PendingEnrolment& pending, const Authority& authority) {
  TRY(const std::optional<Credential> active, folder_.active());
  if (active && is_installed(pending, *active)) {
    TRY_STATUS(folder_.finish());
    return Installed{active->certificate};
  }
  const pki::PrivateKey* signing_key = &pending.key;
  if (!equal(pending.signer.spki(), pending.key.public_key().spki())) {
    if (!active || !equal(active->certificate.der(), pending.signer.der()))
      return conflict(
          "the certificate that the pending renewal is to replace is not in use any more: renew with --start-over");
    signing_key = &active->key;
  }
  TRY_IN("the pending request", const auto request, pki::CertificateRequest::from_der(pending.request.view()));
  TRY(const scep::Reply reply, ask(pending, request, *signing_key, authority));
  if (const auto* granted = std::get_if<scep::Granted>(&reply))
    return install(pending, request, granted->bundle, authority);
  const auto* rejected = std::get_if<scep::Rejected>(&reply);
  const LastAnswer answer = rejected != nullptr ? LastAnswer::rejected : LastAnswer::pending;
  if (pending.last_answer != answer) {
    TRY_STATUS_IN("keeping the pending enrolment", folder_.mark(answer));
    pending.last_answer = answer;
  }
  if (rejected != nullptr) return *rejected;
  return AwaitingApproval{};
}

Result<std::optional<PendingEnrolment>> resume_renewal(CredentialFolder& folder, const Credential& active,
                                                       ByteView challenge, Timestamp now) {
  TRY(auto pending, folder.pending());
  if (!pending) return std::nullopt;
  const bool rejected = pending->last_answer == LastAnswer::rejected;
  if (!is_renewal(*pending)) {
    if (rejected) return drop(folder);
    return conflict("an enrolment is pending here: continue it with 'poll', or drop it with --start-over");
  }
  if (is_installed(*pending, active)) return pending;
  const bool of_active = equal(active.certificate.der(), pending->signer.der());
  const pki::Validity& validity = active.certificate.validity();
  const Seconds patience = std::min<Seconds>(renewal_patience, (validity.not_after - validity.not_before) / 10);
  if (rejected && (!of_active || now - pending->started >= patience)) return drop(folder);
  TRY_IN("the pending request", const auto request, pki::CertificateRequest::from_der(pending->request.view()));
  if (of_active && !has_challenge(request, challenge)) return drop(folder);
  return pending;
}

}  // namespace chancery::agent
