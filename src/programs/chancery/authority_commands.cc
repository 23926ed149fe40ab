#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>

#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

void print_authority(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& answer) {
  if (arguments.flag("json")) return print_fields(arguments, terminal, answer, {});
  print_fields(arguments, terminal, answer,
               {{"root", "root.subject"}, {"  valid until", "root.not_after"}, {"  SHA-256", "root.sha256"}});
  for (const json::value& generation : answer.at("generations").as_array()) {
    terminal.out << fmt::format("\ngeneration {} ({})\n", field_text(generation, "number"),
                                field_text(generation, "state"));
    print_fields(arguments, terminal, generation,
                 {{"issuing", "issuing.subject"},
                  {"  key", "issuing.key_type"},
                  {"  valid until", "issuing.not_after"},
                  {"  SHA-256", "issuing.sha256"},
                  {"RA", "ra.subject"},
                  {"  key ", "ra.key_type"},
                  {"  valid until ", "ra.not_after"},
                  {"  SHA-256 ", "ra.sha256"}});
  }
}

Status run_show(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/authority"));
  print_authority(arguments, terminal, answer);
  return {};
}

Status run_announce(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer,
      client.post("/v1/authority/announce", json::object{{"issuing", arguments.text("issuing", "rsa:2048")}}));
  print_authority(arguments, terminal, answer);
  return {};
}

Status run_activate(const cli::Arguments& arguments, cli::Terminal& terminal) {
  if (!arguments.flag("yes"))
    return invalid(
        "devices that pinned the old issuing CA, not the root, must know the new one before; say --yes if they do");
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.post("/v1/authority/activate", json::object()));
  print_authority(arguments, terminal, answer);
  return {};
}

Status run_chain(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const Bytes content, client.download("/v1/authority/chain"));
  return print_file(arguments, terminal, content, Form::pem);
}

const std::vector<Column> crl_columns = {{"GENERATION", "generation"}, {"NUMBER", "number"}, {"FROM", "this_update"},
                                         {"EXPIRES", "next_update"},   {"BYTES", "size"},    {"URL", "url", 100}};

Status run_crl_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/crls"));
  print_list(arguments, terminal, answer, "crls", crl_columns, "No CRL was made yet.");
  return {};
}

Status run_crl_publish(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.post("/v1/crls/publish", json::object()));
  print_list(arguments, terminal, answer, "crls", crl_columns, "No CRL was made yet.");
  return {};
}

Status run_crl_export(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const Bytes content, client.download("/v1/crls/" + http::percent_encode(arguments.text("GENERATION"))));
  return print_file(arguments, terminal, content, Form::der);
}

}  // namespace

std::vector<cli::Command> authority_commands() {
  const cli::Option out{.name = "out", .value_name = "FILE", .help = "Write there instead of to the terminal"};
  return {
      {.path = "ca show", .summary = "Show the root and every generation, with fingerprints", .run = run_show},
      {.path = "ca chain",
       .summary = "Print the CA certificates that relying parties need, in PEM",
       .options = {out},
       .run = run_chain},
      {.path = "ca announce",
       .summary = "Make the next generation and announce it to clients (GetNextCACert)",
       .options =
           {{.name = "issuing", .value_name = "KEY", .help = "Type of its issuing key", .default_text = "rsa:2048"}},
       .run = run_announce},
      {.path = "ca activate",
       .summary = "Make the announced generation the current one",
       .description = "The old generation still answers messages encrypted to it, and keeps its CRL.",
       .options = {{.name = "yes", .value_name = "", .help = "Do it", .flag = true}},
       .run = run_activate},
      {.path = "crl list", .summary = "List the CRLs in force", .run = run_crl_list},
      {.path = "crl publish", .summary = "Make new CRLs now", .run = run_crl_publish},
      {.path = "crl export",
       .summary = "Write a generation's CRL in DER",
       .positionals = {{.name = "GENERATION", .help = "Its number"}},
       .options = {out},
       .run = run_crl_export},
  };
}

}  // namespace chancery::program
