#include "programs/chancery-agent/agent_daemon.h"

#include <fmt/format.h>

#include "files/file.h"
#include "programs/chancery-agent/local_api.h"
#include "programs/chancery-agent/version.h"

namespace chancery::agent_program {
namespace {

std::string user_agent() { return fmt::format("chancery-agent/{}", version); }

// Another one after each start of the machine.
std::string boot_id() {
  const auto text = files::read_file("/proc/sys/kernel/random/boot_id", 4096);
  if (!text) return {};
  std::string id(as_text(*text));
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

// The file need not be there any more after the first enrolment.
Result<SecretBytes> read_challenge(const std::string& file) {
  if (file.empty()) return SecretBytes();
  auto challenge = files::read_secret_file(file, files::Privacy::owner_only);
  if (!challenge && challenge.error().code() == ErrorCode::not_found) return SecretBytes();
  return challenge;
}

}  // namespace

AgentDaemon::AgentDaemon(const AgentConfiguration& configuration, Environment environment)
    : environment_(environment),
      processes_(environment.clock),
      tls_(environment.clock),
      tokens_({configuration.options.state + "/refused-pins", environment.random}),
      installer_(configuration.options.state, {.disk = disk_,
                                               .processes = processes_,
                                               .tls = tls_,
                                               .clock = environment.clock,
                                               .log = environment.log,
                                               .tokens = &tokens_,
                                               .random = &environment.random}) {}

Result<std::vector<agent::SlotEntry>> AgentDaemon::open_slots(const std::vector<device::SlotFile>& slot_files) {
  std::vector<agent::SlotEntry> entries;
  for (const device::SlotFile& file : slot_files) {
    TRY_STATUS(installer_.add(file.service));
    agent::Transport* transport = nullptr;
    if (!file.setup.source.url.empty()) {
      transports_.push_back(std::make_unique<device::HttpTransport>(file.setup.source.url,
                                                                    http::ClientOptions{.user_agent = user_agent()}));
      transport = transports_.back().get();
    }
    entries.push_back({.setup = file.setup,
                       .parts = {.folder = *installer_.folder(file.setup.name),
                                 .transport = transport,
                                 .challenge = [path = file.challenge_file] { return read_challenge(path); },
                                 .keys = installer_.keys(file.setup.name)}});
  }
  return entries;
}

Result<std::unique_ptr<AgentDaemon>> AgentDaemon::start(const AgentConfiguration& configuration,
                                                        Environment environment) {
  const AgentOptions& options = configuration.options;
  constexpr unsigned folder_mode = 0755;
  TRY_STATUS(files::make_folder(options.state, folder_mode));
  std::unique_ptr<AgentDaemon> daemon(new AgentDaemon(configuration, environment));
  TRY(device::FolderLock lock, device::FolderLock::take(options.state));
  daemon->lock_.emplace(std::move(lock));
  TRY_STATUS(daemon->open_store(options.state + "/agent.db"));
  TRY(auto slots, daemon->open_slots(configuration.slots));
  agent::SupervisorOptions supervising{.identity = {.version = std::string(version),
                                                    .node = options.node,
                                                    .product = options.product,
                                                    .boot_id = boot_id(),
                                                    .hold = options.hub_hold},
                                       .built = released,
                                       .has_hub = !options.hub_url.empty(),
                                       .shown_slot = options.hub_slot,
                                       .stopping = [daemon = daemon.get()] { return daemon->stopping_.load(); }};
  TRY(daemon->supervisor_, agent::Supervisor::start(std::move(supervising), std::move(slots), daemon->time_,
                                                    {.store = *daemon->store_,
                                                     .services = daemon->installer_,
                                                     .clock = environment.clock,
                                                     .random = environment.random,
                                                     .log = environment.log}));
  if (!options.hub_url.empty())
    daemon->link_ =
        std::make_unique<device::HttpHubLink>(device::HubLinkOptions{.url = options.hub_url,
                                                                     .slots_folder = options.state + "/slots",
                                                                     .user_agent = user_agent(),
                                                                     .tokens = &daemon->tokens_});
  TRY(device::Alarm alarm, device::Alarm::make());
  daemon->loop_ =
      std::make_unique<DecisionLoop>(*daemon->supervisor_, daemon->link_.get(), std::move(alarm), environment.clock);
  TRY_STATUS(daemon->listen(options));
  daemon->loop_->start();
  return daemon;
}

// What a power cut on poor flash leaves of it is no reason to let certificates end: plans are made anew from the
// folders, and the hub copes with an agent that has lost its memory.
Status AgentDaemon::open_store(const std::string& path) {
  const auto open = [&]() -> Status {
    TRY(store_, store::SqlAgentStore::open(path, {}, environment_.clock));
    return store_->check();
  };
  const bool is_new = !files::exists(path);
  Status opened = open();
  if (opened && is_new) return adopt_trust();
  if (opened) return {};
  const ErrorCode code = opened.error().code();
  // Of another program, from a newer version, or on a disk that does not work now: all that is left alone.
  if (code != ErrorCode::internal && !(code == ErrorCode::invalid && files::exists(path))) return opened;
  store_.reset();
  const std::string aside = path + ".corrupt";
  TRY_STATUS(disk_.remove(path + "-shm"));
  for (const std::string_view part : {"-wal", ""}) {
    TRY_STATUS(disk_.remove(aside + std::string(part)));
    if (files::exists(path + std::string(part)))
      TRY_STATUS(disk_.rename(path + std::string(part), aside + std::string(part)));
  }
  const std::string what = fmt::format("the agent's records were damaged, are kept as {}, and begin anew", aside);
  environment_.log.error(what, {{"error", opened.error().text()}});
  TRY_STATUS(open());
  TRY_STATUS(store_->append({.at = environment_.clock.now(), .slot = "", .what = "failed", .text = what}));
  return adopt_trust();
}

// Where the records are new, and the files of the trust stores are not, those say what is trusted: services go by them.
Status AgentDaemon::adopt_trust() {
  for (const agent::TrustAnchor& anchor : installer_.trust()) {
    TRY(const bool added, store_->add_trust(anchor));
    if (!added) continue;
    TRY_STATUS(store_->append(
        {.at = environment_.clock.now(),
         .slot = "",
         .what = "trust_changed",
         .text = fmt::format("{}: {} is trusted, as its file says", anchor.store, to_hex(anchor.sha256))}));
  }
  return {};
}

Status AgentDaemon::listen(const AgentOptions& options) {
  const std::size_t slash = options.socket.rfind('/');
  constexpr unsigned folder_mode = 0755;
  if (slash != std::string::npos && slash > 0)
    TRY_STATUS(files::make_folder(options.socket.substr(0, slash), folder_mode));
  const LocalApiParts parts{.loop = *loop_, .store = *store_, .services = installer_, .node = options.node};
  std::vector<http::Listener> doors;
  doors.push_back({.options = {.address = "unix:" + options.socket},
                   .handler = [parts](const http::Request& request) { return answer_locally(parts, request); },
                   .deferring_handler = {}});
  const http::Limits few{.max_connections = 8, .queue_length = 8, .workers = 1};
  TRY_IN("listening", server_, http::Server::start(std::move(doors), few, environment_.clock, environment_.log));
  return {};
}

void AgentDaemon::stop() {
  stopping_ = true;
  // What asks for something is answered before that which answers goes.
  if (server_) server_->stop();
  if (loop_) loop_->stop();
}

}  // namespace chancery::agent_program
