#pragma once

// The server's own TLS key and certificate in one file of the data folder, so that both always fit:
// server/identity.pem, mode 0600.

#include <string>

#include "hub/server_certificate.h"

namespace chancery::store {

class ServerFiles final : public hub::ServerIdentityStore {
 public:
  explicit ServerFiles(std::string folder) : folder_(std::move(folder)) {}

  Result<std::optional<hub::ServerIdentity>> load() override;
  Status save(const hub::ServerIdentity& identity) override;

 private:
  [[nodiscard]] std::string path() const { return folder_ + "/identity.pem"; }

  std::string folder_;
};

}  // namespace chancery::store
