#include "hub/requests.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "hub/enrolment.h"
#include "hub/link_identity.h"

namespace chancery::hub {
namespace {

constexpr std::size_t most_reason_bytes = 800;  // 200 characters of any script

// Quotation marks tell a person's words from the hub's own (docs/adr/0010-sentences-are-known-by-their-text.md).
std::string words_of_rejection(std::string_view reason) {
  if (reason.empty()) return "rejected by an administrator";
  return fmt::format("\"{}\"", utf8::cut(reason, most_reason_bytes));
}

}  // namespace

Result<RequestView> Requests::show(std::int64_t id) {
  RequestView view;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(auto record, books.transactions().find(id));
    if (!record) return not_found(fmt::format("there is no request {}", id));
    view.record = *std::move(record);
    return {};
  }));
  if (view.record.state == TransactionRecord::State::pending) {
    TRY(view.request, unseal_request(context_, view.record));
  }
  return view;
}

Result<TransactionRecord> Requests::find_waiting(std::int64_t id) {
  TRY(RequestView view, show(id));
  if (view.record.state != TransactionRecord::State::pending)
    return conflict(fmt::format("request {} is decided already", id));
  return std::move(view.record);
}

Result<pki::Certificate> Requests::approve(std::int64_t id, const Caller& caller) {
  TRY(const TransactionRecord record, find_waiting(id));
  const Endpoint* endpoint = context_.endpoints.find(record.key.endpoint);
  if (endpoint == nullptr) return conflict(fmt::format("the endpoint '{}' is gone", record.key.endpoint));
  TRY(const pki::CertificateRequest request, unseal_request(context_, record));
  const WorkingGeneration& generation = context_.keyring.current();
  TRY(ca::Approved approved,
      generation.issuer().prepare(endpoint->policy, ca::IssuanceRequest::of(request), context_.clock.now()));
  TRY(pki::Certificate certificate,
      issuance_.issue({.generation = generation,
                       .approved = std::move(approved),
                       .endpoint = endpoint->name,
                       .replaces = record.replaces,
                       .request = used_by_request(id),
                       .caller = caller,
                       .with_intent = [&](Books& books, const std::string& serial_hex) -> Status {
                         const Timestamp now = context_.clock.now();
                         TRY_STATUS(books.transactions().approve(id, serial_hex, now));
                         return books.audit().append({.at = now,
                                                      .actor = caller.name,
                                                      .action = "request.approved",
                                                      .subject = std::to_string(id),
                                                      .details = {{"serial", serial_hex}, {"name", record.subject}}});
                       }}));
  tell_node([&](Books& books) -> Result<std::optional<fleet::Place>> {
    TRY(const auto issued, books.certificates().find(certificate.serial()));
    if (!issued) return std::nullopt;
    return resolve_place(books, *issued);
  });
  return certificate;
}

Status Requests::reject(std::int64_t id, std::string_view reason, const Caller& caller) {
  TRY(const TransactionRecord record, find_waiting(id));
  const std::string text = words_of_rejection(reason);
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    const Timestamp now = context_.clock.now();
    TRY_STATUS(books.transactions().reject(id, static_cast<int>(scep::FailInfo::bad_request), text, now));
    return books.audit().append({.at = now,
                                 .actor = caller.name,
                                 .action = "request.rejected",
                                 .subject = std::to_string(id),
                                 .details = {{"reason", text}, {"name", record.subject}}});
  }));
  tell_node([&](Books& books) { return books.nodes().place_by_challenge(used_by_request(id)); });
  return {};
}

// Who cannot be found out polls in ten minutes.
void Requests::tell_node(const std::function<Result<std::optional<fleet::Place>>(Books&)>& find) {
  std::optional<fleet::Place> place;
  const Status looked = context_.ledger.read([&](Books& books) -> Status {
    TRY(place, find(books));
    return {};
  });
  if (looked && place) presence_.request_decided(place->node_id);
}

Status Requests::forget_old() {
  return context_.ledger.write(
      [&](Books& books) { return books.transactions().forget(context_.clock.now() - std::chrono::days(30)); });
}

}  // namespace chancery::hub
