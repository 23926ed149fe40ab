#include "programs/chancery-agent/agent_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "agent/authority.h"
#include "device/scep_url.h"
#include "files/file.h"
#include "wire/limits.h"

namespace chancery::agent_program {
namespace {

config::OptionSet<AgentOptions> describe() {
  using O = AgentOptions;
  using config::TextKind;
  config::OptionSet<O> set;
  set.add("state", &O::state,
          {.help = "Folder of the slots' keys and certificates and of the agent's records",
           .kind = TextKind::path,
           .required = true});
  set.add("socket", &O::socket, {.help = "Unix socket of the command line", .kind = TextKind::path, .required = true});
  set.add("slots", &O::slots,
          {.help = "Folder of the slots' files, NAME.toml; empty: slots.d beside this file", .kind = TextKind::path});
  set.add("node", &O::node, {.help = "What this device calls itself; empty: its host name"});
  set.add("product", &O::product, {.help = "What this device is: printer, room-device, phone, uc-node, server"});
  set.add("log_level", &O::log_level,
          {.help = "The least that is logged",
           .names = {{"debug", LogLevel::debug},
                     {"info", LogLevel::info},
                     {"warning", LogLevel::warning},
                     {"error", LogLevel::error}}});
  set.add("hub.url", &O::hub_url, {.help = "The hub, https://HOST:8444; empty: none"});
  set.add("hub.slot", &O::hub_slot,
          {.help = "Slot whose certificate the hub is shown; empty: the first one that has one"});
  set.add("hub.hold", &O::hub_hold,
          {.help = "How long the hub may keep a check-in waiting", .min = Seconds(0), .max = std::chrono::hours(1)});
  set.add("source.url", &O::source_url, {.help = "The SCEP server of slots whose files name none"});
  set.add("source.fingerprint", &O::source_fingerprint, {.help = "SHA-256 of the CA certificate to trust there"});
  return set;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "device";
  return name.data();
}

std::vector<std::string> contradictions(const AgentOptions& options) {
  std::vector<std::string> problems;
  if (!options.hub_url.empty() && !options.hub_url.starts_with("https://"))
    problems.emplace_back("hub.url: must begin with https://");
  if (options.hub_url.ends_with('/')) problems.emplace_back("hub.url: must not end in '/'");
  if (!options.source_url.empty())
    if (const auto url = device::scep_url_from_text(options.source_url); !url)
      problems.push_back("source.url: " + url.error().text());
  if (!options.source_fingerprint.empty())
    if (const auto read = agent::fingerprint_from_text(options.source_fingerprint, false); !read)
      problems.push_back("source.fingerprint: " + read.error().text());
  // No hub takes more.
  for (const auto& [name, text] : {std::pair("node", &options.node), std::pair("product", &options.product)})
    if (text->size() > wire::most_name_bytes)
      problems.push_back(fmt::format("{}: longer than {} bytes", name, wire::most_name_bytes));
  return problems;
}

std::string slots_folder(const AgentOptions& options, const std::string& path) {
  if (!options.slots.empty()) return options.slots;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "slots.d" : path.substr(0, slash) + "/slots.d";
}

}  // namespace

const config::OptionSet<AgentOptions>& agent_option_set() {
  static const config::OptionSet<AgentOptions> set = describe();
  return set;
}

Result<AgentOptions> load_agent_options(const std::string& path) {
  AgentOptions options;
  const std::string file = path.empty() ? std::string(usual_agent_file) : path;
  if (!path.empty() || files::exists(file)) {
    TRY(const Bytes content, files::read_file(file, 1024 * 1024));
    TRY(options, agent_option_set().from_toml(as_text(content), file));
  }
  const std::vector<std::string> problems = contradictions(options);
  if (!problems.empty()) return invalid(config::join_problems(problems));
  if (options.node.empty()) options.node = host_name();
  return options;
}

Result<AgentConfiguration> load_agent_configuration(const std::string& path) {
  AgentConfiguration configuration;
  TRY(configuration.options, load_agent_options(path));
  const AgentOptions& options = configuration.options;
  device::SlotDefaults defaults{.node = options.node, .source = {}};
  if (!options.source_url.empty()) {
    TRY(defaults.source.url, device::scep_url_from_text(options.source_url));
  }
  if (!options.source_fingerprint.empty()) {
    TRY(defaults.source.fingerprint, agent::fingerprint_from_text(options.source_fingerprint, false));
  }
  const std::string folder = slots_folder(options, path.empty() ? std::string(usual_agent_file) : path);
  TRY(configuration.slots, device::read_slot_folder(folder, defaults));
  if (configuration.slots.size() > wire::most_slots)
    return invalid(
        fmt::format("{} has {} slots, and a device can have {}", folder, configuration.slots.size(), wire::most_slots));
  return configuration;
}

cli::Option config_option() {
  return {.name = "config", .value_name = "FILE", .help = "agent.toml", .default_text = std::string(usual_agent_file)};
}

}  // namespace chancery::agent_program
