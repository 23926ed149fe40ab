// One-time challenges.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "api/minted_challenge.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

Result<http::Response> list_challenges(const Call& call) {
  TRY(const ca::ChallengePage page, call.services.challenges.list({.endpoint = call.input.text("endpoint"),
                                                                   .after = call.input.integer("after").value_or(0),
                                                                   .limit = limit_of(call.input)}));
  json::array rows;
  for (const ca::ChallengeRecord& record : page.rows)
    rows.push_back(to_json(record, call.services.context.clock.now()));
  return list_response("challenges", std::move(rows), page.next);
}

Result<http::Response> mint_challenge(const Call& call) {
  const Input& input = call.input;
  TRY(const ca::MintedChallenge minted,
      call.services.challenges.mint({.endpoint = input.text("endpoint"),
                                     .binding = {.subject = input.optional_text("subject"),
                                                 .alternative_names = input.texts("alternative_names")},
                                     .lifetime = input.duration("lifetime"),
                                     .note = input.text("note")},
                                    call.caller));
  return json_response(201, minted_challenge_json(call.services, minted));
}

Result<http::Response> remove_challenge(const Call& call) {
  TRY_STATUS(call.services.challenges.revoke(call.input.text("id"), call.caller));
  return http::Response{.status = 204};
}

const Shape& challenge_list_shape() {
  static const Shape shape = list_shape("ChallengeList", "challenges", challenge_shape(), true);
  return shape;
}

}  // namespace

json::object minted_challenge_json(const AdminServices& services, const ca::MintedChallenge& minted) {
  const ca::ChallengeRecord& record = minted.record;
  json::object body{{"id", record.id},
                    {"challenge", as_text(minted.text.view())},
                    {"endpoint", record.endpoint},
                    {"expires", to_rfc3339(record.expires)},
                    {"bound", record.binding.subject.has_value()},
                    {"url", services.base_url + "/scep/" + record.endpoint}};
  if (const hub::Endpoint* endpoint = services.context.endpoints.find(record.endpoint))
    body["fingerprint"] = pinned_fingerprint(services.context, *endpoint);
  return body;
}

const Shape& minted_challenge_shape() {
  static const Shape shape{
      .name = "MintedChallenge",
      .fields = {
          {.name = "id", .help = "Names the challenge; no secret", .required = true},
          {.name = "challenge", .help = "What the device presents. It is told here and never again", .required = true},
          {.name = "endpoint", .help = "Where it is good", .required = true},
          {.name = "expires", .type = FieldType::time, .help = "Until when it is good", .required = true},
          {.name = "bound",
           .type = FieldType::flag,
           .help = "Whether it is good for one subject only, and not for any that the endpoint's policy allows",
           .required = true},
          {.name = "url", .help = "The SCEP URL to tell the device", .required = true},
          {.name = "fingerprint", .help = "The certificate to pin: SHA-256, hexadecimal"},
      }};
  return shape;
}

void add_challenge_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/challenges",
             .name = "list_challenges",
             .permission = Permission::view,
             .summary = "One-time challenges, newest first, without the secrets",
             .fields = {{.name = "endpoint", .help = "Only of this endpoint"}, after_field(), limit_field()},
             .answer = {.shape = &challenge_list_shape()},
             .handler = list_challenges});
  table.add({.method = "POST",
             .path = "/v1/challenges",
             .name = "mint_challenge",
             .permission = Permission::operate,
             .summary = "Makes a one-time challenge for one device",
             .fields = {{.name = "endpoint", .help = "Where it is good", .required = true},
                        {.name = "subject", .help = "The subject that the request must have, RFC 4514"},
                        {.name = "alternative_names",
                         .type = FieldType::text_list,
                         .help = "Names that the request must have, such as dns:host.example or ip:192.0.2.7"},
                        {.name = "lifetime",
                         .type = FieldType::duration,
                         .help = "How long it is good, such as 12h; the endpoint's if not given"},
                        {.name = "note", .help = "For people; at most 200 characters"}},
             .answer = {.status = 201, .shape = &minted_challenge_shape()},
             .handler = mint_challenge});
  table.add({.method = "DELETE",
             .path = "/v1/challenges/{id}",
             .name = "remove_challenge",
             .permission = Permission::operate,
             .summary = "Takes a challenge back",
             .fields = {{.name = "id", .help = "Of the challenge", .required = true}},
             .answer = {.status = 204},
             .handler = remove_challenge});
}

}  // namespace chancery::api
