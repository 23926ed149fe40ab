#include "agent/slot_exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/authority.h"

namespace chancery::agent {
namespace {

// Keeps what a busy server asked for.
class NotingTransport final : public Transport {
 public:
  explicit NotingTransport(Transport& transport) : transport_(transport) {}
  Seconds retry_after{0};

  Result<TransportReply> get(std::string_view operation, std::string_view message) override {
    return note(transport_.get(operation, message));
  }
  Result<TransportReply> post(ByteView message) override { return note(transport_.post(message)); }

 private:
  Result<TransportReply> note(Result<TransportReply> reply) {
    if (reply && reply->retry_after) retry_after = std::max(*reply->retry_after, Seconds(0));
    return reply;
  }

  Transport& transport_;
};

std::vector<Bytes> encoded(const std::vector<pki::Certificate>& certificates) {
  std::vector<Bytes> list;
  for (const pki::Certificate& certificate : certificates) list.push_back(to_bytes(certificate.der()));
  return list;
}

Result<std::vector<pki::Certificate>> decoded(const std::vector<Bytes>& list) {
  std::vector<pki::Certificate> certificates;
  for (const Bytes& der : list) {
    TRY(pki::Certificate certificate, pki::Certificate::from_der(der));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

Bytes hash_of(const SecretBytes& challenge) {
  return challenge.empty() ? Bytes() : pki::hash(pki::Digest::sha256, challenge.view());
}

// The slot's folder for an Enrolment: what it activates goes into service, and into the store before that.
class ServiceFolder final : public CredentialFolder {
 public:
  ServiceFolder(const std::string& slot, CredentialFolder& folder, const AgentParts& agent)
      : slot_(slot), folder_(folder), agent_(agent) {}
  bool received = false;  // it came so far that only the installation was left
  Bytes challenge;        // SHA-256 of the one that is asked with; empty: none

  Result<std::optional<Credential>> active() override { return folder_.active(); }
  Status activate(const NewCredential& credential) override {
    TRY_STATUS(agent_.store.keep_received(slot_, {.certificate = to_bytes(credential.certificate.der()),
                                                  .chain = encoded(credential.chain),
                                                  .authorities = encoded(credential.authorities),
                                                  .source = credential.source,
                                                  .challenge = challenge}));
    received = true;
    return agent_.services.put_into_service(slot_, credential);
  }
  Result<std::optional<PendingEnrolment>> pending() override { return folder_.pending(); }
  Status begin(const PendingEnrolment& pending) override { return folder_.begin(pending); }
  Status mark(LastAnswer answer) override { return folder_.mark(answer); }
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) override {
    return folder_.send_as(type, transaction_id);
  }
  Status finish() override { return folder_.finish(); }

 private:
  const std::string& slot_;
  CredentialFolder& folder_;
  const AgentParts& agent_;
};

// One attempt, with what it needs on the way.
class Attempt {
 public:
  Attempt(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent, Method method, std::string& left_out,
          Haste haste)
      : setup_(setup),
        slot_(slot),
        agent_(agent),
        method_(method),
        left_out_(left_out),
        haste_(haste),
        transport_(*slot.transport),
        client_(transport_, agent.random, {.floor = setup.floor}),
        folder_(setup.name, slot.folder, agent),
        enrolment_(client_, folder_, agent.clock, agent.random,
                   {.accept_changed_names = setup.accept_changed_names, .floor = setup.floor, .keys = slot.keys}) {}

  SlotEvent run() {
    const Result<Outcome> outcome = ask();
    if (!outcome) {
      if (folder_.received) return slot_event::InstallationFailed{outcome.error().text()};
      if (disliked_) return rejected(outcome.error().text());
      return slot_event::Failed{.text = outcome.error().text(), .retry_after = transport_.retry_after};
    }
    if (const auto* installed = std::get_if<Installed>(&*outcome))
      return slot_event::Installed{.certificate = known(installed->certificate), .spent_challenge = folder_.challenge};
    if (const auto* refusal = std::get_if<scep::Rejected>(&*outcome))
      return rejected(
          fmt::format("{}{}{}", scep::to_string(refusal->info), refusal->text.empty() ? "" : ": ", refusal->text));
    return slot_event::Waiting{.retry_after = transport_.retry_after};
  }

 private:
  SlotEvent rejected(std::string text) {
    return slot_event::Rejected{
        .method = method_,
        .text = std::move(text),
        .challenge = method_ == Method::challenge ? folder_.challenge : challenge_at_hand(slot_)};
  }

  void tell_left_out(const Authority& authority) {
    std::string left_out = scep::to_string(authority.certificates.left_out);
    if (left_out != left_out_ && !left_out.empty())
      agent_.log.warning("the authority sends certificates that do not belong there",
                         {{"slot", setup_.name}, {"left_out", left_out}});
    left_out_ = std::move(left_out);
  }

  Result<Outcome> ask() {
    TRY(const std::optional<Credential> active, slot_.folder.active());
    TRY(const scep::Capabilities capabilities, client_.capabilities());
    TRY(auto certificates, client_.ca_certificates());
    TRY(const Authority authority,
        authenticate(std::move(certificates), {.fingerprint = setup_.source.fingerprint}, agent_.clock.now()));
    tell_left_out(authority);
    if (!active) method_ = Method::challenge;
    if (method_ == Method::renewal && !capabilities.renewal) method_ = Method::signed_request;
    const Source source{.url = setup_.source.url, .fingerprint = authority.anchor.fingerprint()};
    if (method_ == Method::challenge) {
      TRY(PendingEnrolment pending, enrol(source));
      return enrolment_.advance(pending, authority);
    }
    TRY(PendingEnrolment pending, renew(*active, source));
    Result<Outcome> outcome = enrolment_.advance(pending, authority);
    if (pending.type != scep::MessageType::renewal_request) {
      method_ = Method::signed_request;
      return outcome;
    }
    disliked_ = !outcome && enrolment_.is_renewal_request_disliked(pending);
    const auto* rejected = outcome ? std::get_if<scep::Rejected>(&*outcome) : nullptr;
    const bool refused = disliked_ || (rejected != nullptr && rejected->info == scep::FailInfo::bad_request);
    if (!refused || (method_ != Method::signed_request && haste_ == Haste::none)) return outcome;
    method_ = Method::signed_request;
    const scep::TransactionId first = pending.transaction_id;
    TRY_STATUS(enrolment_.as_signed_request(pending));
    outcome = enrolment_.advance(pending, authority);
    if (!outcome && disliked_ && enrolment_.is_unanswered(pending))
      TRY_STATUS(enrolment_.as_renewal_request(pending, first));
    disliked_ = false;
    return outcome;
  }

  // The service file decides what is asked for: what is pending for something else gives way.
  template <class Resume>
  Result<std::optional<PendingEnrolment>> resumed(Resume resume) {
    Result<std::optional<PendingEnrolment>> pending = resume();
    if (pending || pending.error().code() != ErrorCode::conflict) return pending;
    TRY_STATUS(folder_.finish());
    return std::nullopt;
  }

  Result<PendingEnrolment> enrol(const Source& source) {
    TRY_IN("the challenge", SecretBytes challenge, slot_.challenge());
    folder_.challenge = hash_of(challenge);
    const EnrolmentOrder order{.subject = setup_.subject,
                               .alternative_names = setup_.names,
                               .key = setup_.key,
                               .challenge = std::move(challenge),
                               .source = source};
    TRY(std::optional<PendingEnrolment> pending, resumed([&] { return enrolment_.resume(order); }));
    if (pending) return std::move(*pending);
    return enrolment_.begin(order);
  }

  // A rejection may have been provoked on the way, after the certificate was issued: what was rejected is asked for
  // again as it was, for a day, before another request takes its place. So nobody makes a device use up its renewals.
  Result<PendingEnrolment> renew(const Credential& active, const Source& source) {
    TRY(std::optional<PendingEnrolment> pending,
        resumed([&] { return resume_renewal(folder_, active, {}, agent_.clock.now()); }));
    const bool of_active =
        pending && (is_installed(*pending, active) || equal(pending->signer.der(), active.certificate.der()));
    if (of_active) return std::move(*pending);
    if (pending) TRY_STATUS(folder_.finish());
    return enrolment_.begin_renewal(active, {.reuse_key = setup_.reuse_key,
                                             .key = setup_.key,
                                             .server_offers_renewal = method_ == Method::renewal,
                                             .source = source,
                                             .grace = true});
  }

  const SlotSetup& setup_;
  const SlotParts& slot_;
  const AgentParts& agent_;
  Method method_;
  std::string& left_out_;
  Haste haste_;
  bool disliked_ = false;  // a RenewalReq was answered by an HTTP error: the next way may do
  NotingTransport transport_;
  ScepClient client_;
  ServiceFolder folder_;
  Enrolment enrolment_;
};

struct Arrived {
  PendingEnrolment pending;
  pki::Certificate certificate;
  std::vector<pki::Certificate> chain;
  std::vector<pki::Certificate> authorities;
  Source source;
  Bytes challenge;
};

// What was received, with the key that waits for it.
Result<Arrived> arrived(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent) {
  TRY(const auto received, agent.store.received(setup.name));
  if (!received) return not_found("the certificate that was received is not kept any more");
  TRY(std::optional<PendingEnrolment> pending, slot.folder.pending());
  if (!pending) return not_found("the key of the certificate that was received is not kept any more");
  TRY(pki::Certificate certificate, pki::Certificate::from_der(received->certificate));
  if (!equal(certificate.spki(), pending->key.public_key().spki()))
    return not_found("the certificate that was received is not for the key that waits");
  if (agent.clock.now() > certificate.validity().not_after)
    return not_found("the certificate that was received ended before it could be installed");
  TRY(auto chain, decoded(received->chain));
  TRY(auto authorities, decoded(received->authorities));
  return Arrived{.pending = std::move(*pending),
                 .certificate = std::move(certificate),
                 .chain = std::move(chain),
                 .authorities = std::move(authorities),
                 .source = received->source,
                 .challenge = received->challenge};
}

}  // namespace

slot_event::KnownCertificate known(const pki::Certificate& certificate) {
  return {.sha256 = certificate.fingerprint(), .validity = certificate.validity()};
}

Bytes challenge_at_hand(const SlotParts& slot) {
  const auto challenge = slot.challenge();
  return challenge ? hash_of(*challenge) : Bytes();
}

SlotEvent exchange(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent, Method method,
                   std::string& left_out, Haste haste) {
  if (slot.transport == nullptr || setup.source.url.empty())
    return slot_event::Failed{.text = "no authority is named in the slot's file"};
  Attempt attempt(setup, slot, agent, method, left_out, haste);
  return attempt.run();
}

SlotEvent install_received(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent) {
  const Result<Arrived> found = arrived(setup, slot, agent);
  if (!found && found.error().code() == ErrorCode::unavailable)
    return slot_event::InstallationFailed{found.error().text()};
  if (!found) return slot_event::ReceivedLost{found.error().text()};
  Status done = agent.services.put_into_service(setup.name, {.key = found->pending.key,
                                                             .certificate = found->certificate,
                                                             .chain = found->chain,
                                                             .authorities = found->authorities,
                                                             .source = found->source});
  if (done) done = slot.folder.finish();
  if (!done) return slot_event::InstallationFailed{done.error().text()};
  return slot_event::Installed{.certificate = known(found->certificate), .spent_challenge = found->challenge};
}

Result<slot_event::Found> look_into(const SlotSetup& setup, const SlotParts& slot, const AgentParts& agent) {
  TRY(const std::optional<Credential> active, slot.folder.active());
  TRY(std::optional<PendingEnrolment> pending, slot.folder.pending());
  TRY(const auto received, agent.store.received(setup.name));
  // Its certificate is in use: only the end of the installation was cut off.
  if (pending && active && is_installed(*pending, *active)) {
    TRY_STATUS(slot.folder.finish());
    pending.reset();
  }
  slot_event::Found found{.pending = pending.has_value(),
                          .awaiting_approval = pending && pending->last_answer == LastAnswer::pending,
                          .refused = pending && pending->last_answer == LastAnswer::rejected,
                          .received = received && pending};
  if (active) found.active = known(active->certificate);
  if (received && active && equal(received->certificate, active->certificate.der())) {
    found.received = false;
    found.spent_challenge = received->challenge;
  }
  return found;
}

}  // namespace chancery::agent
