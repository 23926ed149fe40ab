#pragma once

// agent.toml, every option described once; the slots' files stand beside it (device/slot_options.h).

#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "cli/command_table.h"
#include "config/option.h"
#include "device/service_file.h"

namespace chancery::agent_program {

struct AgentOptions {
  std::string state = "/var/lib/chancery-agent";
  std::string socket = "/run/chancery-agent/agent.sock";
  std::string slots;  // empty: slots.d beside agent.toml
  std::string node;   // empty: the host's name
  std::string product;
  LogLevel log_level = LogLevel::info;
  std::string hub_url;
  std::string hub_slot;
  Seconds hub_hold = std::chrono::minutes(5);
  std::string source_url;
  std::string source_fingerprint;
};

[[nodiscard]] const config::OptionSet<AgentOptions>& agent_option_set();

// The file with what follows from it.
struct AgentConfiguration {
  AgentOptions options;
  std::vector<device::SlotFile> slots;
};
inline constexpr std::string_view usual_agent_file = "/etc/chancery-agent/agent.toml";

// Only agent.toml; its defaults when `path` is empty and the usual one is not there.
Result<AgentOptions> load_agent_options(const std::string& path);
// With the slots' files. All problems at once, one a line.
Result<AgentConfiguration> load_agent_configuration(const std::string& path);

// --config, or nothing.
[[nodiscard]] cli::Option config_option();

}  // namespace chancery::agent_program
