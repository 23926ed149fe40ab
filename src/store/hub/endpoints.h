#pragma once

// The endpoints table: each endpoint is a name and a list of settings, whose meaning is not known here.

#include "hub/ledger.h"
#include "store/hub/session.h"

namespace chancery::store {

class Endpoints final : public hub::Endpoints {
 public:
  explicit Endpoints(Session& session) : session_(session) {}

  Result<std::vector<hub::StoredEndpoint>> all() override;
  Status put(const hub::StoredEndpoint& endpoint) override;
  Result<bool> remove(std::string_view name) override;

 private:
  Session& session_;
};

}  // namespace chancery::store
