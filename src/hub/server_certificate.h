#pragma once

// The server's own TLS certificate: of its own authority, through the ledger like every other, and renewed in time.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hub/context.h"

namespace chancery::hub {

// What TLS shows.
struct ServerIdentity {
  std::string certificates;  // PEM: the server's, then the issuing CA's
  SecretBytes key;           // PEM, not encrypted

  [[nodiscard]] ServerIdentity clone() const { return {.certificates = certificates, .key = key.clone()}; }
};

// Where it is kept. Granted by store/hub (a file of the owner's only).
class ServerIdentityStore {
 public:
  virtual ~ServerIdentityStore() = default;
  // Nothing when there is none.
  virtual Result<std::optional<ServerIdentity>> load() = 0;
  // Both or neither: key and certificate always fit.
  virtual Status save(const ServerIdentity& identity) = 0;
};

struct ServerCertificateOptions {
  std::vector<std::string> host_names;  // DNS names and IP addresses; the first is the common name
  Seconds validity = std::chrono::days(90);
};

// The name under which they stand in the ledger: no endpoint has it, so nobody can renew them but the server.
inline constexpr std::string_view server_endpoint = "(server)";

// Thread-safe.
class ServerCertificate {
 public:
  ServerCertificate(Context& context, ServerIdentityStore& store, ServerCertificateOptions options)
      : context_(context), store_(store), options_(std::move(options)) {}

  // Makes a key and a certificate when there is none, two thirds of its life are over, it was revoked, or it is for
  // other names. True: identity() is another one than before. After an error the old one stays.
  Result<bool> ensure();
  // REQUIRES: ensure() succeeded once.
  [[nodiscard]] ServerIdentity identity() const;

 private:
  Result<bool> is_good(const ServerIdentity& identity, std::string& replaces);
  Result<ServerIdentity> make(const std::string& replaces);

  Context& context_;
  ServerIdentityStore& store_;
  ServerCertificateOptions options_;
  mutable std::mutex mutex_;
  std::optional<ServerIdentity> identity_;
  std::optional<ServerIdentity> unsaved_;  // issued, and not on the disk yet
};

// The host in "https://host:8443/path": the name that a server at that URL should have.
[[nodiscard]] std::string host_of_url(std::string_view url);

}  // namespace chancery::hub
