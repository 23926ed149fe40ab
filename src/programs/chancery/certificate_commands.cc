#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <charconv>
#include <ostream>

#include "cli/words.h"
#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string where_to_look(const std::string& name) {
  return fmt::format("'chancery cert list --text {}' finds certificates by name", cli::shell_word(name));
}

// ErrorCode::invalid where a name stands in a serial's place.
Result<std::string> certificate_path(const cli::Arguments& arguments) {
  const std::string serial = arguments.text("SERIAL");
  if (serial.empty() || serial.find_first_not_of("0123456789abcdefABCDEF:") != std::string::npos)
    return invalid(fmt::format("'{}' is no serial number: {}", serial, where_to_look(serial)));
  return "/v1/certificates/" + http::percent_encode(serial);
}

// A name such as "cafe" may pass for a serial.
template <class T>
Result<T> or_where_to_look(Result<T> answer, const cli::Arguments& arguments) {
  if (answer || answer.error().code() != ErrorCode::not_found) return answer;
  return not_found(fmt::format("{}; {}", answer.error().text(), where_to_look(arguments.text("SERIAL"))));
}

// A page may end before it is full, because the server looks at so many certificates at a time: then the next is added.
Result<json::value> full_page(AdminClient& client, const std::string& path, const std::string& limit,
                              const std::string& after) {
  std::string place = after.empty() ? "" : "&after=" + http::percent_encode(after);
  TRY(json::value page, client.get(fmt::format("{}&limit={}{}", path, http::percent_encode(limit), place)));
  std::size_t most = 0;
  std::from_chars(limit.data(), limit.data() + limit.size(), most);
  json::object& fields = page.as_object();
  json::array& rows = fields["certificates"].as_array();
  while (fields.contains("next") && rows.size() < most) {
    TRY(json::value more,
        client.get(fmt::format("{}&limit={}&after={}", path, most - rows.size(), fields["next"].as_int64())));
    for (json::value& row : more.as_object()["certificates"].as_array()) rows.push_back(std::move(row));
    fields.erase("next");
    if (const json::value* next = more.as_object().if_contains("next")) fields["next"] = *next;
  }
  return page;
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  std::string path = "/v1/certificates?";
  for (const char* name : {"endpoint", "state", "text"})
    if (arguments.has(name)) path += fmt::format("&{}={}", name, http::percent_encode(arguments.text(name)));
  if (arguments.has("expires-before"))
    path += "&expires_before=" + http::percent_encode(arguments.text("expires-before"));
  TRY(const json::value answer, full_page(client, path, arguments.text("limit", "100"), arguments.text("after")));
  print_list(arguments, terminal, answer, "certificates",
             {{"SERIAL", "serial"},
              {"STATE", "state"},
              {"ENDPOINT", "endpoint"},
              {"SUBJECT", "subject"},
              {"ALTERNATIVE NAMES", "alternative_names", 40},
              {"EXPIRES", "not_after"}},
             "There is no such certificate.");
  return {};
}

Status run_show(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, certificate_path(arguments));
  TRY(const json::value answer, or_where_to_look(client.get(path), arguments));
  print_fields(arguments, terminal, answer,
               {{"serial", "serial"},
                {"state", "state"},
                {"status", "status"},
                {"revoked at", "revoked_at"},
                {"reason", "reason"},
                {"endpoint", "endpoint"},
                {"subject", "subject"},
                {"alternative names", "alternative_names"},
                {"issuer", "issuer"},
                {"generation", "generation"},
                {"valid from", "not_before"},
                {"valid until", "not_after"},
                {"key", "key_type"},
                {"key usage", "key_usages"},
                {"extended key usage", "extended_key_usages"},
                {"signature", "signature_algorithm"},
                {"SHA-256", "fingerprint"},
                {"key SHA-256", "key_fingerprint"},
                {"CRL", "crl_urls"},
                {"replaces", "replaces"},
                {"issued", "created"}});
  return {};
}

// The earlier certificates of the device that are not revoked with it. Who tidies up leaves it the one before.
std::string still_good(const json::value& answer, const std::string& reason) {
  std::string text;
  const json::value* earlier = answer.as_object().if_contains("earlier");
  if (earlier == nullptr) return text;
  for (const json::value& each : earlier->as_array()) {
    const std::string serial = field_text(each, "serial");
    if (field_text(each, "status") == "suspended") continue;
    text += fmt::format("\n{} is valid until {}: ", serial, field_text(each, "not_after"));
    text += reason == "superseded" ? "the device can go on with it."
                                   : fmt::format(
                                         "this one came after it. If who has that key is not to be let in "
                                         "anywhere, either: chancery cert revoke {} --reason {}",
                                         serial, reason);
  }
  return text;
}

// What was suspended together with the certificate that is released now, and is suspended still.
std::string still_suspended(const json::value& certificate) {
  std::string text;
  const json::value* earlier = certificate.as_object().if_contains("earlier");
  if (earlier == nullptr) return text;
  for (const json::value& each : earlier->as_array())
    if (field_text(each, "status") == "suspended")
      text += fmt::format("\n{}, an earlier one of this device, is suspended still: chancery cert release {}",
                          field_text(each, "serial"), field_text(each, "serial"));
  return text;
}

Status run_revoke(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, certificate_path(arguments));
  const std::string reason = arguments.text("reason", "unspecified");
  const json::object order{{"reason", reason}, {"with_earlier", arguments.flag("with-earlier")}};
  TRY(const json::value answer, or_where_to_look(client.post(path + "/revoke", order), arguments));
  print_done(arguments, terminal, answer,
             fmt::format("{} for {} is {}, and the CRL is renewed.{}", field_text(answer, "serial"),
                         field_text(answer, "subject"), field_text(answer, "status"), still_good(answer, reason)));
  return {};
}

Status run_release(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, certificate_path(arguments));
  TRY(const json::value answer, or_where_to_look(client.post(path + "/release", json::object()), arguments));
  TRY(const json::value details, client.get(path));
  print_done(arguments, terminal, answer,
             fmt::format("{} for {} is released, and not on the CRL any more.{}", field_text(answer, "serial"),
                         field_text(answer, "subject"), still_suspended(details)));
  return {};
}

Status run_export(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, certificate_path(arguments));
  TRY(const Bytes content, or_where_to_look(client.download(path + "/" + arguments.text("format", "pem")), arguments));
  return print_file(arguments, terminal, content, arguments.text("format") == "der" ? Form::der : Form::pem);
}

}  // namespace

std::vector<cli::Command> certificate_commands() {
  const cli::Positional serial{.name = "SERIAL", .help = "Serial number in hexadecimal, with or without colons"};
  return {
      {.path = "cert list",
       .summary = "List certificates, newest first",
       .options =
           {{.name = "endpoint", .value_name = "NAME", .help = "Only this endpoint's"},
            {.name = "state",
             .value_name = "STATE",
             .help = "Only these",
             .choices = {"issued", "revoked", "intended"}},
            {.name = "text",
             .value_name = "TEXT",
             .help = "Only where words of the subject or the alternative names begin with these, or the serial or the "
                     "fingerprint does, with 6 digits or more: 'prin 7' finds printer-7"},
            {.name = "expires-before",
             .value_name = "TIME",
             .help = "Only what expires before, for example 2027-01-31T00:00:00Z"},
            {.name = "limit", .value_name = "N", .help = "At most so many", .default_text = "100"},
            {.name = "after", .value_name = "N", .help = "Continue a list"}},
       .run = run_list},
      {.path = "cert show", .summary = "Show a certificate", .positionals = {serial}, .run = run_show},
      {.path = "cert revoke",
       .summary = "Revoke a certificate and renew the CRL",
       .description =
           "A device that uses the certificate is turned away wherever the CRL is looked at, cannot renew it, and its "
           "link to the hub ends. The certificates that this one replaced are no identity for the hub any more, "
           "either, unless the reason is superseded; but who reads the CRL takes them as long as they are valid. The "
           "device "
           "may have kept the last of them, and so has who copied its files: --with-earlier revokes them, too. This "
           "cannot "
           "be undone, but for the reason certificateHold: that suspends the certificate until it is released with "
           "'chancery cert release', or revoked for another reason.",
       .positionals = {serial},
       .options = {{.name = "reason",
                    .value_name = "REASON",
                    .help = "Why, as in RFC 5280; certificateHold: only suspend it",
                    .choices = {"unspecified", "keyCompromise", "affiliationChanged", "superseded",
                                "cessationOfOperation", "privilegeWithdrawn", "certificateHold"},
                    .default_text = "unspecified"},
                   {.name = "with-earlier",
                    .value_name = "",
                    .help = "Also those that it replaced, if they are valid still",
                    .flag = true}},
       .examples = {"chancery cert revoke 4f3a… --reason keyCompromise --with-earlier",
                    "chancery cert revoke 4f3a… --reason certificateHold"},
       .run = run_revoke},
      {.path = "cert release",
       .summary = "End the suspension of a certificate and renew the CRL",
       .description = "The certificate must have been revoked with the reason certificateHold. It is valid again, and "
                      "its device calls the hub and renews as before. Who has read an earlier CRL turns it away until "
                      "the next one is read.",
       .positionals = {serial},
       .examples = {"chancery cert release 4f3a…"},
       .run = run_release},
      {.path = "cert export",
       .summary = "Write a certificate as PEM, DER, or PEM with its chain",
       .positionals = {serial},
       .options = {{.name = "format",
                    .value_name = "FORMAT",
                    .help = "The form",
                    .choices = {"pem", "der", "chain"},
                    .default_text = "pem"},
                   {.name = "out", .value_name = "FILE", .help = "Write there instead of to the terminal"}},
       .run = run_export},
  };
}

}  // namespace chancery::program
