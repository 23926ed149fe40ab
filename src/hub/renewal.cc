#include "hub/renewal.h"

#include <fmt/format.h>

namespace chancery::hub {

Result<std::optional<ca::CertificateRecord>> find_own_certificate(Context& context,
                                                                  const pki::Certificate& certificate) {
  if (context.keyring.for_issuer(certificate.issuer_der()) == nullptr) return std::optional<ca::CertificateRecord>();
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS_IN("looking up the certificate to renew", context.ledger.read([&](Books& books) -> Status {
    TRY(record, books.certificates().find(certificate.serial()));
    return {};
  }));
  if (record && !equal(record->der, certificate.der())) record.reset();
  return record;
}

std::optional<Refusal> refuse_renewal(const RenewalQuestion& question, Timestamp now) {
  const Endpoint& endpoint = question.endpoint;
  const ca::CertificateRecord& old = question.old_record;
  if (!endpoint.renewal) return Refusal{.text = "this endpoint does not renew"};
  if (old.endpoint != endpoint.name) return Refusal{.text = "the certificate is another endpoint's"};
  if (old.suspended())
    return Refusal{.info = scep::FailInfo::bad_cert_id, .text = "the certificate to renew is suspended"};
  if (old.state == ca::CertificateRecord::State::revoked)
    return Refusal{.info = scep::FailInfo::bad_cert_id, .text = "the certificate to renew is revoked"};
  if (now < old.validity.not_before || old.validity.not_after + endpoint.renewal_grace < now)
    return Refusal{.info = scep::FailInfo::bad_cert_id, .text = "the certificate to renew is not valid any more"};
  if (const Seconds window = endpoint.policy.renewal_window;
      window.count() > 0 && now < old.validity.not_after - window)
    return Refusal{
        .text = fmt::format("too early to renew: possible from {}", to_rfc3339(old.validity.not_after - window))};
  if (endpoint.policy.renewal_may_change_names) return std::nullopt;
  const pki::Name& old_subject = question.old_certificate.subject();
  if (!old_subject.matches(question.wanted.subject) && !old_subject.matches(question.subject))
    return Refusal{.text = fmt::format("a renewal keeps the subject {}", old.subject)};
  if (!pki::same_names(question.old_certificate.subject_alternative_names(), question.wanted.alternative_names))
    return Refusal{.text = "a renewal keeps the subject alternative names"};
  for (const pki::Oid& oid : endpoint.policy.passed_extensions) {
    const pki::Extension* old_extension = question.old_certificate.extension(oid);
    const pki::Extension* wanted = pki::find_extension(question.wanted.extensions, oid);
    const bool same = old_extension == nullptr || wanted == nullptr ? old_extension == wanted
                                                                    : equal(old_extension->value, wanted->value);
    if (!same) return Refusal{.text = fmt::format("a renewal keeps the extension {}", oid.dotted())};
  }
  return std::nullopt;
}

Result<std::optional<Refusal>> refuse_more_renewals(Books& books, const RenewalCount& count) {
  const int most = count.endpoint.renewals_per_certificate;
  if (most == 0) return std::nullopt;
  TRY(const int renewals, books.transactions().count_valid_issued(count.endpoint.name, count.certificate, count.now));
  if (renewals >= most)
    return Refusal{.text = fmt::format(
                       "the certificate was renewed already (valid renewals: {}): renew with the newest", renewals)};
  TRY(const int of_key, books.certificates().count_valid_for_key(count.key, count.now));
  if (of_key >= most)
    return Refusal{.text = fmt::format("the key has certificates already (valid: {}): use another key", of_key)};
  return std::nullopt;
}

}  // namespace chancery::hub
