#include "hub/admission.h"

#include "pki/algorithms.h"

namespace chancery::hub {
namespace {

// The same words whatever is wrong with it, so that guessing teaches nothing.
Refusal wrong_challenge() { return {.text = "the challenge password is missing, wrong, used or expired"}; }

// What would be issued must be what the challenge was made for. Its subject may be written as the device asks for it or
// as the certificate will show it: the template makes both the same.
Status check_bound_names(const ca::ChallengeRecord& record, const AdmissionQuestion& question) {
  if (record.binding.empty()) return {};
  ca::ChallengeBinding binding = record.binding;
  ca::IssuanceRequest issued = question.wanted;
  issued.subject = question.subject;
  if (binding.subject) {
    TRY(const pki::Name meant, pki::Name::from_text(*binding.subject));
    if (!meant.matches(question.subject))
      if (const auto filled = ca::subject_for(question.endpoint.policy, meant)) binding.subject = filled->to_text();
  }
  return ca::check_binding(binding, issued);
}

// Looks at the challenge without using it up: that belongs to the transaction that records the request.
Result<Admission> check_one_time_challenge(Context& context, const AdmissionQuestion& question) {
  const ByteView presented = question.request.challenge_password().view();
  const auto id = ca::challenge_id(presented);
  if (!id) return wrong_challenge();
  std::optional<ca::ChallengeRecord> record;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    TRY(record, books.challenges().find(*id));
    return {};
  }));
  if (!record || record->endpoint != question.endpoint.name || !ca::challenge_matches(*record, presented))
    return wrong_challenge();
  if (record->expires <= context.clock.now()) return wrong_challenge();
  if (const Status bound = check_bound_names(*record, question); !bound) return Refusal{.text = bound.error().text()};
  if (record->used) return UsedChallenge{*std::move(record)};
  return Admitted{.challenge_id = *id};
}

bool shared_challenge_is_right(const AdmissionQuestion& question) {
  const ByteView presented = question.request.challenge_password().view();
  return equal_constant_time(pki::hash(pki::Digest::sha256, presented), question.endpoint.shared_challenge_hash);
}

Result<WebHookAnswer> ask_web_hook(Context& context, const AdmissionQuestion& question) {
  std::vector<std::string> alternative_names;
  for (const pki::GeneralName& name : question.wanted.alternative_names)
    alternative_names.push_back(pki::to_string(name));
  return context.web_hook.ask({.url = question.endpoint.web_hook_url,
                               .token_file = question.endpoint.web_hook_token_file,
                               .endpoint = question.endpoint.name,
                               .source = question.source,
                               .transaction_id = question.transaction_id,
                               .subject = question.subject.to_text(),
                               .alternative_names = std::move(alternative_names),
                               .key_type = pki::to_string(question.request.public_key().spec()),
                               .key_fingerprint = to_hex(question.request.public_key().fingerprint()),
                               .challenge = question.request.challenge_password(),
                               .request_der = question.request.der()});
}

// Quotation marks tell the hook's words from the hub's own (docs/adr/0010-sentences-are-known-by-their-text.md).
std::string words_of_web_hook(const WebHookAnswer& answer, std::string_view otherwise) {
  return answer.reason.empty() ? std::string(otherwise) : '"' + answer.reason + '"';
}

}  // namespace

Result<Admission> admit(Context& context, const AdmissionQuestion& question) {
  const Endpoint& endpoint = question.endpoint;
  Admitted admitted;
  bool agreed = false;  // an endpoint without authorisers lets nobody in, however it came to be
  if (endpoint.needs(Authoriser::one_time_challenge)) {
    TRY(Admission checked, check_one_time_challenge(context, question));
    if (!std::holds_alternative<Admitted>(checked)) return checked;
    admitted = std::get<Admitted>(std::move(checked));
    agreed = true;
  }
  if (endpoint.needs(Authoriser::shared_challenge)) {
    if (!shared_challenge_is_right(question)) return wrong_challenge();
    agreed = true;
  }
  if (endpoint.needs(Authoriser::web_hook)) {
    TRY_IN("asking the web hook", const WebHookAnswer answer, ask_web_hook(context, question));
    if (answer.verdict == WebHookAnswer::Verdict::refuse)
      return Refusal{.text = words_of_web_hook(answer, "the web hook refused the request")};
    if (answer.verdict == WebHookAnswer::Verdict::ask_a_person) {
      admitted.needs_approval = true;
      admitted.waiting_for = words_of_web_hook(answer, "the web hook asks for a decision");
    }
    agreed = true;
  }
  if (endpoint.needs(Authoriser::manual)) {
    admitted.needs_approval = true;
    if (admitted.waiting_for.empty()) admitted.waiting_for = "the endpoint asks for approval";
    agreed = true;
  }
  if (!agreed) return Refusal{.text = "the endpoint lets nobody in"};
  return admitted;
}

}  // namespace chancery::hub
