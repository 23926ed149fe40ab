#pragma once

// The running server: everything made, wired together and listening.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/admin_api.h"
#include "api/device_site.h"
#include "api/monitoring_site.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "connectors/http_web_hook.h"
#include "http/server.h"
#include "hub/foreign_certificates.h"
#include "hub/watched_ledger.h"
#include "programs/chancery/https_files.h"
#include "programs/chancery/ledger_check.h"
#include "programs/chancery/link_door.h"
#include "programs/chancery/private_file.h"
#include "programs/chancery/server_options.h"
#include "programs/chancery/web_door.h"
#include "store/hub/authority_files.h"
#include "store/hub/ledger.h"
#include "store/hub/server_files.h"

namespace chancery::program {

class Daemon {
 public:
  struct Environment {
    Clock& clock;
    Random& random;
    Log& log;
  };
  // Loads the keys, opens the ledger, makes the CRLs that are due, and listens. The error says what to do. A ledger
  // that is missing, of another authority or older than the last CRL is refused; the last unless
  // `accepts_older_ledger`.
  static Result<std::unique_ptr<Daemon>> start(ServerOptions options, SecretBytes passphrase, Environment environment,
                                               bool accepts_older_ledger = false);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Where it listens, the real port in place of 0: first HTTP, then HTTPS, then for agents.
  [[nodiscard]] std::vector<std::string> addresses() const;
  // Where browsers find the web pages.
  [[nodiscard]] std::vector<std::string> web_urls() const;
  // What time makes due: CRLs, the server's certificate, forgetting what is old. Called every minute.
  void tick();
  // Finishes what is under way. Later calls do nothing.
  void stop();

 private:
  Daemon(ServerOptions options, std::unique_ptr<store::SqlLedger> ledger, store::LoadedAuthority authority,
         SecretBytes passphrase, Environment environment);
  Status load_endpoints();
  // Those of an older ledger, with numbers above the highest that were given.
  Status publish_again(const std::map<int, OlderCrl>& older);
  Status listen();
  Status open_link();
  Status open_web();
  // How agents reach the hub. REQUIRES: it listens for them.
  [[nodiscard]] std::string link_url() const;
  void renew_server_certificate();
  [[nodiscard]] http::ServerStatistics statistics() const;
  // Ends held requests whose time is over. Every second, on a thread of its own.
  void watch_the_time(const std::stop_token& stop);

  ServerOptions options_;
  Environment environment_;
  std::unique_ptr<store::SqlLedger> ledger_;
  store::AuthorityFiles authority_files_;
  hub::Keyring keyring_;
  hub::EndpointDirectory endpoints_;
  connectors::HttpWebHook web_hook_{read_private_file};
  hub::WatchedLedger watched_ledger_;
  hub::Context context_;
  hub::Changes changes_;
  hub::Presence presence_;
  hub::ScepService scep_;
  hub::AuditCheck audit_check_;
  hub::CrlPublisher crls_;
  hub::Requests requests_;
  hub::Revocation revocation_;
  hub::Challenges challenges_;
  hub::EndpointEditor editor_;
  hub::Rollover rollover_;
  hub::Nodes nodes_;
  hub::Clusters clusters_;
  hub::Orders orders_;
  hub::ForeignCertificates foreign_certificates_;
  hub::Passwords passwords_;
  hub::Accounts accounts_;
  hub::SignIn sign_in_;
  store::ServerFiles server_files_;
  hub::ServerCertificate server_certificate_;
  api::ChangesDoor changes_door_;
  api::DeviceSite device_site_;
  api::AdminServices services_;
  api::AdminApi admin_api_;
  std::unique_ptr<api::MonitoringSite> monitoring_site_;
  std::unique_ptr<http::Server> server_;            // for devices
  std::optional<HttpsFiles> https_files_;           // of its listeners with TLS
  std::unique_ptr<http::Server> operators_server_;  // for administrators and monitoring
  std::unique_ptr<LinkDoor> link_door_;             // for agents; nothing: no address is configured
  std::unique_ptr<WebDoor> web_door_;               // for browsers; nothing: no address is configured
  std::jthread seconds_;
  // The doors above, for workers that ask for their numbers while others are still opened.
  std::atomic<const http::Server*> running_ = nullptr;
  std::atomic<const LinkDoor*> running_link_ = nullptr;
  std::atomic<const WebDoor*> running_web_ = nullptr;
  bool certificate_is_shown_ = true;  // the server's newest one, at each door with TLS of its own
};

// How many open files a server with these options may need.
[[nodiscard]] std::size_t descriptors_for(const ServerOptions& options);
// The names that a rollover gives the next generation: those of the root.
[[nodiscard]] ca::AuthorityPlan plan_of(const pki::Certificate& root, const std::string& base_url);
// Where certificates say that CRLs and CA certificates are; "{generation}" stands for the generation's number.
[[nodiscard]] ca::PublicationUris publication_uris(const std::string& base_url);
// The same for the issuing certificates, which the root signed.
[[nodiscard]] ca::PublicationUris root_publication_uris(const std::string& base_url);

}  // namespace chancery::program
