#pragma once

// The endpoints in memory, checked and ready to serve. Thread-safe.

#include <deque>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hub/endpoint.h"
#include "hub/endpoint_options.h"
#include "hub/ledger.h"

namespace chancery::hub {

class EndpointDirectory {
 public:
  // An endpoint whose settings cannot be used any more (a secret file is gone) is left out, and told in `problems`.
  static Result<std::vector<std::string>> load(EndpointDirectory& directory, Ledger& ledger,
                                               const SecretReader& read_secret);

  // Nothing when there is none. The pointer stays valid for the life of the directory: an endpoint that is changed or
  // removed is kept beside its successor, which costs a few kilobytes a change and saves every request a copy or a
  // lock.
  [[nodiscard]] const Endpoint* find(std::string_view name) const;
  void put(Endpoint endpoint);
  void remove(std::string_view name);
  [[nodiscard]] std::vector<const Endpoint*> all() const;

 private:
  mutable std::shared_mutex mutex_;
  std::deque<Endpoint> every_;
  std::map<std::string, const Endpoint*, std::less<>> current_;
};

}  // namespace chancery::hub
