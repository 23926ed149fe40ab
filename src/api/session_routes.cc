// Signing in to the web pages, and out.

#include <fmt/format.h>

#include "api/admin_routes.h"
#include "api/error_status.h"
#include "api/json_views.h"
#include "api/session_cookie.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

http::Response session_response(const Call& call, const hub::SessionView& session) {
  return json_response(200, {{"user", session.user},
                             {"role", hub::to_string(session.role)},
                             {"csrf_token", session.csrf_token},
                             {"must_change_password", session.must_change_password},
                             {"expires", to_rfc3339(session.expires)},
                             {"version", call.services.version}});
}

std::unexpected<Error> no_session() {
  return conflict("there is no session on the Unix socket: who may connect to it is an administrator");
}

// What to say when a password was not right, or not looked at.
struct WrongPassword {
  unsigned status;
  std::string_view text;
};

http::Response refused_response(Seconds wait, bool busy, WrongPassword wrong) {
  http::Response response;
  if (busy) {
    response = json_error(Error(ErrorCode::unavailable, "too many passwords are being checked just now: try again"));
    response.headers.push_back({"Retry-After", "1"});
  } else if (wait > Seconds(0)) {
    response = json_error(
        Error(ErrorCode::refused, fmt::format("too many sign-ins failed: try again in {}", to_duration_text(wait))));
    response.status = 429;
    response.headers.push_back({"Retry-After", std::to_string(wait.count())});
  } else {
    response = json_error(Error(ErrorCode::refused, std::string(wrong.text)));
    response.status = wrong.status;
  }
  return response;
}

// What came of presenting a password.
http::Response outcome_response(const Call& call, const hub::SignInOutcome& outcome, WrongPassword wrong) {
  if (!outcome.session) return refused_response(outcome.wait, outcome.busy, wrong);
  http::Response response = session_response(call, outcome.session->view);
  response.headers.push_back({"Set-Cookie", session_cookie(outcome.session->token, call.request.tls)});
  return response;
}

Result<http::Response> sign_in(const Call& call) {
  if (call.request.peer_uid) return no_session();
  const SecretBytes password = SecretBytes::copy_of(call.input.text("password"));
  TRY(const hub::SignInOutcome outcome,
      call.services.sign_in.sign_in(call.input.text("user"), password.view(), call.request.remote_address));
  return outcome_response(call, outcome, {401, "the user or the password is wrong"});
}

Result<http::Response> show_session(const Call& call) {
  if (call.visitor.session == nullptr) return no_session();
  return session_response(call, *call.visitor.session);
}

Result<http::Response> sign_out(const Call& call) {
  if (call.visitor.session == nullptr) return no_session();
  TRY_STATUS(call.services.sign_in.sign_out(*call.visitor.session));
  return http::Response{.status = 204, .headers = {{"Set-Cookie", ended_session_cookie(call.request.tls)}}};
}

Result<http::Response> change_password(const Call& call) {
  if (call.visitor.session == nullptr) return no_session();
  const SecretBytes old_password = SecretBytes::copy_of(call.input.text("old_password"));
  const SecretBytes new_password = SecretBytes::copy_of(call.input.text("new_password"));
  TRY(const hub::SignInOutcome outcome,
      call.services.sign_in.change_password(*call.visitor.session, old_password.view(), new_password.view(),
                                            call.request.remote_address));
  return outcome_response(call, outcome, {403, "the old password is wrong"});
}

const Shape& session_shape() {
  static const Shape shape{
      .name = "Session",
      .fields = {
          {.name = "user", .help = "Who is signed in", .required = true},
          {.name = "role", .help = "What the user may do", .required = true, .choices = role_names()},
          {.name = "csrf_token", .help = "For X-CSRF-Token, which every change has to carry", .required = true},
          {.name = "must_change_password",
           .type = FieldType::flag,
           .help = "Nothing else is open before the password is changed",
           .required = true},
          {.name = "expires", .type = FieldType::time, .help = "When it ends, in use or not", .required = true},
          {.name = "version", .help = "Of the program", .required = true},
      }};
  return shape;
}

}  // namespace

Result<std::optional<http::Response>> refuse_without_own_password(const Call& call) {
  if (call.visitor.session == nullptr) return std::nullopt;
  const auto given = call.input.optional_text("own_password");
  if (!given) return invalid("this needs your own password once more, as own_password");
  const SecretBytes password = SecretBytes::copy_of(*given);
  TRY(const hub::Confirmation confirmed,
      call.services.sign_in.confirm(*call.visitor.session, password.view(), call.request.remote_address));
  if (confirmed.right) return std::nullopt;
  // 403: the session goes on.
  return refused_response(confirmed.wait, confirmed.busy, {403, "your own password is wrong"});
}

std::vector<std::string_view> role_names() { return {"administrator", "operator", "auditor"}; }

void add_session_routes(RouteTable& table) {
  table.add({.method = "POST",
             .path = "/v1/session",
             .name = "sign_in",
             .permission = Permission::anyone,
             .summary = "Signs in, and sets the session's cookie; 401: wrong, 429: not before Retry-After, "
                        "503: too many try at once",
             .fields = {{.name = "user", .help = "Name, in any case", .required = true},
                        {.name = "password", .help = "The user's", .required = true}},
             .answer = {.shape = &session_shape()},
             .handler = sign_in});
  table.add({.method = "GET",
             .path = "/v1/session",
             .name = "show_session",
             .permission = Permission::self,
             .summary = "Who is signed in; 401: nobody",
             .answer = {.shape = &session_shape()},
             .handler = show_session});
  table.add({.method = "DELETE",
             .path = "/v1/session",
             .name = "sign_out",
             .permission = Permission::self,
             .summary = "Ends the session",
             .answer = {.status = 204},
             .handler = sign_out});
  table.add({.method = "POST",
             .path = "/v1/session/password",
             .name = "change_own_password",
             .permission = Permission::self,
             .summary = "Changes the own password: all sessions of the user end, and a new one with another cookie and "
                        "csrf_token begins",
             .fields = {{.name = "old_password", .help = "As it is", .required = true},
                        {.name = "new_password", .help = "At least 12 characters", .required = true}},
             .answer = {.shape = &session_shape()},
             .handler = change_password});
}

}  // namespace chancery::api
