#pragma once

// The running agent: everything made, wired together, and its socket open.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "device/http_hub_link.h"
#include "device/http_transport.h"
#include "device/installer.h"
#include "device/time_sync.h"
#include "http/server.h"
#include "programs/chancery-agent/agent_options.h"
#include "programs/chancery-agent/decision_loop.h"
#include "store/agent/agent_store.h"

namespace chancery::agent_program {

class AgentDaemon {
 public:
  struct Environment {
    Clock& clock;
    Random& random;
    Log& log;
  };
  // Opens the store, and begins. The error says what to do. What is wrong with one slot is that slot's trouble. A store
  // that is damaged is set aside, for what counts is in the slots' folders.
  static Result<std::unique_ptr<AgentDaemon>> start(const AgentConfiguration& configuration, Environment environment);
  ~AgentDaemon() { stop(); }
  AgentDaemon(const AgentDaemon&) = delete;
  AgentDaemon& operator=(const AgentDaemon&) = delete;

  // Finishes what is under way. Later calls do nothing.
  void stop();

 private:
  AgentDaemon(const AgentConfiguration& configuration, Environment environment);
  Result<std::vector<agent::SlotEntry>> open_slots(const std::vector<device::SlotFile>& files);
  Status open_store(const std::string& path);
  Status adopt_trust();
  Status listen(const AgentOptions& options);

  Environment environment_;
  std::atomic<bool> stopping_ = false;
  std::optional<device::FolderLock> lock_;  // of the state's folder: there is one daemon on it
  device::SystemDisk disk_;
  device::SystemProcessRunner processes_;
  device::NetworkTlsProbe tls_;
  device::SystemTimeSource time_;
  device::Tokens tokens_;
  device::Installer installer_;
  std::vector<std::unique_ptr<device::HttpTransport>> transports_;
  std::unique_ptr<store::SqlAgentStore> store_;
  std::unique_ptr<device::HttpHubLink> link_;
  std::unique_ptr<agent::Supervisor> supervisor_;
  std::unique_ptr<DecisionLoop> loop_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace chancery::agent_program
