#include "programs/chancery/daemon.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "files/file.h"
#include "http/descriptors.h"
#include "hub/certificate_chain.h"
#include "programs/chancery/private_file.h"
#include "programs/chancery/version.h"

namespace chancery::program {
namespace {

http::Limits limits_of(const ServerOptions& options) {
  http::Limits limits;
  limits.body_bytes = static_cast<std::size_t>(options.body_bytes);
  limits.max_connections = static_cast<std::size_t>(options.max_connections);
  limits.max_connections_per_source = static_cast<std::size_t>(options.connections_per_source);
  limits.queue_length = static_cast<std::size_t>(options.queue_length);
  limits.workers = static_cast<std::size_t>(options.workers);
  limits.requests_per_second_per_source = static_cast<double>(options.requests_per_second);
  limits.request_burst_per_source = static_cast<double>(options.request_burst);
  return limits;
}

std::vector<api::EndpointAlias> aliases_of(const ServerOptions& options) {
  std::vector<api::EndpointAlias> aliases = {{.option = "scep.pkiclient_alias", .endpoint = options.pkiclient_alias},
                                             {.option = "scep.mscep_alias", .endpoint = options.mscep_alias}};
  std::erase_if(aliases, [](const api::EndpointAlias& alias) { return alias.endpoint.empty(); });
  return aliases;
}

}  // namespace

ca::PublicationUris publication_uris(const std::string& base_url) {
  return {.crl = {base_url + "/crl/{generation}.crl"},
          .ca_issuers = {base_url + "/ca/issuing-{generation}.crt"},
          .ocsp = {}};
}

ca::PublicationUris root_publication_uris(const std::string& base_url) {
  return {.crl = {base_url + "/crl/root.crl"}, .ca_issuers = {base_url + "/ca/root.crt"}, .ocsp = {}};
}

ca::AuthorityPlan plan_of(const pki::Certificate& root, const std::string& base_url) {
  const std::string organization = root.subject().value_of(pki::oids::organization).value_or("");
  return {.names = {.organization = organization, .common_name = ""},
          .root_publication = root_publication_uris(base_url)};
}

std::size_t descriptors_for(const ServerOptions& options) {
  // Beside the connections: the operators', the database, what commands and web hooks open for a moment.
  std::size_t descriptors = static_cast<std::size_t>(options.max_connections) + 512;
  if (!options.link_listen.empty()) descriptors += LinkDoorOptions{}.max_connections;
  if (!options.web_listen.empty()) descriptors += WebDoor::max_connections;
  return descriptors;
}

http::ServerStatistics Daemon::statistics() const {
  http::ServerStatistics sum;
  const auto add = [&](const auto* door) {
    if (door == nullptr) return;
    const http::ServerStatistics more = door->statistics();
    sum.connections += more.connections;
    sum.open_connections += more.open_connections;
    sum.rejected_connections += more.rejected_connections;
    sum.rejected_by_source += more.rejected_by_source;
    sum.requests += more.requests;
    sum.malformed += more.malformed;
    sum.rejected_by_rate += more.rejected_by_rate;
    sum.rejected_by_queue += more.rejected_by_queue;
    sum.queue_depth += more.queue_depth;
    sum.held += more.held;
  };
  add(running_.load());
  add(running_link_.load());
  add(running_web_.load());
  return sum;
}

Result<std::unique_ptr<Daemon>> Daemon::start(ServerOptions options, SecretBytes passphrase, Environment environment,
                                              bool accepts_older_ledger) {
  const std::string folder = options.data + "/authority";
  store::AuthorityFiles files(folder, passphrase.clone());
  if (!files.exist())
    return not_found(fmt::format("there is no authority in {} yet: make one with 'chancery init'", folder));
  TRY_IN("loading the authority", store::LoadedAuthority authority, files.load());
  TRY_STATUS(check_ledger_belongs(options.data, files));
  if (!accepts_older_ledger) TRY_STATUS(check_ledger_age(options.data, files));
  TRY(const auto older, older_crls(options.data, files));
  TRY_IN("opening the ledger", auto ledger,
         store::SqlLedger::open(options.data + "/ledger.db", {}, environment.clock, environment.log));
  std::unique_ptr<Daemon> daemon(
      new Daemon(std::move(options), std::move(ledger), std::move(authority), std::move(passphrase), environment));
  TRY_STATUS(daemon->load_endpoints());
  TRY_STATUS(daemon->publish_again(older));
  TRY_STATUS(daemon->crls_.publish_due());
  // Before any door is opened.
  const std::size_t descriptors = descriptors_for(daemon->options_);
  if (const std::size_t allowed = http::allow_descriptors(descriptors); allowed < descriptors)
    environment.log.warning("the system allows fewer open files than the connections of all listeners need",
                            {{"allowed", std::to_string(allowed)}, {"needed", std::to_string(descriptors)}});
  TRY_STATUS(daemon->open_link());
  TRY_STATUS(daemon->listen());
  daemon->seconds_ = std::jthread([it = daemon.get()](const std::stop_token& stop) { it->watch_the_time(stop); });
  TRY_STATUS(daemon->open_web());
  return daemon;
}

Daemon::Daemon(ServerOptions options, std::unique_ptr<store::SqlLedger> ledger, store::LoadedAuthority authority,
               SecretBytes passphrase, Environment environment)
    : options_(std::move(options)),
      environment_(environment),
      ledger_(std::move(ledger)),
      authority_files_(options_.data + "/authority", std::move(passphrase)),
      keyring_(std::move(authority.root), std::move(authority.generations), publication_uris(options_.base_url),
               environment_.random),
      watched_ledger_(*ledger_),
      context_{watched_ledger_,     keyring_,        endpoints_, web_hook_, environment_.clock,
               environment_.random, environment_.log},
      changes_(environment_.clock),
      presence_(environment_.clock),
      scep_(context_),
      audit_check_(watched_ledger_),
      crls_(context_, authority_files_, {.validity = options_.crl_validity, .overlap = options_.crl_overlap}),
      requests_(context_, presence_),
      revocation_(context_, crls_),
      challenges_(context_),
      editor_(context_, read_private_file),
      rollover_(context_, authority_files_, crls_, plan_of(keyring_.root(), options_.base_url)),
      nodes_(context_, challenges_, presence_),
      clusters_(context_),
      orders_(context_, presence_, changes_),
      foreign_certificates_(context_),
      accounts_(context_, passwords_),
      sign_in_(context_, passwords_),
      server_files_(options_.data + "/server"),
      server_certificate_(context_, server_files_, {.host_names = options_.names()}),
      changes_door_(changes_),
      device_site_(context_, scep_,
                   {.base_url = options_.base_url,
                    .aliases = {.pkiclient = options_.pkiclient_alias, .mscep = options_.mscep_alias}}),
      services_{.context = context_,
                .requests = requests_,
                .refusals = scep_.refusals(),
                .audit_check = audit_check_,
                .revocation = revocation_,
                .challenges = challenges_,
                .endpoints = editor_,
                .rollover = rollover_,
                .crls = crls_,
                .sign_in = sign_in_,
                .accounts = accounts_,
                .changes = changes_,
                .nodes = nodes_,
                .clusters = clusters_,
                .orders = orders_,
                .changes_door = changes_door_,
                .base_url = options_.base_url,
                .version = std::string(version),
                .aliases = aliases_of(options_),
                .data_folder = options_.data,
                .root_key_is_present = [this] { return files::exists(options_.data + "/authority/root.key.pem"); },
                .ledger_is_present = [this] { return files::exists(options_.data + "/ledger.db"); }},
      admin_api_(services_) {
  scep_.refusals().on_new([this] { changes_.bump(hub::Topic::requests); });
  // A link ends with its certificate.
  watched_ledger_.watch([this](const std::vector<hub::Committed>& events) {
    for (const hub::Committed& event : events)
      if (event.action == "certificate.revoked") hub::end_links(*ledger_, presence_, event.subject);
  });
  // What pages ask for then is as it is now.
  watched_ledger_.watch(hub::telling(changes_));
}

Daemon::~Daemon() { stop(); }

Status Daemon::load_endpoints() {
  TRY_IN("loading the endpoints", const std::vector<std::string> problems,
         hub::EndpointDirectory::load(endpoints_, *ledger_, read_private_file));
  for (const std::string& problem : problems)
    environment_.log.error("an endpoint does not serve", {{"problem", problem}});
  // It may be added while the server runs.
  for (const api::EndpointAlias& alias : services_.aliases)
    if (endpoints_.find(alias.endpoint) == nullptr)
      environment_.log.warning("an alias names an endpoint that is not there: devices get 404 at its address",
                               {{"option", alias.option}, {"endpoint", alias.endpoint}});
  return {};
}

Status Daemon::publish_again(const std::map<int, OlderCrl>& older) {
  for (const auto& [generation, crl] : older) {
    environment_.log.error(
        "the ledger is an older copy, and that is accepted: what was issued and revoked since is not in it; revoke "
        "again what was revoked since",
        {{"generation", std::to_string(generation)},
         {"latest_crl", std::to_string(crl.in_ledger)},
         {"published_crl", std::to_string(crl.kept)}});
    if (keyring_.find(generation) == nullptr) continue;
    TRY_STATUS(crls_.publish(generation));
  }
  return {};
}

Status Daemon::listen() {
  monitoring_site_ = std::make_unique<api::MonitoringSite>(
      context_, scep_,
      api::MonitoringSources{.http = [this] { return statistics(); },
                             .ledger = [this]() -> api::MonitoringSources::LedgerNumbers {
                               const auto numbers = ledger_->statistics();
                               return {.commits = numbers.commits, .works = numbers.works};
                             },
                             .version = std::string(version)});
  std::vector<http::Listener> listeners;
  const http::Handler device = [this](const http::Request& request) { return device_site_.handle(request); };
  for (const std::string& address : options_.http_listen)
    listeners.push_back({.options = {.address = address}, .handler = device});
  for (const std::string& address : options_.https_listen)
    listeners.push_back({.options = {.address = address,
                                     .tls = http::TlsFiles{.certificate_file = options_.https_certificate_file,
                                                           .key_file = options_.https_key_file}},
                         .handler = device});
  https_files_.emplace(
      http::TlsFiles{.certificate_file = options_.https_certificate_file, .key_file = options_.https_key_file},
      options_.http_listen.size(), options_.https_listen.size(), environment_.log);
  TRY_IN("listening", server_,
         http::Server::start(std::move(listeners), limits_of(options_), environment_.clock, environment_.log));
  running_ = server_.get();

  std::vector<http::Listener> doors;
  for (const std::string& address : options_.monitoring_listen)
    doors.push_back({.options = {.address = address},
                     .handler = [this](const http::Request& request) { return monitoring_site_->handle(request); }});
  doors.push_back({.options = {.address = "unix:" + options_.admin_socket_path()},
                   .handler = {},
                   .deferring_handler = [this](const http::Request& request, http::Reply reply) {
                     admin_api_.answer(request, std::move(reply));
                   }});
  // Connections and workers of their own: whatever devices or strangers do, an administrator can look and revoke.
  const http::Limits few{.max_connections = 64, .queue_length = 64, .workers = 4};
  TRY_IN("listening", operators_server_,
         http::Server::start(std::move(doors), few, environment_.clock, environment_.log));
  return {};
}

Status Daemon::open_link() {
  if (options_.link_listen.empty()) return {};
  TRY([[maybe_unused]] const bool made, server_certificate_.ensure());
  TRY(link_door_,
      LinkDoor::open(
          {.listen = options_.link_listen},
          {.context = context_, .presence = presence_, .changes = changes_, .certificate = server_certificate_}));
  running_link_ = link_door_.get();
  services_.link_url = link_url();
  return {};
}

// Unless it is configured: by the first of the names in the server's certificate, at the port that agents are heard on.
std::string Daemon::link_url() const {
  if (!options_.link_url.empty()) return options_.link_url;
  const std::string host = options_.names().front();
  const std::string address = link_door_->addresses().front();
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return fmt::format("https://{}{}", is_ipv6 ? "[" + host + "]" : host, address.substr(address.rfind(':')));
}

Status Daemon::open_web() {
  if (options_.web_listen.empty()) return {};
  if (options_.web_tls) {
    TRY([[maybe_unused]] const bool made, server_certificate_.ensure());
  }
  std::vector<std::string> names = options_.host_names;
  names.push_back(hub::host_of_url(options_.base_url));
  TRY(web_door_, WebDoor::open({.listen = options_.web_listen, .tls = options_.web_tls, .host_names = std::move(names)},
                               services_, server_certificate_));
  running_web_ = web_door_.get();
  return {};
}

std::vector<std::string> Daemon::web_urls() const { return web_door_ ? web_door_->urls() : std::vector<std::string>(); }

void Daemon::watch_the_time(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopping;
  std::unique_lock lock(mutex);
  while (!stopping.wait_for(lock, stop, std::chrono::seconds(1), [&] { return stop.stop_requested(); })) {
    try {
      presence_.expire();
      changes_.expire();
      https_files_->look(*server_);
    } catch (const std::exception& error) {
      environment_.log.error("what is due each second failed", {{"error", error.what()}});
    }
  }
}

std::vector<std::string> Daemon::addresses() const {
  std::vector<std::string> all = server_->addresses();
  all.resize(options_.http_listen.size() + options_.https_listen.size());
  if (link_door_)
    for (std::string& address : link_door_->addresses()) all.push_back(std::move(address));
  return all;
}

void Daemon::tick() {
  if (const Status done = crls_.publish_due(); !done)
    environment_.log.error("CRLs could not be renewed", {{"error", done.error().text()}});
  if (const Status done = challenges_.remove_old(); !done)
    environment_.log.error("old challenges could not be removed", {{"error", done.error().text()}});
  if (const Status done = requests_.forget_old(); !done)
    environment_.log.error("old requests could not be removed", {{"error", done.error().text()}});
  if (const Status done = presence_.flush(context_.ledger); !done)
    environment_.log.error("when nodes were here could not be written", {{"error", done.error().text()}});
  if (const Status done = orders_.expire(); !done)
    environment_.log.error("old orders could not be ended", {{"error", done.error().text()}});
  if (const Status done = foreign_certificates_.step(); !done)
    environment_.log.error("certificates that no node has any more could not be forgotten",
                           {{"error", done.error().text()}});
  if (const Status done = sign_in_.remove_old(); !done)
    environment_.log.error("ended sessions could not be removed", {{"error", done.error().text()}});
  renew_server_certificate();
}

void Daemon::renew_server_certificate() {
  if (!link_door_ && !options_.web_tls) return;
  const auto renewed = server_certificate_.ensure();
  if (renewed && *renewed) certificate_is_shown_ = false;
  Status shown;
  // Until it succeeds: the next call of ensure() says nothing of one that is kept already.
  if (!certificate_is_shown_) {
    if (link_door_) shown = link_door_->show_certificate();
    if (shown && web_door_) shown = web_door_->show_certificate();
    certificate_is_shown_ = shown.has_value();
  }
  if (!renewed || !shown)
    environment_.log.error("the server's certificate could not be renewed",
                           {{"error", renewed ? shown.error().text() : renewed.error().text()}});
}

void Daemon::stop() {
  if (web_door_) web_door_->stop();
  if (link_door_) link_door_->stop();
  if (const Status done = presence_.flush_all(context_.ledger); !done)
    environment_.log.error("when nodes were here could not be written", {{"error", done.error().text()}});
  if (server_) server_->stop();
  if (operators_server_) operators_server_->stop();
  if (seconds_.joinable()) {
    seconds_.request_stop();
    seconds_.join();
  }
}

}  // namespace chancery::program
