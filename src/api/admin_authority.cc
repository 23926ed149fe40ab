// The authority: root, generations, rollover, CRLs.

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "ca/crl_signing.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

json::array generation_rows(const hub::Keyring& keyring) {
  json::array rows;
  for (const GenerationView& view : generations_of(keyring)) rows.push_back(to_json(view));
  return rows;
}

http::Response authority_response(const Call& call) {
  const hub::Keyring& keyring = call.services.context.keyring;
  return json_response(
      200, {{"root", authority_certificate_json(keyring.root())}, {"generations", generation_rows(keyring)}});
}

Result<http::Response> show_authority(const Call& call) { return authority_response(call); }

Result<http::Response> announce(const Call& call) {
  const std::string text = call.input.optional_text("issuing").value_or("rsa:2048");
  TRY_IN("issuing", const pki::KeySpec spec, pki::key_spec_from_text(text));
  TRY([[maybe_unused]] const int number, call.services.rollover.announce(spec, call.caller));
  return authority_response(call);
}

Result<http::Response> activate(const Call& call) {
  TRY([[maybe_unused]] const int number, call.services.rollover.activate(call.caller));
  return authority_response(call);
}

Result<http::Response> export_chain(const Call& call) {
  std::string pem;
  for (const pki::Certificate& certificate : chain_of(call.services.context.keyring)) pem += certificate.to_pem();
  return http::Response{.content_type = "application/x-pem-file", .body = to_bytes(as_bytes(pem))};
}

Result<http::Response> list_crls(const Call& call) {
  TRY(const auto crls, latest_crls(call.services.context));
  json::array rows;
  for (const auto& [generation, crl] : crls) rows.push_back(to_json(crl, call.services));
  return list_response("crls", std::move(rows));
}

// Every generation whose issuing CA is still valid; or the one that is asked for.
Result<http::Response> publish_crls(const Call& call) {
  hub::Context& context = call.services.context;
  const auto wanted = call.input.integer("generation");
  if (wanted) {
    TRY_STATUS(call.services.crls.publish(static_cast<int>(*wanted)));
    return list_crls(call);
  }
  for (const GenerationView& view : generations_of(context.keyring)) {
    if (view.generation.keys().issuing.validity().not_after < context.clock.now()) continue;
    TRY_STATUS(call.services.crls.publish(view.generation.number()));
  }
  return list_crls(call);
}

Result<http::Response> export_crl(const Call& call) {
  const int number = static_cast<int>(*call.input.integer("generation"));
  TRY(auto crls, latest_crls(call.services.context));
  const auto crl = crls.find(number);
  if (crl == crls.end()) return not_found(fmt::format("there is no CRL of generation {}", number));
  return http::Response{.content_type = "application/pkix-crl", .body = std::move(crl->second.der)};
}

const Shape& authority_shape() {
  static const Shape shape{.name = "Authority",
                           .fields = {{.name = "root",
                                       .type = FieldType::object,
                                       .help = "What everyone trusts",
                                       .required = true,
                                       .shape = &authority_certificate_shape()},
                                      {.name = "generations",
                                       .type = FieldType::object_list,
                                       .help = "In order of their numbers",
                                       .required = true,
                                       .shape = &generation_shape()}}};
  return shape;
}

const Shape& crl_list_shape() {
  static const Shape shape = list_shape("CrlList", "crls", crl_shape(), false);
  return shape;
}

Field generation_field(std::string_view help, std::int64_t least) {
  return {.name = "generation", .type = FieldType::integer, .help = help, .least = least, .most = 1000000};
}

Field crl_field() {
  Field field = generation_field("Number of the generation; 0: the root", ca::root_crl);
  field.required = true;
  return field;
}

}  // namespace

void add_authority_routes(RouteTable& table) {
  table.add({.method = "GET",
             .path = "/v1/authority",
             .name = "show_authority",
             .permission = Permission::view,
             .summary = "The root and the generations below it",
             .answer = {.shape = &authority_shape()},
             .handler = show_authority});
  table.add({.method = "POST",
             .path = "/v1/authority/announce",
             .name = "announce_generation",
             .permission = Permission::administer,
             .summary = "Makes the next generation, which clients can fetch from then on",
             .fields = {{.name = "issuing", .help = "Type of its issuing key, such as ec:p256; rsa:2048 if not given"}},
             .answer = {.shape = &authority_shape()},
             .handler = announce});
  table.add({.method = "POST",
             .path = "/v1/authority/activate",
             .name = "activate_generation",
             .permission = Permission::administer,
             .summary = "Makes the announced generation the current one",
             .answer = {.shape = &authority_shape()},
             .handler = activate});
  table.add({.method = "GET",
             .path = "/v1/authority/chain",
             .name = "export_authority_chain",
             .permission = Permission::view,
             .summary = "The authority's certificates in PEM: current issuing CA, others, root",
             .answer = {.content_type = "application/x-pem-file"},
             .handler = export_chain});
  table.add({.method = "GET",
             .path = "/v1/crls",
             .name = "list_crls",
             .permission = Permission::view,
             .summary = "The latest CRL of the root and of each generation",
             .answer = {.shape = &crl_list_shape()},
             .handler = list_crls});
  table.add({.method = "POST",
             .path = "/v1/crls/publish",
             .name = "publish_crls",
             .permission = Permission::administer,
             .summary = "Makes new CRLs now: of one generation, or of all",
             .fields = {generation_field("Number of the generation", 1)},
             .answer = {.shape = &crl_list_shape()},
             .handler = publish_crls});
  table.add({.method = "GET",
             .path = "/v1/crls/{generation}",
             .name = "export_crl",
             .permission = Permission::view,
             .summary = "The latest CRL of a generation in DER",
             .fields = {crl_field()},
             .answer = {.content_type = "application/pkix-crl"},
             .handler = export_crl});
}

}  // namespace chancery::api
