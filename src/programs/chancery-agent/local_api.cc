#include "programs/chancery-agent/local_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "http/url_query.h"
#include "pki/bundle.h"
#include "programs/chancery-agent/version.h"

namespace chancery::agent_program {
namespace {

namespace json = boost::json;

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return 400;
    case ErrorCode::refused: return 403;
    case ErrorCode::not_found: return 404;
    case ErrorCode::conflict: return 409;
    case ErrorCode::unavailable: return 503;
    case ErrorCode::internal: break;
  }
  return 500;
}

http::Response json_response(unsigned status, const json::value& value) {
  return {.status = status,
          .content_type = "application/json",
          .body = to_bytes(as_bytes(json::serialize(value))),
          .headers = {}};
}

json::value time_or_null(const std::optional<Timestamp>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::object slot_json(const agent::SlotView& slot) {
  json::object fields{{"slot", slot.name},
                      {"service", slot.service},
                      {"stage", wire::to_string(slot.stage)},
                      {"subject", slot.certificate ? slot.certificate->subject().to_text() : ""},
                      {"key", slot.key_place},
                      {"sha256", slot.active ? to_hex(slot.active->sha256) : ""},
                      {"not_after", nullptr},
                      {"renew_at", time_or_null(slot.renew_at)},
                      {"next_attempt", time_or_null(slot.next_attempt)},
                      {"last_error", slot.last_error},
                      {"csr", slot.request}};
  if (slot.active) fields["not_after"] = to_rfc3339(slot.active->validity.not_after);
  return fields;
}

std::string_view word_for(agent::ClockSync synchronised) {
  switch (synchronised) {
    case agent::ClockSync::yes: return "yes";
    case agent::ClockSync::no: return "no";
    case agent::ClockSync::unknown: break;
  }
  return "unknown";
}

json::value status_json(const LocalApiParts& parts) {
  const agent::AgentView view = parts.loop.view();
  json::array slots;
  for (const agent::SlotView& slot : view.slots) slots.push_back(slot_json(slot));
  json::object status{{"version", version},
                      {"node", parts.node},
                      {"clock", json::object{{"now", to_rfc3339(view.now)},
                                             {"synchronised", word_for(view.synchronised)},
                                             {"wrong", view.clock_is_wrong}}},
                      {"slots", std::move(slots)},
                      {"hub", nullptr}};
  if (view.link) {
    json::object hub{{"state", hub_word(*view.link)},         {"certificate_refused", view.link->certificate_refused},
                     {"checking_in", view.link->checking_in}, {"last_contact", time_or_null(view.link->last_contact)},
                     {"clock_offset_seconds", nullptr},       {"next", time_or_null(view.link->next)},
                     {"last_error", view.link->last_error}};
    if (view.link->clock_offset) hub["clock_offset_seconds"] = view.link->clock_offset->count();
    status["hub"] = std::move(hub);
  }
  return status;
}

// What the agent's store has of a certificate. One that was damaged there hides no other, and has no names or times.
json::object kept_json(ByteView sha256, ByteView der) {
  json::object fields{{"subject", ""},         {"issuer", ""},         {"serial", ""},
                      {"not_before", nullptr}, {"not_after", nullptr}, {"sha256", to_hex(sha256)}};
  const auto certificate = pki::Certificate::from_der(der);
  fields["damaged"] = !certificate;
  if (!certificate) return fields;
  fields["subject"] = certificate->subject().to_text();
  fields["issuer"] = certificate->issuer().to_text();
  fields["serial"] = certificate->serial().hex();
  fields["not_before"] = to_rfc3339(certificate->validity().not_before);
  fields["not_after"] = to_rfc3339(certificate->validity().not_after);
  return fields;
}

// In the thread of decisions.
Result<json::value> certificates_json(const LocalApiParts& parts, const agent::Supervisor& supervisor) {
  TRY(const auto records, parts.store.certificates());
  std::vector<std::pair<std::string, Bytes>> in_use, kept;
  for (const agent::SlotView& slot : supervisor.view().slots) {
    if (slot.active) in_use.emplace_back(slot.name, slot.active->sha256);
    // A slot that cannot be opened now says so in its status.
    const auto certificates = parts.services.kept(slot.name);
    if (!certificates) continue;
    for (const pki::Certificate& certificate : *certificates) kept.emplace_back(slot.name, certificate.fingerprint());
  }
  json::array list;
  for (const agent::CertificateRecord& record : records) {
    json::object fields = kept_json(record.sha256, record.der);
    fields["slot"] = record.slot;
    const std::pair which(record.slot, record.sha256);
    const bool active = std::ranges::find(in_use, which) != in_use.end();
    fields["state"] = active ? "in use" : std::ranges::find(kept, which) != kept.end() ? "kept" : "replaced";
    fields["installed_at"] = to_rfc3339(record.installed_at);
    list.push_back(std::move(fields));
  }
  return json::value(json::object{{"certificates", std::move(list)}});
}

Result<json::value> history_json(const LocalApiParts& parts, const std::string& slot, std::size_t limit) {
  TRY(const auto events, parts.store.latest_events(slot, limit));
  json::array list;
  for (const wire::Event& event : events)
    list.push_back(json::object{{"number", event.number},
                                {"at", to_rfc3339(event.at)},
                                {"slot", event.slot},
                                {"what", event.what},
                                {"text", event.text}});
  return json::value(json::object{{"events", std::move(list)}});
}

Result<json::value> trust_json(const LocalApiParts& parts) {
  TRY(const auto anchors, parts.store.trust());
  json::array list;
  for (const agent::TrustAnchor& anchor : anchors) {
    json::object fields = kept_json(anchor.sha256, anchor.der);
    fields["store"] = anchor.store;
    list.push_back(std::move(fields));
  }
  return json::value(json::object{{"trust", std::move(list)}});
}

Result<std::string> text_in(const http::Request& request, std::string_view name) {
  boost::system::error_code failed;
  const json::value body = json::parse(as_text(request.body), failed);
  const json::object* fields = failed ? nullptr : body.if_object();
  const json::value* value = fields == nullptr ? nullptr : fields->if_contains(name);
  if (value == nullptr || !value->is_string()) return invalid(fmt::format("'{}' is missing: a text", name));
  return std::string(value->as_string());
}

json::value said(std::string_view text) { return json::object{{"text", text}}; }

Result<json::value> act_on_slot(const LocalApiParts& parts, const http::Request& request, const std::string& slot,
                                std::string_view verb) {
  if (verb == "activate") {
    TRY(const std::string text, text_in(request, "sha256"));
    TRY_IN("sha256", const Bytes sha256, from_hex(text));
    TRY_STATUS(parts.loop.call([&](agent::Supervisor& supervisor) { return supervisor.activate(slot, sha256); }));
    return said("the certificate is in use");
  }
  TRY(const std::string text, parts.loop.call([&](agent::Supervisor& supervisor) {
    return verb == "renew" ? supervisor.renew(slot) : supervisor.enrol(slot);
  }));
  return said(text);
}

Result<json::value> add_trust(const LocalApiParts& parts, const http::Request& request) {
  TRY(const std::string store, text_in(request, "store"));
  TRY(const std::string pem, text_in(request, "pem"));
  TRY(const auto certificates, pki::read_certificates(as_bytes(pem)));
  std::vector<Bytes> list;
  for (const pki::Certificate& certificate : certificates) list.push_back(to_bytes(certificate.der()));
  TRY_STATUS(parts.loop.call([&](agent::Supervisor& supervisor) { return supervisor.add_trust(store, list); }));
  return said(fmt::format("{} has {} more to trust, if they were not there before", store, list.size()));
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> words;
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::size_t slash = std::min(path.find('/'), path.size());
    words.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  return words;
}

Result<json::value> route(const LocalApiParts& parts, const http::Request& request) {
  const std::vector<std::string> words = parts_of(request.path());
  const std::string_view method = request.method;
  const auto is = [&](std::string_view wanted, std::size_t count, std::string_view what) {
    return method == wanted && words.size() == count && words[0] == "v1" && words[1] == what;
  };
  if (is("GET", 2, "status")) return status_json(parts);
  if (is("GET", 2, "certificates"))
    return parts.loop.call([&](const agent::Supervisor& supervisor) { return certificates_json(parts, supervisor); });
  if (is("GET", 2, "history")) {
    const std::string slot(http::raw_parameter(request.query(), "slot").value_or(""));
    const std::string_view number = http::raw_parameter(request.query(), "limit").value_or("50");
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), limit);
    if (error != std::errc() || end != number.data() + number.size() || limit > agent::AgentStore::history_length)
      return invalid(fmt::format("limit must be a number up to {}", agent::AgentStore::history_length));
    return parts.loop.call([&](const agent::Supervisor&) { return history_json(parts, slot, limit); });
  }
  if (is("GET", 2, "trust")) return parts.loop.call([&](const agent::Supervisor&) { return trust_json(parts); });
  if (is("POST", 2, "trust")) return add_trust(parts, request);
  if (is("DELETE", 4, "trust")) {
    TRY_IN("the fingerprint", const Bytes sha256, from_hex(words[3]));
    TRY_STATUS(
        parts.loop.call([&](agent::Supervisor& supervisor) { return supervisor.remove_trust(words[2], sha256); }));
    return said("it is not trusted any more");
  }
  if (is("POST", 4, "slots") && (words[3] == "renew" || words[3] == "enroll" || words[3] == "activate"))
    return act_on_slot(parts, request, words[2], words[3]);
  return not_found(fmt::format("there is no {} {}", method, request.path()));
}

}  // namespace

std::string_view hub_word(const agent::LinkView& link) {
  return link.last_contact ? wire::to_string(link.state) : "not reached yet";
}

http::Response answer_locally(const LocalApiParts& parts, const http::Request& request) {
  const Result<json::value> answer = route(parts, request);
  if (answer) return json_response(200, *answer);
  const Error& error = answer.error();
  return json_response(
      status_of(error.code()),
      json::object{{"error", json::object{{"code", to_string(error.code())}, {"text", error.text()}}}});
}

}  // namespace chancery::agent_program
