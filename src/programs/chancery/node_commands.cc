#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <ostream>

#include "files/file.h"
#include "http/url_query.h"
#include "pki/bundle.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/fleet_names.h"
#include "programs/chancery/listing.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

Result<std::int64_t> number_of(const std::string& id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return invalid(fmt::format("'{}' is not a number", id));
  return number;
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  std::string path = "/v1/nodes?limit=" + arguments.text("limit", "100");
  for (const char* field : {"text", "state", "product", "problem", "sort", "after"})
    if (arguments.has(field)) path += fmt::format("&{}={}", field, http::percent_encode(arguments.text(field)));
  if (arguments.has("cluster")) {
    TRY(const std::string id, cluster_id(client, arguments.text("cluster")));
    path += "&cluster=" + id;
  }
  TRY(const json::value answer, client.get(path));
  print_list(arguments, terminal, answer, "nodes",
             {{"ID", "id"},
              {"NAME", "name", 40},
              {"PRODUCT", "product", 20},
              {"STATE", "state"},
              {"ONLINE", "online"},
              {"SLOTS", "worst"},
              {"NEXT EXPIRY", "next_expiry"},
              {"LAST SEEN", "last_seen"},
              {"FROM", "remote_address"}},
             "There is no such node. Announce one: chancery node add NAME --slot SLOT --endpoint ENDPOINT");
  return {};
}

Status run_show(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.get(path));
  print_fields(arguments, terminal, answer,
               {{"id", "id"},
                {"name", "name"},
                {"product", "product"},
                {"state", "state"},
                {"online", "online"},
                {"slots", "worst"},
                {"first seen", "first_seen"},
                {"last seen", "last_seen"},
                {"from", "remote_address"},
                {"agent", "agent_version"},
                {"clock synchronised", "clock_synchronised"},
                {"clock ahead, seconds", "clock_offset_seconds"},
                {"certificate", "certificate"}});
  if (arguments.flag("json")) return {};
  if (!answer.at("slots").as_array().empty()) {
    terminal.out << "\n";
    print_list(arguments, terminal, answer, "slots",
               {{"SLOT", "name"},
                {"STAGE", "stage"},
                {"SUBJECT", "subject", 40},
                {"UNTIL", "not_after"},
                {"RENEWS", "renew_at"},
                {"LAST ERROR", "last_error", 60}},
               "");
  }
  if (!answer.at("challenges").as_array().empty()) {
    terminal.out << "\n";
    print_list(arguments, terminal, answer, "challenges",
               {{"CHALLENGE", "id"}, {"SLOT", "slot"}, {"ENDPOINT", "endpoint"}, {"EXPIRES", "expires"}}, "");
  }
  for (const json::value& slot : answer.at("slots").as_array())
    if (!field_text(slot, "csr").empty())
      terminal.out << fmt::format(
          "\nA request (CSR) of slot {0} waits for its certificate: chancery node csr \"{1}\" {0} prints it,\n"
          "chancery node order \"{1}\" install-certificate --slot {0} --certificates FILE brings what it becomes.\n",
          field_text(slot, "name"), arguments.text("NODE"));
  return {};
}

Status run_csr(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.get(path));
  for (const json::value& slot : answer.at("slots").as_array()) {
    const json::value* csr = slot.as_object().if_contains("csr");
    if (field_text(slot, "name") == arguments.text("SLOT") && csr != nullptr && csr->is_string())
      return print_file(arguments, terminal, to_bytes(as_bytes(std::string_view(csr->as_string()))), Form::pem);
  }
  return not_found(
      fmt::format("no request of slot '{}' waits: 'chancery node order {} generate-csr --slot {}' asks for one",
                  arguments.text("SLOT"), arguments.text("NODE"), arguments.text("SLOT")));
}

// What --slot, --endpoint, --subject, --dns, --ip and --lifetime say.
void put_challenge(const cli::Arguments& arguments, json::object& body) {
  for (const char* field : {"slot", "endpoint", "subject", "lifetime"})
    if (arguments.has(field)) body[field] = arguments.text(field);
  json::array names;
  for (const char* kind : {"dns", "ip"})
    for (const std::string& value : arguments.texts(kind)) names.emplace_back(fmt::format("{}:{}", kind, value));
  if (!names.empty()) body["alternative_names"] = std::move(names);
}

void print_challenge(const cli::Arguments& arguments, cli::Terminal& terminal, const json::value& challenge) {
  print_fields(
      arguments, terminal, challenge,
      {{"challenge", "challenge"}, {"good until", "expires"}, {"SCEP URL", "url"}, {"CA SHA-256", "fingerprint"}});
  if (!arguments.flag("json")) terminal.err << "It is shown this once, and lets this device in.\n";
}

Status run_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  json::object body{{"name", arguments.text("NAME")}};
  if (arguments.has("product")) body["product"] = arguments.text("product");
  if (arguments.has("cluster")) {
    TRY(const std::string id, cluster_id(client, arguments.text("cluster")));
    TRY(body["cluster"], number_of(id));
  }
  if (arguments.has("slot") != arguments.has("endpoint"))
    return invalid("--slot and --endpoint go together: the challenge is for that slot, at that endpoint");
  put_challenge(arguments, body);
  TRY(const json::value answer, client.post("/v1/nodes", body));
  const json::object& added = answer.as_object();
  if (arguments.flag("quiet") && added.contains("challenge")) {
    terminal.out << field_text(added.at("challenge"), "challenge") << "\n";
  } else if (arguments.flag("json") || !added.contains("challenge")) {
    print_done(arguments, terminal, answer, fmt::format("{} is expected.", arguments.text("NAME")));
  } else {
    print_challenge(arguments, terminal, added.at("challenge"));
  }
  return {};
}

Status run_challenge(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  json::object body;
  put_challenge(arguments, body);
  TRY(const json::value answer, client.post(path + "/challenges", body));
  if (arguments.flag("quiet"))
    terminal.out << field_text(answer, "challenge") << "\n";
  else
    print_challenge(arguments, terminal, answer);
  return {};
}

Status decide(const cli::Arguments& arguments, cli::Terminal& terminal, std::string_view verb, std::string_view done) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.post(fmt::format("{}/{}", path, verb), json::object()));
  print_done(arguments, terminal, answer, fmt::format("{} is {}.", field_text(answer, "name"), done));
  return {};
}

Status run_admit(const cli::Arguments& arguments, cli::Terminal& terminal) {
  return decide(arguments, terminal, "admit", "admitted");
}

Status run_block(const cli::Arguments& arguments, cli::Terminal& terminal) {
  return decide(arguments, terminal, "block", "blocked; its certificates stay valid until they are revoked");
}

Status run_change(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  json::object body;
  for (const char* field : {"name", "product"})
    if (arguments.has(field)) body[field] = arguments.text(field);
  if (arguments.has("cluster")) {
    TRY(const std::string id, cluster_id(client, arguments.text("cluster")));
    TRY(body["cluster"], number_of(id));
  }
  TRY(const json::value answer, client.patch(path, body));
  print_done(arguments, terminal, answer, fmt::format("{} is changed.", field_text(answer, "name")));
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.remove(path));
  print_done(arguments, terminal, answer, fmt::format("{} is removed.", arguments.text("NODE")));
  return {};
}

Status run_events(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.get(fmt::format("{}/events?limit={}", path, arguments.text("limit", "50"))));
  print_list(arguments, terminal, answer, "events",
             {{"NUMBER", "number"}, {"AT", "at"}, {"SLOT", "slot"}, {"WHAT", "what"}, {"TEXT", "text", 80}},
             "It has reported nothing yet.");
  return {};
}

Status run_order(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  std::string verb = arguments.text("VERB");
  std::ranges::replace(verb, '-', '_');
  json::object body{{"verb", verb}};
  for (const char* field : {"slot", "lifetime"})
    if (arguments.has(field)) body[field] = arguments.text(field);
  TRY(const auto parameters, settings_from(arguments.texts("set")));
  json::object texts;
  for (const config::Setting& parameter : parameters) texts[parameter.key] = parameter.value;
  if (!texts.empty()) body["parameters"] = std::move(texts);
  if (arguments.has("certificates")) {
    TRY(const Bytes content, files::read_file(arguments.text("certificates"), 1024 * 1024));
    TRY_IN(arguments.text("certificates"), const auto certificates, pki::read_certificates(content));
    json::array list;
    for (const pki::Certificate& certificate : certificates) list.emplace_back(to_base64(certificate.der()));
    body["certificates"] = std::move(list);
  }
  TRY(const json::value answer, client.post(path + "/orders", body));
  print_done(arguments, terminal, answer,
             fmt::format("Order {} is given. 'chancery node orders {}' shows what became of it.",
                         field_text(answer, "id"), arguments.text("NODE")));
  return {};
}

Status run_orders(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, node_path(client, arguments.text("NODE")));
  TRY(const json::value answer, client.get(fmt::format("{}/orders?limit={}", path, arguments.text("limit", "20"))));
  print_list(arguments, terminal, answer, "orders",
             {{"ID", "id"},
              {"VERB", "verb"},
              {"SLOT", "slot"},
              {"STATE", "state"},
              {"GIVEN", "created"},
              {"FINISHED", "finished"},
              {"TEXT", "text", 60}},
             "It was asked for nothing.");
  return {};
}

Status run_cancel(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer,
      client.post("/v1/orders/" + http::percent_encode(arguments.text("ORDER")) + "/cancel", json::object()));
  print_done(arguments, terminal, answer, fmt::format("Order {} is given up.", field_text(answer, "id")));
  return {};
}

std::vector<cli::Option> challenge_options() {
  return {{.name = "slot", .value_name = "SLOT", .help = "Which slot the device enrols"},
          {.name = "endpoint", .value_name = "ENDPOINT", .help = "Where it enrols"},
          {.name = "subject", .value_name = "NAME", .help = "The subject that the request must have"},
          {.name = "dns", .value_name = "HOST", .help = "A DNS name that the request must have", .repeated = true},
          {.name = "ip", .value_name = "ADDRESS", .help = "An IP address that it must have", .repeated = true},
          {.name = "lifetime",
           .value_name = "DURATION",
           .help = "How long the challenge is good for",
           .default_text = "the endpoint's challenge_lifetime"},
          {.name = "quiet", .value_name = "", .help = "Print the challenge and nothing else", .flag = true}};
}

cli::Option limit_option(std::string default_text) {
  return {.name = "limit", .value_name = "N", .help = "At most so many", .default_text = std::move(default_text)};
}

}  // namespace

std::vector<cli::Command> node_commands() {
  const cli::Positional node{.name = "NODE", .help = "Its name, or # and its id, as 'chancery node list' shows them"};
  const cli::Option product{.name = "product", .value_name = "PRODUCT", .help = "What kind of device, such as printer"};
  const cli::Option cluster{.name = "cluster", .value_name = "CLUSTER", .help = "Name of its cluster, or # and its id"};
  std::vector<cli::Option> add_options = challenge_options();
  add_options.insert(add_options.begin(), {product, cluster});
  return {
      {.path = "node list",
       .summary = "List devices with an agent",
       .options = {{.name = "text", .value_name = "TEXT", .help = "In name, product or address"},
                   {.name = "state",
                    .value_name = "STATE",
                    .help = "Only those",
                    .choices = {"expected", "waiting", "admitted", "blocked"}},
                   product,
                   cluster,
                   {.name = "problem",
                    .value_name = "PROBLEM",
                    .help = "Only those with it",
                    .choices = {"failed", "expiring", "unseen", "revoked"}},
                   {.name = "sort",
                    .value_name = "FIELD",
                    .help = "The order",
                    .choices = {"name", "last_seen", "product", "next_expiry"},
                    .default_text = "name"},
                   limit_option("100"),
                   {.name = "after", .value_name = "ID", .help = "Continue a list"}},
       .run = run_list},
      {.path = "node show", .summary = "Show a device and its slots", .positionals = {node}, .run = run_show},
      {.path = "node csr",
       .summary = "Print the request (CSR) of a slot that waits for its certificate",
       .description =
           "A device makes one for 'chancery node order NODE generate-csr --slot SLOT'; what another CA made "
           "of it goes back with install-certificate.",
       .positionals = {node, {.name = "SLOT", .help = "Which of its slots"}},
       .options = {{.name = "out", .value_name = "FILE", .help = "Write it there instead of printing it"}},
       .run = run_csr},
      {.path = "node add",
       .summary = "Announce a device, with the challenge that lets it in",
       .positionals = {{.name = "NAME", .help = "A name for it"}},
       .options = add_options,
       .examples = {"chancery node add printer-7 --product printer --slot ipps --endpoint printers --subject "
                    "CN=printer-7 --dns printer-7.example.com"},
       .run = run_add},
      {.path = "node challenge",
       .summary = "Mint a challenge for a slot of a device",
       .positionals = {node},
       .options = challenge_options(),
       .run = run_challenge},
      {.path = "node admit", .summary = "Let an unknown or blocked device in", .positionals = {node}, .run = run_admit},
      {.path = "node block", .summary = "Shut a device out", .positionals = {node}, .run = run_block},
      {.path = "node change",
       .summary = "Give a device another name, product or cluster",
       .positionals = {node},
       .options = {{.name = "name", .value_name = "NAME", .help = "The new name"}, product, cluster},
       .run = run_change},
      {.path = "node remove", .summary = "Forget a device", .positionals = {node}, .run = run_remove},
      {.path = "node events",
       .summary = "Show what a device reported",
       .positionals = {node},
       .options = {limit_option("50")},
       .run = run_events},
      {.path = "node order",
       .summary = "Ask a device to do something",
       .description = "Parameters, each with --set: of generate-csr 'subject' (CN=printer-7,O=Example), 'names' "
                      "(dns:printer-7.example.com,ip:192.0.2.7) and 'key' (rsa:2048, ec:p256), each instead of what "
                      "the slot's file says; of add-trust 'store' (default: default); of remove-trust 'sha256', the "
                      "fingerprint of the "
                      "certificate, and 'store'. The other orders take none.",
       .positionals = {node,
                       {.name = "VERB",
                        .help = "read-inventory, renew-slot, generate-csr, install-certificate, add-trust, "
                                "remove-trust, reload or restart"}},
       .options =
           {{.name = "slot", .value_name = "SLOT", .help = "To which slot"},
            {.name = "set", .value_name = "KEY=VALUE", .help = "A parameter of the order, see below", .repeated = true},
            {.name = "certificates", .value_name = "FILE", .help = "Certificates to send, PEM or DER"},
            {.name = "lifetime",
             .value_name = "DURATION",
             .help = "It is not begun later than this",
             .default_text = "1d"}},
       .examples = {"chancery node order printer-7 renew-slot --slot ipps",
                    "chancery node order printer-7 generate-csr --slot ipps --set subject=CN=printer-7",
                    "chancery node order printer-7 add-trust --set store=radius --certificates root.pem"},
       .run = run_order},
      {.path = "node orders",
       .summary = "Show what a device was asked to do",
       .description = "On a terminal, long texts are cut: through a pipe, and with --json, they are whole.",
       .positionals = {node},
       .options = {limit_option("20")},
       .run = run_orders},
      {.path = "node cancel",
       .summary = "Give an order up",
       .positionals = {{.name = "ORDER", .help = "Its id"}},
       .run = run_cancel},
  };
}

}  // namespace chancery::program
