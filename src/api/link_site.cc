#include "api/link_site.h"

#include "api/error_status.h"
#include "api/json_views.h"
#include "wire/refusal.h"

namespace chancery::api {
namespace {

http::Response response_of(const Result<wire::CheckInAnswer>& answer) {
  if (!answer) return json_error(answer.error());
  if (answer->state == wire::NodeState::blocked)
    return json_response(403, {{"error", {{"code", wire::blocked_code}, {"text", "this node is blocked"}}}});
  return {.content_type = "application/json",
          .body = to_bytes(as_bytes(wire::to_json(*answer))),
          .headers = {{"Cache-Control", "no-store"}}};
}

http::Response problem(unsigned status, ErrorCode code, std::string text) {
  http::Response response = json_error(Error(code, std::move(text)));
  response.status = status;
  return response;
}

Result<hub::CheckInCall> call_of(const http::Request& request) {
  TRY_IN("the check-in", wire::CheckIn message, wire::check_in_from_json(as_text(request.body)));
  return hub::CheckInCall{
      .certificate = request.peer_certificate, .remote_address = request.remote_address, .message = std::move(message)};
}

}  // namespace

void LinkSite::answer(const http::Request& request, http::Reply reply) {
  if (request.path() != wire::check_in_path)
    return reply.send(problem(404, ErrorCode::not_found, "agents check in at " + std::string(wire::check_in_path)));
  if (request.method != "POST") {
    http::Response response = problem(405, ErrorCode::invalid, "this path takes POST");
    response.headers.push_back({"Allow", "POST"});
    return reply.send(std::move(response));
  }
  if (request.peer_certificate.empty())
    return reply.send(json_error(Error(ErrorCode::refused, "no certificate was shown: an agent shows its own")));
  // Anybody can show a certificate of his own making: what he says is not even parsed.
  const auto caller = check_in_.recognise(request.peer_certificate);
  if (!caller) return reply.send(json_error(caller.error()));
  const auto call = call_of(request);
  if (!call) {
    // A program that is too old must not take it for a certificate that is not good.
    const bool too_new = call.error().code() == ErrorCode::refused;
    return reply.send(too_new ? problem(400, ErrorCode::invalid, call.error().text()) : json_error(call.error()));
  }
  const auto decision = check_in_.answer(*caller, *call);
  if (!decision) return reply.send(json_error(decision.error()));
  if (decision->hold.count() == 0) return reply.send(response_of(decision->answer));
  hold(*decision, std::move(reply));
}

void LinkSite::hold(const hub::CheckInDecision& decision, http::Reply reply) {
  held_.hold(std::move(reply), [&](std::uint64_t number) -> std::uint64_t {
    const auto ticket = presence_.hold({.node_id = decision.party.node_id,
                                        .serial = decision.party.serial,
                                        .longest = decision.hold,
                                        .wake = [this, number, party = decision.party] { wake(number, party); }},
                                       decision.mark);
    if (ticket) return *ticket;
    // Something happened just now: there may be something to hear after all.
    wake(number, decision.party);
    return 0;
  });
}

void LinkSite::wake(std::uint64_t number, const hub::LinkParty& party) {
  if (auto reply = held_.take(number)) reply->send(response_of(check_in_.later(party)));
}

}  // namespace chancery::api
