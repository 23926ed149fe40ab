#include "hub/enrolment.h"

#include <fmt/format.h>

#include <charconv>

#include "hub/admission.h"
#include "hub/certificate_chain.h"
#include "hub/renewal.h"
#include "pki/algorithms.h"

namespace chancery::hub {
namespace {

using State = TransactionRecord::State;

// Lint's findings about the key are the algorithms' fault; everything else is the request's.
Refusal refusal_of(const Error& error) {
  for (const std::string_view rule : {"weak-key:", "key-too-large:", "bad-key:", "key-type-not-allowed:"})
    if (error.text().starts_with(rule)) return {.info = scep::FailInfo::bad_alg, .text = error.text()};
  return {.text = error.text()};
}

// Whose transaction it is: the key's, but for a message signed with a certificate that certificate's. Clients that make
// the transactionID from their key renew with the same key under the same transactionID; some even with the same
// PKCS#10.
Bytes transaction_signer(const scep::PkiMessage& message) {
  return message.signer().self_issued() ? message.signer_key().fingerprint() : message.signer().fingerprint();
}

// Whether nothing more comes of it: it was rejected, or its certificate was revoked for good or has ended.
Result<bool> is_over(Books& books, const TransactionRecord& record, Timestamp now) {
  if (record.state != State::issued) return record.state == State::rejected;
  TRY(const pki::Serial serial, pki::Serial::from_hex(record.serial));
  TRY(const auto certificate, books.certificates().find(serial));
  if (!certificate) return false;
  const bool is_revoked = certificate->state == ca::CertificateRecord::State::revoked && !certificate->suspended();
  return is_revoked || certificate->validity.not_after < now;
}

// Clients that make the transactionID from their key cannot choose another one when they begin anew with that key.
// Where their transaction is over, another request goes by the transactionID and its own hash, so that each message of
// old is found again and has the answer of old.
Bytes later_transaction_id(ByteView transaction_id, std::string_view request_hash) {
  Bytes id = to_bytes(transaction_id);
  append(id, as_bytes("/"));
  append(id, as_bytes(request_hash));
  return id;
}

// The last transaction that goes by the transactionID of `key`: the key's newest, if it is one of these, or else
// `first`.
Result<std::optional<TransactionRecord>> last_of(Books& books, const TransactionKey& key,
                                                 std::optional<TransactionRecord> first) {
  TRY(auto newest, books.transactions().latest_for_key(key.endpoint, key.signer_key));
  const Bytes prefix = later_transaction_id(key.transaction_id, "");
  const bool follows = newest && newest->key.transaction_id.size() > prefix.size() &&
                       equal(ByteView(newest->key.transaction_id).first(prefix.size()), prefix);
  return follows ? std::move(newest) : std::move(first);
}

Refusal transaction_taken() { return {.text = "this transactionID is in use for another request"}; }

}  // namespace

// What to issue.
struct Enrolment::Order {
  const ca::Policy& policy;
  const ca::IssuanceRequest& wanted;
  std::optional<std::string> challenge_id;  // to be used up with the intent
  std::string replaces;                     // hex serial of the certificate that is renewed
  bool in_grace = false;                    // which had ended already
};

struct Enrolment::Entry {
  const Submission& submission;
  TransactionKey key;
  Bytes request_hash;
  Caller caller;
  ca::IssuanceRequest wanted;  // as the device asked; Issuer::prepare() applies the template
  pki::Name subject;           // what comes of it
};

Result<Outcome> Enrolment::submit(const Submission& submission) {
  ca::IssuanceRequest wanted = ca::IssuanceRequest::of(submission.request);
  // A PKCSReq signed with a certificate of ours is how clients renewed before RenewalReq existed.
  const bool renewal =
      submission.type == scep::MessageType::renewal_request || !submission.message.signer().self_issued();
  auto subject = ca::subject_for(submission.endpoint.policy, wanted.subject);
  if (!subject && !renewal) return refusal_of(subject.error());
  Entry entry{.submission = submission,
              .key = {.endpoint = submission.endpoint.name,
                      .signer_key = transaction_signer(submission.message),
                      .transaction_id = submission.message.transaction_id().octets},
              .request_hash = pki::hash(pki::Digest::sha256, submission.request.der()),
              .caller = {"scep " + submission.source},
              .wanted = std::move(wanted),
              .subject = subject ? *std::move(subject) : submission.request.subject()};
  const TransactionKey later = {
      .endpoint = entry.key.endpoint,
      .signer_key = entry.key.signer_key,
      .transaction_id = later_transaction_id(entry.key.transaction_id, to_hex(entry.request_hash))};
  std::optional<TransactionRecord> known;
  bool over = false;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    over = false;
    TRY(known, books.transactions().find(entry.key));
    if (known && equal(known->request_hash, entry.request_hash)) return {};
    TRY(auto asked_before, books.transactions().find(later));
    if (asked_before) known = std::move(asked_before);
    if (!known || equal(known->request_hash, entry.request_hash)) return {};
    TRY(known, last_of(books, entry.key, std::move(known)));
    TRY(over, is_over(books, *known, context_.clock.now()));
    return {};
  }));
  if (known && !over) return replay(entry, *known);
  if (known) entry.key = later;
  return renewal ? renew(entry) : first(entry);
}

Result<Outcome> Enrolment::replay(const Entry& entry, const TransactionRecord& record) {
  if (!equal(record.request_hash, entry.request_hash)) return transaction_taken();
  return outcome_of(record, entry.caller);
}

Result<Outcome> Enrolment::outcome_of(const TransactionRecord& record, const Caller& caller) {
  if (record.state == State::pending) return Waiting{};
  if (record.state == State::rejected)
    return Refusal{.info = static_cast<scep::FailInfo>(record.fail_info), .text = record.reason};
  TRY(const pki::Serial serial, pki::Serial::from_hex(record.serial));
  std::optional<ca::CertificateRecord> certificate;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(certificate, books.certificates().find(serial));
    return {};
  }));
  if (!certificate) return internal("the certificate of this transaction is not in the ledger");
  if (certificate->suspended()) return Refusal{.text = "the certificate of this transaction is suspended"};
  if (certificate->state == ca::CertificateRecord::State::revoked)
    return Refusal{.text = "the certificate of this transaction was revoked; start a new transaction"};
  if (certificate->validity.not_after < context_.clock.now())
    return Refusal{.text = "the certificate of this transaction has expired; start a new transaction"};
  TRY(pki::Certificate issued, issuance_.complete(*certificate, used_by_request(record.id), caller));
  return Issued{std::move(issued)};
}

Result<Outcome> Enrolment::first(const Entry& entry) {
  const Submission& submission = entry.submission;
  // The outer signature proves possession of the key only if it is the key to be certified; else somebody could put
  // another's request into a message of his own.
  if (!(submission.message.signer_key() == submission.request.public_key()))
    return Refusal{.text = "the message is not signed with the key in the request"};
  TRY(Admission admission, admit(context_, {.endpoint = submission.endpoint,
                                            .request = submission.request,
                                            .wanted = entry.wanted,
                                            .subject = entry.subject,
                                            .source = submission.source,
                                            .transaction_id = submission.message.transaction_id().to_text()}));
  if (auto* refusal = std::get_if<Refusal>(&admission)) return std::move(*refusal);
  if (const auto* used = std::get_if<UsedChallenge>(&admission)) return lost_reply(entry, used->record);
  auto& admitted = std::get<Admitted>(admission);
  if (admitted.needs_approval) return hold(entry, admitted.challenge_id, std::move(admitted.waiting_for));
  return issue(entry, {.policy = submission.endpoint.policy,
                       .wanted = entry.wanted,
                       .challenge_id = std::move(admitted.challenge_id),
                       .replaces = {}});
}

Result<Outcome> Enrolment::renew(const Entry& entry) {
  const Submission& submission = entry.submission;
  TRY(const auto old, find_own_certificate(context_, submission.message.signer()));
  if (!old) {
    // Another authority's certificate vouches for nothing here, but it may hold the key of an ordinary first request.
    if (submission.type == scep::MessageType::pkcs_request) return first(entry);
    return Refusal{.info = scep::FailInfo::bad_cert_id,
                   .text = "the certificate that signed the message was not issued here"};
  }
  const ca::Policy& policy = submission.endpoint.policy;
  if (auto refusal = refuse_renewal({.endpoint = submission.endpoint,
                                     .old_certificate = submission.message.signer(),
                                     .old_record = *old,
                                     .wanted = entry.wanted,
                                     .subject = entry.subject},
                                    context_.clock.now()))
    return *std::move(refusal);
  std::optional<std::string> shut_out;
  TRY_STATUS_IN("looking up what came after the certificate to renew",
                context_.ledger.read([&](Books& books) -> Status {
                  TRY(shut_out, shut_out_by_later(books, old->serial));
                  return {};
                }));
  if (shut_out) return Refusal{.info = scep::FailInfo::bad_cert_id, .text = *std::move(shut_out)};
  const bool in_grace = old->validity.not_after < context_.clock.now();
  if (policy.renewal_may_change_names || policy.subject_template.empty())
    return issue(entry, {.policy = policy,
                         .wanted = entry.wanted,
                         .challenge_id = {},
                         .replaces = old->serial.hex(),
                         .in_grace = in_grace});
  // The old subject is what the template made then: it is kept as it is, and not filled in once more.
  ca::Policy keeping = policy;
  keeping.subject_template.clear();
  ca::IssuanceRequest same = entry.wanted;
  same.subject = submission.message.signer().subject();
  return issue(
      entry,
      {.policy = keeping, .wanted = same, .challenge_id = {}, .replaces = old->serial.hex(), .in_grace = in_grace});
}

Result<TransactionRecord> Enrolment::new_record(const Entry& entry) const {
  const Submission& submission = entry.submission;
  TransactionRecord record{.key = entry.key,
                           .renewal = submission.type == scep::MessageType::renewal_request,
                           .request_hash = entry.request_hash,
                           .subject = entry.subject.to_text(),
                           .key_type = pki::to_string(submission.request.public_key().spec()),
                           .source = submission.source,
                           .created = context_.clock.now(),
                           .updated = context_.clock.now()};
  for (const pki::GeneralName& name : entry.wanted.alternative_names)
    record.alternative_names.push_back(pki::to_string(name));
  return record;
}

namespace {

Result<Bytes> seal_request(Context& context, const WorkingGeneration& generation,
                           const pki::CertificateRequest& request) {
  const ca::Generation& keys = generation.keys();
  return pki::encrypt_to(keys.ra, keys.ra_key.public_key(), request.der(), {.cipher = pki::Cipher::aes256},
                         context.random);
}

// ErrorCode::conflict when another request used it up in between.
Status use_challenge(Books& books, const std::optional<std::string>& id, Timestamp now, std::string_view used_by) {
  if (!id) return {};
  TRY(const bool used, books.challenges().use(*id, now, used_by));
  if (!used) return conflict("the challenge was used up by another request");
  return {};
}

// Whether the request that used up the challenge was signed with that key.
Result<bool> was_used_by_key(Books& books, const ca::ChallengeRecord& challenge, ByteView signer_key) {
  constexpr std::string_view request = "request ";
  if (challenge.used_by.starts_with(request)) {
    std::int64_t id = 0;
    const std::string_view digits = std::string_view(challenge.used_by).substr(request.size());
    if (std::from_chars(digits.data(), digits.data() + digits.size(), id).ec != std::errc()) return false;
    TRY(const auto user, books.transactions().find(id));
    return user && equal(user->key.signer_key, signer_key);
  }
  const auto serial = pki::Serial::from_hex(challenge.used_by);
  if (!serial) return false;
  TRY(const auto certificate, books.certificates().find(*serial));
  return certificate && equal(certificate->key_fingerprint, signer_key);
}

// ErrorCode::refused when the certificate that is renewed was revoked or suspended since it was looked at, or a later
// one of its chain was at any time.
Status check_still_renewable(Books& books, const std::string& replaces) {
  if (replaces.empty()) return {};
  TRY(const pki::Serial serial, pki::Serial::from_hex(replaces));
  TRY(const auto record, books.certificates().find(serial));
  if (record && record->suspended()) return refused("the certificate to renew is suspended");
  if (!record || record->state != ca::CertificateRecord::State::issued)
    return refused("the certificate to renew is revoked");
  TRY(auto shut_out, shut_out_by_later(books, serial));
  if (shut_out) return refused(*std::move(shut_out));
  return {};
}

// A renewal that only the endpoint's grace allows is told as such.
Status audit_grace(Books& books, const TransactionRecord& record, const Caller& caller) {
  return books.audit().append({.at = record.created,
                               .actor = caller.name,
                               .action = "certificate.renewed_after_expiry",
                               .subject = record.serial,
                               .details = {{"replaces", record.replaces}, {"name", record.subject}}});
}

// Requests that may wait for a person at the same time, and how large each may be: strangers can send them.
constexpr std::int64_t most_waiting = 10'000;
constexpr std::size_t most_waiting_bytes = 16 * 1024;

}  // namespace

Result<Outcome> Enrolment::issue(const Entry& entry, Order order) {
  const Submission& submission = entry.submission;
  auto approved = submission.generation.issuer().prepare(order.policy, order.wanted, context_.clock.now());
  if (!approved) {
    if (approved.error().code() == ErrorCode::refused) return refusal_of(approved.error());
    return std::unexpected(approved.error());
  }
  TRY(TransactionRecord record, new_record(entry));
  record.state = State::issued;
  record.replaces = order.replaces;
  // A key that cannot decrypt gets its certificate under the challengePassword, also when it polls for it.
  if (!submission.message.signer_key().can_encrypt()) {
    TRY(record.request, seal_request(context_, submission.generation, submission.request));
  }
  const Bytes key = submission.request.public_key().fingerprint();
  std::optional<Refusal> one_too_many;
  auto issued =
      issuance_.issue({.generation = submission.generation,
                       .approved = *std::move(approved),
                       .endpoint = submission.endpoint.name,
                       .replaces = order.replaces,
                       .caller = entry.caller,
                       .with_intent = [&](Books& books, const std::string& serial_hex) -> Status {
                         record.serial = serial_hex;
                         one_too_many.reset();
                         if (!order.replaces.empty()) {
                           TRY(one_too_many, refuse_more_renewals(books, {.endpoint = submission.endpoint,
                                                                          .certificate = entry.key.signer_key,
                                                                          .key = key,
                                                                          .now = context_.clock.now()}));
                           if (one_too_many) return refused(one_too_many->text);
                         }
                         TRY_STATUS(check_still_renewable(books, order.replaces));
                         TRY_STATUS(use_challenge(books, order.challenge_id, context_.clock.now(), serial_hex));
                         TRY([[maybe_unused]] const std::int64_t id, books.transactions().add(record));
                         if (order.in_grace) return audit_grace(books, record, entry.caller);
                         return {};
                       }});
  if (one_too_many) return *std::move(one_too_many);
  if (!issued && issued.error().code() == ErrorCode::refused)
    return Refusal{.info = scep::FailInfo::bad_cert_id, .text = issued.error().text()};
  if (!issued) return after_conflict(entry, issued.error());
  return Issued{*std::move(issued)};
}

Result<Outcome> Enrolment::hold(const Entry& entry, const std::optional<std::string>& challenge_id,
                                std::string waiting_for) {
  const Submission& submission = entry.submission;
  // What could never be issued is refused now, not after a person looked at it.
  if (const auto possible =
          submission.generation.issuer().prepare(submission.endpoint.policy, entry.wanted, context_.clock.now());
      !possible) {
    if (possible.error().code() == ErrorCode::refused) return refusal_of(possible.error());
    return std::unexpected(possible.error());
  }
  if (submission.request.der().size() > most_waiting_bytes)
    return Refusal{.text = "the request is too large to wait for approval"};
  TRY(TransactionRecord record, new_record(entry));
  record.state = State::pending;
  record.reason = std::move(waiting_for);
  TRY(record.request, seal_request(context_, submission.generation, submission.request));
  const Status held = context_.ledger.write([&](Books& books) -> Status {
    const Timestamp now = context_.clock.now();
    TRY(const std::int64_t waiting, books.transactions().count(State::pending));
    if (waiting >= most_waiting) return unavailable("too many requests wait for approval");
    // A device that gave up and asks anew with the same key takes its place in the queue again.
    TRY(const auto earlier, books.transactions().latest_for_key(record.key.endpoint, record.key.signer_key));
    TRY(const std::int64_t id, books.transactions().add(record));
    if (earlier && earlier->state == State::pending) {
      TRY_STATUS(books.transactions().reject(earlier->id, static_cast<int>(scep::FailInfo::bad_request),
                                             fmt::format("replaced by request {}", id), now));
      // What let the earlier one in leads to the node that it was minted for, and has to lead there from this one.
      if (!challenge_id) TRY_STATUS(books.challenges().hand_over(used_by_request(earlier->id), used_by_request(id)));
    }
    TRY_STATUS(use_challenge(books, challenge_id, now, used_by_request(id)));
    AuditEvent event{.at = now,
                     .actor = entry.caller.name,
                     .action = "request.waiting",
                     .subject = std::to_string(id),
                     .details = {{"endpoint", record.key.endpoint}, {"name", record.subject}}};
    TRY(const auto challenge, books.challenges().id_used_by(used_by_request(id)));
    if (challenge) event.details.emplace_back("challenge", *challenge);
    return books.audit().append(event);
  });
  if (!held) return after_conflict(entry, held.error());
  context_.log.info("request waits for approval",
                    {{"subject", record.subject}, {"endpoint", record.key.endpoint}, {"caller", entry.caller.name}});
  return Waiting{};
}

// A conflict means that another thread was faster with the same message, or with the same challenge.
Result<Outcome> Enrolment::after_conflict(const Entry& entry, const Error& error) {
  if (error.code() != ErrorCode::conflict) return std::unexpected(error);
  std::optional<TransactionRecord> winner;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(winner, books.transactions().find(entry.key));
    return {};
  }));
  if (winner) return replay(entry, *winner);
  return Refusal{.text = "the challenge password is missing, wrong, used or expired"};
}

// The challenge is right but used. If the same key used it for the same names, the device has lost the reply and gets
// the same certificate; anybody else has got hold of a challenge that is not his.
Result<Outcome> Enrolment::lost_reply(const Entry& entry, const ca::ChallengeRecord& challenge) {
  std::optional<TransactionRecord> earlier;
  bool own_challenge = false;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(earlier, books.transactions().latest_for_key(entry.key.endpoint, entry.key.signer_key));
    TRY(own_challenge, was_used_by_key(books, challenge, entry.key.signer_key));
    return {};
  }));
  // The same names, too: what a web hook or a person agreed to was asked for with them.
  TRY(const TransactionRecord asked, new_record(entry));
  const bool same_device = own_challenge && earlier && earlier->subject == asked.subject &&
                           earlier->alternative_names == asked.alternative_names;
  if (same_device && earlier->state == State::pending) {
    // It waits under its new transactionID; the challenge stays used.
    return hold(entry, std::nullopt, earlier->reason);
  }
  if (same_device) return outcome_of(*earlier, entry.caller);
  context_.log.warning("a used challenge was presented again",
                       {{"challenge", challenge.id}, {"caller", entry.caller.name}});
  TRY_STATUS(context_.ledger.write([&](Books& books) {
    return books.audit().append({.at = context_.clock.now(),
                                 .actor = entry.caller.name,
                                 .action = "challenge.reused",
                                 .subject = challenge.id,
                                 .details = {{"endpoint", challenge.endpoint}, {"name", entry.subject.to_text()}}});
  }));
  return Refusal{.text = "the challenge password is missing, wrong, used or expired"};
}

Result<PollOutcome> Enrolment::poll(const Poll& poll) {
  const TransactionKey key{.endpoint = poll.endpoint.name,
                           .signer_key = transaction_signer(poll.message),
                           .transaction_id = poll.message.transaction_id().octets};
  std::optional<TransactionRecord> record;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(record, books.transactions().find(key));
    bool over = true;
    if (record) {
      TRY(over, is_over(books, *record, context_.clock.now()));
    }
    if (over) {
      TRY(record, last_of(books, key, std::move(record)));
    }
    return {};
  }));
  if (!record)
    return PollOutcome{
        Refusal{.info = scep::FailInfo::bad_cert_id, .text = "no request with this transactionID and key"}, {}};
  TRY(Outcome outcome, outcome_of(*record, {"scep " + poll.source}));
  SecretBytes password;
  if (std::holds_alternative<Issued>(outcome) && !poll.message.signer_key().can_encrypt() && !record->request.empty()) {
    TRY(const pki::CertificateRequest request, unseal_request(context_, *record));
    password = request.challenge_password().clone();
  }
  return PollOutcome{std::move(outcome), std::move(password)};
}

Result<pki::CertificateRequest> unseal_request(Context& context, const TransactionRecord& record) {
  TRY_IN("the stored request", const pki::EnvelopedData sealed, pki::EnvelopedData::parse(record.request));
  const WorkingGeneration* generation = context.keyring.for_envelope(sealed);
  if (generation == nullptr) return internal("the key that the stored request is sealed to is not loaded");
  const ca::Generation& keys = generation->keys();
  TRY_IN("the stored request", const SecretBytes der, pki::decrypt(sealed, keys.ra, keys.ra_key, context.random));
  return pki::CertificateRequest::from_der(der.view());
}

}  // namespace chancery::hub
