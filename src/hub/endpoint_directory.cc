#include "hub/endpoint_directory.h"

namespace chancery::hub {

Result<std::vector<std::string>> EndpointDirectory::load(EndpointDirectory& directory, Ledger& ledger,
                                                         const SecretReader& read_secret) {
  std::vector<StoredEndpoint> stored;
  TRY_STATUS(ledger.read([&](Books& books) -> Status {
    TRY(stored, books.endpoints().all());
    return {};
  }));
  std::vector<std::string> problems;
  for (const StoredEndpoint& row : stored) {
    const auto options = apply_settings({}, row.settings);
    auto endpoint =
        options ? make_endpoint(row.name, *options, read_secret) : Result<Endpoint>(std::unexpected(options.error()));
    if (endpoint)
      directory.put(*std::move(endpoint));
    else
      problems.push_back(endpoint.error().in("endpoint " + row.name).text());
  }
  return problems;
}

const Endpoint* EndpointDirectory::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto place = current_.find(name);
  return place == current_.end() ? nullptr : place->second;
}

void EndpointDirectory::put(Endpoint endpoint) {
  const std::unique_lock lock(mutex_);
  const Endpoint& kept = every_.emplace_back(std::move(endpoint));
  current_.insert_or_assign(kept.name, &kept);
}

void EndpointDirectory::remove(std::string_view name) {
  const std::unique_lock lock(mutex_);
  if (const auto place = current_.find(name); place != current_.end()) current_.erase(place);
}

std::vector<const Endpoint*> EndpointDirectory::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<const Endpoint*> endpoints;
  for (const auto& [name, endpoint] : current_) endpoints.push_back(endpoint);
  return endpoints;
}

}  // namespace chancery::hub
