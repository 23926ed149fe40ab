#include "programs/chancery/server_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "files/file.h"
#include "http/listen_address.h"
#include "hub/server_certificate.h"
#include "programs/chancery/address_rules.h"
#include "programs/chancery/web_door.h"

namespace chancery::program {
namespace {

config::OptionSet<ServerOptions> describe() {
  using O = ServerOptions;
  using config::TextKind;
  config::OptionSet<O> set;
  set.add("data", &O::data,
          {.help = "Folder of the authority's keys and the database", .kind = TextKind::path, .required = true});
  set.add(
      "passphrase_file", &O::passphrase_file,
      {.help =
           "File with the passphrase of the authority's keys; empty: the systemd credential 'passphrase', or a prompt",
       .kind = TextKind::secret_path});
  set.add("base_url", &O::base_url,
          {.help = "How devices reach this server; stands in certificates as CRL and CA address", .required = true});
  set.add("log_level", &O::log_level,
          {.help = "The least that is logged",
           .names = {{"debug", LogLevel::debug},
                     {"info", LogLevel::info},
                     {"warning", LogLevel::warning},
                     {"error", LogLevel::error}}});
  set.add("http.listen", &O::http_listen,
          {.help = "Addresses for SCEP, CA certificates and CRLs: '0.0.0.0:8080', '[::]:8080'"});
  set.add("http.max_connections", &O::max_connections, {.help = "Connections open at once", .min = 1, .max = 65536});
  set.add("http.connections_per_source", &O::connections_per_source,
          {.help = "Connections open at once from one address of another machine (a reverse proxy's needs more); 0: no "
                   "limit",
           .max = 65536});
  set.add("http.queue_length", &O::queue_length,
          {.help = "Requests that may wait; more get 503", .min = 1, .max = 1000000});
  set.add("http.workers", &O::workers,
          {.help = "Threads that answer; 0: four times the processors, at least 64", .max = 1024});
  set.add("http.body_bytes", &O::body_bytes,
          {.help = "Largest request body", .unit = "bytes", .min = 4096, .max = 1024 * 1024});
  set.add("http.requests_per_second", &O::requests_per_second,
          {.help = "Requests per second from one address, averaged; 0: no limit", .max = 1000000});
  set.add("http.request_burst", &O::request_burst,
          {.help = "Requests that one address may send at once", .max = 1000000});
  set.add("https.listen", &O::https_listen, {.help = "Addresses for the same over TLS"});
  set.add("https.certificate_file", &O::https_certificate_file,
          {.help = "PEM file: the server's certificate, then its intermediates; read again when it changes",
           .kind = TextKind::path});
  set.add("https.key_file", &O::https_key_file, {.help = "PEM file: the server's key", .kind = TextKind::path});
  set.add("monitoring.listen", &O::monitoring_listen, {.help = "Addresses for /metrics, /healthz and /readyz"});
  set.add("hub.web_listen", &O::web_listen,
          {.help = "Addresses of the web pages for administrators: '127.0.0.1:8443', '[::]:8443'; empty: none"});
  set.add("hub.web_tls", &O::web_tls,
          {.help = "Web pages over TLS, with a certificate of this authority: needed for all but loopback addresses"});
  set.add(
      "hub.link_listen", &O::link_listen,
      {.help = "Addresses for agents, over TLS with the certificates of their devices: '0.0.0.0:8444'; empty: none"});
  set.add(
      "hub.link_url", &O::link_url,
      {.help = "How agents reach this server, where a router or proxy hands their connections on from another port: "
               "'https://hub.example.com:443'; empty: by the first of host_names, at the port of link_listen"});
  set.add(
      "hub.host_names", &O::host_names,
      {.help = "DNS names and IP addresses by which agents and browsers reach this server: they stand in its own TLS "
               "certificate; empty: the host of base_url"});
  set.add("admin.socket", &O::admin_socket,
          {.help = "Unix socket of the command line; empty: admin.sock in the data folder", .kind = TextKind::path});
  set.add("scep.pkiclient_alias", &O::pkiclient_alias,
          {.help = "Endpoint that also answers at /cgi-bin/pkiclient.exe; empty: none"});
  set.add("scep.mscep_alias", &O::mscep_alias,
          {.help = "Endpoint that also answers at /certsrv/mscep/mscep.dll; empty: none"});
  set.add("crl.validity", &O::crl_validity,
          {.help = "How long a CRL is good for", .min = std::chrono::minutes(10), .max = std::chrono::days(365)});
  set.add("crl.overlap", &O::crl_overlap,
          {.help = "How long before its end the next one is made",
           .min = std::chrono::minutes(1),
           .max = std::chrono::days(180)});
  return set;
}

}  // namespace

std::vector<std::string> ServerOptions::names() const {
  return host_names.empty() ? std::vector{hub::host_of_url(base_url)} : host_names;
}

const config::OptionSet<ServerOptions>& server_option_set() {
  static const config::OptionSet<ServerOptions> set = describe();
  return set;
}

namespace {

void check_link_url(const ServerOptions& options, std::vector<std::string>& problems) {
  constexpr std::string_view scheme = "https://";
  const std::string& url = options.link_url;
  if (url.empty()) return;
  if (options.link_listen.empty())
    problems.emplace_back("hub.link_url: hub.link_listen is empty, so no agent is heard");
  if (!url.starts_with(scheme) || url.find('/', scheme.size()) != std::string::npos) {
    problems.emplace_back("hub.link_url: must be https:// and a host, with a port or without, and nothing after it");
    return;
  }
  // An agent compares the name that it calls with those in the certificate that it is shown.
  const std::string host = hub::host_of_url(url);
  const std::vector<std::string> names = options.names();
  if (std::ranges::find(names, host) == names.end())
    problems.push_back(
        fmt::format("hub.link_url: agents would refuse this server's certificate, for it does not name '{}': add it to "
                    "hub.host_names",
                    host));
}

std::vector<std::string> contradictions(const ServerOptions& options) {
  std::vector<std::string> problems;
  if (options.http_listen.empty() && options.https_listen.empty())
    problems.emplace_back("http.listen: nothing to listen on, and https.listen is empty, too");
  if (!options.https_listen.empty() && (options.https_certificate_file.empty() || options.https_key_file.empty()))
    problems.emplace_back("https.listen: needs https.certificate_file and https.key_file");
  check_listen_addresses(options, problems);
  for (const std::string& address : options.web_listen)
    if (!options.web_tls && http::parse_listen_address(address) && !is_loopback(address))
      problems.push_back(fmt::format(
          "hub.web_listen: {} is reached from other machines, and passwords travel: set hub.web_tls = true", address));
  check_link_url(options, problems);
  if (options.crl_overlap * 2 > options.crl_validity)
    problems.emplace_back("crl.overlap: more than half of crl.validity");
  check_base_url(options.base_url, problems);
  return problems;
}

}  // namespace

Result<ServerOptions> load_server_options(const std::string& path) {
  ServerOptions options;
  if (!path.empty()) {
    TRY(const Bytes content, files::read_file(path, 1024 * 1024));
    TRY(options, server_option_set().from_toml(as_text(content), path));
  }
  const std::vector<std::string> problems = contradictions(options);
  if (!problems.empty()) return invalid(config::join_problems(problems));
  return options;
}

}  // namespace chancery::program
