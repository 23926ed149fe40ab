// Who may sign in to the web pages.

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

json::object to_json(const hub::UserRecord& user, Timestamp now) {
  json::object out{{"name", user.name},
                   {"role", hub::to_string(user.role)},
                   {"created", to_rfc3339(user.created)},
                   {"must_change_password", user.must_change_password},
                   {"disabled", user.disabled}};
  if (user.last_sign_in) out["last_sign_in"] = to_rfc3339(*user.last_sign_in);
  if (user.locked_until && *user.locked_until > now) out["locked_until"] = to_rfc3339(*user.locked_until);
  return out;
}

std::vector<Field> user_fields() {
  return {{.name = "name", .help = "Lower case", .required = true},
          {.name = "role", .help = "What the user may do", .required = true, .choices = role_names()},
          {.name = "created", .type = FieldType::time, .help = "When the user was added", .required = true},
          {.name = "last_sign_in", .type = FieldType::time, .help = "When the user signed in last"},
          {.name = "locked_until",
           .type = FieldType::time,
           .help = "No sign-in is tried before then, because too many failed"},
          {.name = "must_change_password",
           .type = FieldType::flag,
           .help = "Before anything else can be done",
           .required = true},
          {.name = "disabled", .type = FieldType::flag, .help = "Cannot sign in", .required = true}};
}

const Shape& user_shape() {
  static const Shape shape{.name = "User", .fields = user_fields()};
  return shape;
}

// After a change: with the password, where one was generated.
const Shape& changed_user_shape() {
  static const Shape shape = [] {
    Shape made{.name = "ChangedUser", .fields = user_fields()};
    made.fields.push_back({.name = "password", .help = "Where it was generated; told here and never again"});
    return made;
  }();
  return shape;
}

Result<http::Response> changed_response(const Call& call, unsigned status, std::string_view name,
                                        const SecretBytes& password) {
  TRY(const hub::UserRecord user, call.services.accounts.find(name));
  json::object body = to_json(user, call.services.context.clock.now());
  if (!password.empty()) body["password"] = as_text(password.view());
  return json_response(status, body);
}

Result<http::Response> list_users(const Call& call) {
  TRY(const auto users, call.services.accounts.list());
  json::array rows;
  for (const hub::UserRecord& user : users) rows.push_back(to_json(user, call.services.context.clock.now()));
  return list_response("users", std::move(rows));
}

Result<http::Response> add_user(const Call& call) {
  const Input& input = call.input;
  TRY(const hub::Role role, hub::role_from_text(input.text("role")));
  TRY(auto stranger, refuse_without_own_password(call));
  if (stranger) return *std::move(stranger);
  const std::string name = hub::user_name_of(input.text("name"));
  TRY(const SecretBytes password,
      call.services.accounts.add({.name = name,
                                  .role = role,
                                  .password = SecretBytes::copy_of(input.text("password")),
                                  .keeps_password = !input.optional_flag("must_change_password").value_or(true)},
                                 call.caller));
  return changed_response(call, 201, name, password);
}

Result<http::Response> change_user(const Call& call) {
  const Input& input = call.input;
  const std::string name = hub::user_name_of(input.text("name"));
  hub::UserChange change{.disabled = input.optional_flag("disabled"), .unlock = input.flag("unlock")};
  if (const auto role = input.optional_text("role")) {
    TRY(change.role, hub::role_from_text(*role));
  }
  const auto given = input.optional_text("password");
  const bool generates = input.flag("generate_password");
  if (given && generates) return invalid("password: does not go together with generate_password");
  if (given && given->empty()) return invalid("password: empty");
  // Somebody at an unlocked screen should not be able to take the account over.
  if ((given || generates) && call.visitor.session != nullptr && call.visitor.session->user == name)
    return conflict("this is you: change your own password with the old one");
  if (change.role || change.disabled || change.unlock || given || generates) {
    TRY(auto stranger, refuse_without_own_password(call));
    if (stranger) return *std::move(stranger);
  }
  if (given || generates)
    change.password = {.password = SecretBytes::copy_of(given.value_or("")),
                       .keeps_password = !input.optional_flag("must_change_password").value_or(true)};
  const bool unlocks = change.unlock || change.password;
  TRY(const SecretBytes password, call.services.accounts.change(name, std::move(change), call.caller));
  if (unlocks) call.services.sign_in.unlock(name);
  return changed_response(call, 200, name, password);
}

Result<http::Response> remove_user(const Call& call) {
  TRY(auto stranger, refuse_without_own_password(call));
  if (stranger) return *std::move(stranger);
  TRY_STATUS(call.services.accounts.remove(hub::user_name_of(call.input.text("name")), call.caller));
  return http::Response{.status = 204};
}

const Shape& user_list_shape() {
  static const Shape shape = list_shape("UserList", "users", user_shape(), false);
  return shape;
}

Field name_field() { return {.name = "name", .help = "Of the user", .required = true}; }

Field must_change_field() {
  return {.name = "must_change_password",
          .type = FieldType::flag,
          .help = "Whether the user has to choose another one first; true if not given"};
}

}  // namespace

void add_user_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/users",
             .name = "list_users",
             .permission = Permission::view,
             .summary = "Who may sign in, by name",
             .answer = {.shape = &user_list_shape()},
             .handler = list_users});
  table.add(
      {.method = "POST",
       .path = "/v1/users",
       .name = "add_user",
       .permission = Permission::administer,
       .summary = "Adds a user; without a password, one is generated",
       .fields = {{.name = "name", .help = "1 to 64 letters, digits or . _ @ - ; kept in lower case", .required = true},
                  {.name = "role", .help = "What the user may do", .required = true, .choices = role_names()},
                  {.name = "password", .help = "At least 12 characters"},
                  must_change_field(),
                  own_password_field()},
       .answer = {.status = 201, .shape = &changed_user_shape()},
       .handler = add_user});
  table.add({.method = "PATCH",
             .path = "/v1/users/{name}",
             .name = "change_user",
             .permission = Permission::administer,
             .summary = "Changes what is sent; a new role or password, or disabling, ends the user's sessions",
             .fields = {name_field(),
                        {.name = "role", .help = "What the user may do from now on", .choices = role_names()},
                        {.name = "disabled", .type = FieldType::flag, .help = "Whether the user cannot sign in"},
                        {.name = "unlock", .type = FieldType::flag, .help = "Forgets the sign-ins that failed"},
                        {.name = "password", .help = "At least 12 characters"},
                        {.name = "generate_password", .type = FieldType::flag, .help = "Makes a password"},
                        must_change_field(),
                        own_password_field()},
             .answer = {.shape = &changed_user_shape()},
             .handler = change_user});
  table.add({.method = "DELETE",
             .path = "/v1/users/{name}",
             .name = "remove_user",
             .permission = Permission::administer,
             .summary = "Removes a user; an administrator always stays",
             .fields = {name_field(), own_password_field()},
             .answer = {.status = 204},
             .handler = remove_user});
}

}  // namespace chancery::api
