#pragma once

// The way to the hub over HTTPS: the agent shows the certificate of one of its slots, and trusts what that slot trusts.

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "agent/hub_link.h"
#include "device/tokens.h"
#include "http/client.h"

namespace chancery::device {

struct HubLinkOptions {
  std::string url;           // "https://hub.example:8444"
  std::string slots_folder;  // with a folder for each slot (credential_files.h)
  std::string user_agent;
  Tokens* tokens = nullptr;  // for keys in PKCS#11 tokens; must outlive the link
};

class HttpHubLink final : public agent::HubLink {
 public:
  explicit HttpHubLink(HubLinkOptions options) : options_(std::move(options)) {}

  // ErrorCode::unavailable also when the pair in the slot's folder is another one by now: it is time to look again.
  Result<wire::CheckInAnswer> check_in(const wire::CheckIn& message, const agent::ShownCertificate& shown) override;
  void cancel() override;

 private:
  // The connection that is kept, for one version of one slot's pair.
  struct Connection {
    std::string version;
    Seconds hold{0};
    http::Client client;
  };
  Result<http::Client*> client_for(const agent::ShownCertificate& shown, Seconds hold);

  HubLinkOptions options_;
  std::optional<Connection> connection_;
  std::mutex mutex_;
  std::optional<std::stop_source> under_way_;
};

}  // namespace chancery::device
