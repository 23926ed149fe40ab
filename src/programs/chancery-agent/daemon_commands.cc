#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdlib>
#include <ostream>

#include "config/option_table.h"
#include "device/slot_options.h"
#include "files/file.h"
#include "programs/chancery-agent/agent_daemon.h"
#include "programs/chancery-agent/commands.h"
#include "programs/chancery-agent/configuration_check.h"
#include "programs/chancery-agent/daemon_client.h"
#include "programs/chancery-agent/version.h"

namespace chancery::agent_program {
namespace {

namespace json = boost::json;

Status run_daemon(const cli::Arguments& arguments, cli::Terminal& terminal) {
  const std::string file = arguments.text("config");
  TRY(AgentConfiguration configuration, load_agent_configuration(file));
  // Waited for here, and blocked in every thread that is made from now on.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Where a TPM is looked for: else, on a device without one, whoever listens on a simulator's port would be taken for
  // it.
  ::setenv("TPM2OPENSSL_TCTI", "device:/dev/tpmrm0", 0);

  SystemClock clock;
  SystemRandom random;
  StderrLog log(configuration.options.log_level);
  const AgentDaemon::Environment environment{clock, random, log};
  TRY(auto daemon, AgentDaemon::start(configuration, environment));
  log.info("running", {{"version", std::string(version)},
                       {"node", configuration.options.node},
                       {"slots", std::to_string(configuration.slots.size())}});
  terminal.err << std::flush;
  while (true) {
    int number = 0;
    if (sigwait(&signals, &number) != 0 || number != SIGHUP) break;
    auto changed = load_agent_configuration(file);
    if (!changed) {
      log.error("the configuration is wrong, going on with the one before", {{"error", changed.error().text()}});
      continue;
    }
    // Both would want the same folders and the same socket.
    daemon.reset();
    auto started = AgentDaemon::start(*changed, environment);
    if (started) {
      daemon = std::move(*started);
      configuration = std::move(*changed);
      log.info("the configuration was read again");
      continue;
    }
    log.error("the agent cannot start with the changed configuration, going on with the one before",
              {{"error", started.error().text()}});
    TRY_IN("starting again with the configuration before", daemon, AgentDaemon::start(configuration, environment));
  }
  log.info("stopping");
  daemon.reset();
  return {};
}

Status run_config_default(const cli::Arguments& arguments, cli::Terminal& terminal) {
  if (arguments.text("WHICH", "agent") == "slot")
    terminal.out << device::slot_options().default_file();
  else
    terminal.out << agent_option_set().default_file();
  return {};
}

Status run_config_check(const cli::Arguments& arguments, cli::Terminal& terminal) {
  const std::string file = arguments.text("config");
  // A daemon without it goes by what is usual; who asks after the file wants to hear that there is none.
  if (file.empty() && !files::exists(std::string(usual_agent_file)))
    return not_found(fmt::format("there is no {}: --config names another file", usual_agent_file));
  TRY(const AgentConfiguration configuration, load_agent_configuration(file));
  const std::vector<std::string> problems = problems_of(configuration);
  if (!problems.empty()) return invalid(config::join_problems(problems));
  if (arguments.flag("json"))
    terminal.out << json::serialize(json::object{{"slots", configuration.slots.size()}}) << "\n";
  else
    terminal.out << fmt::format("The configuration is right: {} slot{}.\n", configuration.slots.size(),
                                configuration.slots.size() == 1 ? "" : "s");
  return {};
}

std::string text_of(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || value->is_null()) return "-";
  std::string text = value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
  // What a peer sent must not move the cursor.
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = '?';
  return text.empty() ? "-" : text;
}

struct Column {
  std::string_view title;
  std::string_view field;
};

void print_rows(const json::array& rows, const std::vector<Column>& columns, std::string_view nothing,
                cli::Terminal& terminal) {
  if (rows.empty()) {
    terminal.out << nothing << "\n";
    return;
  }
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns) lines[0].emplace_back(column.title);
  for (const json::value& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const Column& column : columns) line.push_back(text_of(row.as_object(), column.field));
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t at = 0; at < columns.size(); ++at) {
      std::size_t width = 0;
      for (const auto& other : lines) width = std::max(width, other[at].size());
      text += at + 1 < columns.size() ? fmt::format("{:<{}}  ", line[at], width) : line[at];
    }
    terminal.out << text << "\n";
  }
}

// A certificate that was damaged in the agent's store says so where its subject would be.
json::array with_damage_told(const json::array& rows) {
  json::array told = rows;
  for (json::value& row : told)
    if (row.at("damaged").as_bool()) row.as_object()["subject"] = "(its record is damaged)";
  return told;
}

// With --json the answer as it is.
bool print_json(const cli::Arguments& arguments, const json::value& answer, cli::Terminal& terminal) {
  if (!arguments.flag("json")) return false;
  terminal.out << json::serialize(answer) << "\n";
  return true;
}

Status run_status(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/status"));
  if (print_json(arguments, answer, terminal)) return {};
  const json::object& status = answer.as_object();
  const json::object& clock = status.at("clock").as_object();
  terminal.out << fmt::format("{}, chancery-agent {}\nclock {}, synchronised: {}{}\n", text_of(status, "node"),
                              text_of(status, "version"), text_of(clock, "now"), text_of(clock, "synchronised"),
                              clock.at("wrong").as_bool() ? ", WRONG: nothing is asked until it is set" : "");
  if (const json::object* hub = status.at("hub").if_object()) {
    // A daemon that has not been restarted since the program was replaced does not say so.
    const json::value* refused = hub->if_contains("certificate_refused");
    terminal.out << fmt::format(
        "hub: {}, last contact {}{}\n",
        refused != nullptr && *refused == json::value(true) ? "certificate refused" : text_of(*hub, "state"),
        text_of(*hub, "last_contact"), text_of(*hub, "last_error") == "-" ? "" : ", " + text_of(*hub, "last_error"));
  }
  terminal.out << "\n";
  const json::array& slots = status.at("slots").as_array();
  print_rows(slots,
             {{"SLOT", "slot"},
              {"STAGE", "stage"},
              {"GOOD UNTIL", "not_after"},
              {"RENEWAL", "renew_at"},
              {"NEXT ATTEMPT", "next_attempt"}},
             "There is no slot: put a NAME.toml into slots.d.", terminal);
  for (const json::value& slot : slots)
    if (const std::string error = text_of(slot.as_object(), "last_error"); error != "-")
      terminal.out << fmt::format("\n{}: {}\n", text_of(slot.as_object(), "slot"), error);
  return {};
}

Status run_slots(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/status"));
  const json::value slots = answer.as_object().at("slots");
  if (print_json(arguments, json::object{{"slots", slots}}, terminal)) return {};
  print_rows(slots.as_array(),
             {{"SLOT", "slot"}, {"SERVICE", "service"}, {"STAGE", "stage"}, {"KEY IN", "key"}, {"SUBJECT", "subject"}},
             "There is no slot: put a NAME.toml into slots.d.", terminal);
  return {};
}

Status run_certs(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/certificates"));
  if (print_json(arguments, answer, terminal)) return {};
  print_rows(with_damage_told(answer.as_object().at("certificates").as_array()),
             {{"SLOT", "slot"},
              {"STATE", "state"},
              {"GOOD UNTIL", "not_after"},
              {"SHA-256", "sha256"},
              {"SUBJECT", "subject"}},
             "There is no certificate.", terminal);
  return {};
}

Status run_history(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  const std::string slot = arguments.text("SLOT");
  if (!slot.empty() && !device::is_slot_name(slot)) return invalid(fmt::format("'{}' is no slot's name", slot));
  TRY(const json::value answer,
      client.get(fmt::format("/v1/history?slot={}&limit={}", slot, arguments.text("limit", "50"))));
  if (print_json(arguments, answer, terminal)) return {};
  print_rows(answer.as_object().at("events").as_array(),
             {{"AT", "at"}, {"SLOT", "slot"}, {"WHAT", "what"}, {"TEXT", "text"}}, "There is no history.", terminal);
  return {};
}

Status print_said(const cli::Arguments& arguments, const json::value& answer, cli::Terminal& terminal) {
  if (!print_json(arguments, answer, terminal)) terminal.out << text_of(answer.as_object(), "text") << "\n";
  return {};
}

Status run_activate(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  if (!device::is_slot_name(arguments.text("SLOT"))) return invalid("that is no slot's name");
  TRY(const json::value answer, client.post(fmt::format("/v1/slots/{}/activate", arguments.text("SLOT")),
                                            json::object{{"sha256", arguments.text("SHA-256")}}));
  return print_said(arguments, answer, terminal);
}

Status run_trust_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/trust"));
  if (print_json(arguments, answer, terminal)) return {};
  print_rows(with_damage_told(answer.as_object().at("trust").as_array()),
             {{"STORE", "store"}, {"GOOD UNTIL", "not_after"}, {"SHA-256", "sha256"}, {"SUBJECT", "subject"}},
             "No authority is trusted beside those of the slots.", terminal);
  return {};
}

Status run_trust_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY(const Bytes pem, files::read_file(arguments.text("FILE"), 512 * 1024));
  TRY(const json::value answer,
      client.post("/v1/trust", json::object{{"store", arguments.text("store", "default")}, {"pem", as_text(pem)}}));
  return print_said(arguments, answer, terminal);
}

Status run_trust_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  TRY_IN("SHA-256", const Bytes sha256, from_hex(arguments.text("SHA-256")));
  const std::string store = arguments.text("store", "default");
  if (!device::is_slot_name(store)) return invalid(fmt::format("'{}' is no trust store's name", store));
  TRY(const json::value answer, client.remove(fmt::format("/v1/trust/{}/{}", store, to_hex(sha256))));
  return print_said(arguments, answer, terminal);
}

}  // namespace

Status ask_daemon(const cli::Arguments& arguments, std::string_view verb, cli::Terminal& terminal) {
  TRY(DaemonClient client, DaemonClient::from(arguments));
  const std::string slot = arguments.text("SLOT");
  if (!device::is_slot_name(slot)) return invalid(fmt::format("'{}' is no slot's name", slot));
  TRY(const json::value answer, client.post(fmt::format("/v1/slots/{}/{}", slot, verb), json::object()));
  return print_said(arguments, answer, terminal);
}

cli::Positional slot_of_daemon() {
  return {
      .name = "SLOT", .help = "A slot of the running agent, which then does it by its own files", .required = false};
}

std::vector<cli::Option> with_daemon_options(std::vector<cli::Option> options) {
  options.push_back(config_option());
  options.push_back(socket_option());
  return options;
}

std::vector<cli::Command> daemon_commands() {
  const std::vector<cli::Option> reach = with_daemon_options({});
  const cli::Option store{.name = "store", .value_name = "NAME", .help = "The trust store", .default_text = "default"};
  return {
      {.path = "run",
       .summary = "Keep the certificates of this device's slots valid, in the foreground",
       .description =
           "Reads agent.toml and slots.d beside it. SIGHUP reads them again; SIGTERM and SIGINT end it after "
           "what is being done.",
       .options = {config_option()},
       .examples = {"chancery-agent run --config /etc/chancery-agent/agent.toml"},
       .run = run_daemon},
      {.path = "config default",
       .summary = "Print a configuration file with every option and its default",
       .positionals = {{.name = "WHICH", .help = "agent (agent.toml) or slot (slots.d/NAME.toml)", .required = false}},
       .examples = {"chancery-agent config default slot > /etc/chancery-agent/slots.d/https.toml"},
       .run = run_config_default},
      {.path = "config check",
       .summary = "Say all that is wrong with agent.toml and the slots' files",
       .options = {config_option()},
       .run = run_config_check},
      {.path = "status", .summary = "How the running agent's slots stand", .options = reach, .run = run_status},
      {.path = "slots", .summary = "List the slots and their services", .options = reach, .run = run_slots},
      {.path = "certs",
       .summary = "List the certificates that are in use, kept with their keys, or replaced",
       .options = reach,
       .run = run_certs},
      {.path = "activate",
       .summary = "Put a certificate that a slot keeps back into use",
       .description =
           "It is checked as one that is installed is: it has not ended, leads to the CA that the slot's file "
           "names, and has the names that the file asks for. If not, nothing is changed.",
       .positionals = {{.name = "SLOT", .help = "The slot"},
                       {.name = "SHA-256", .help = "Of the certificate; 'certs' lists them"}},
       .options = reach,
       .run = run_activate},
      {.path = "history",
       .summary = "What happened, the newest first",
       .positionals = {{.name = "SLOT", .help = "Only this slot", .required = false}},
       .options = with_daemon_options(
           {{.name = "limit", .value_name = "NUMBER", .help = "So many at most", .default_text = "50"}}),
       .run = run_history},
      {.path = "trust list",
       .summary = "List the authorities in the trust stores",
       .options = reach,
       .run = run_trust_list},
      {.path = "trust add",
       .summary = "Trust the authorities of a file",
       .positionals = {{.name = "FILE", .help = "PEM: any number of certificates"}},
       .options = with_daemon_options({store}),
       .run = run_trust_add},
      {.path = "trust remove",
       .summary = "Trust an authority no more",
       .positionals = {{.name = "SHA-256", .help = "Of its certificate; 'trust list' lists them"}},
       .options = with_daemon_options({store}),
       .run = run_trust_remove},
  };
}

}  // namespace chancery::agent_program
