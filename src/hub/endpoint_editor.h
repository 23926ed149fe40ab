#pragma once

// Adding, changing and removing endpoints. What is wrong is refused as a whole: an endpoint on disk can always serve.

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hub/context.h"
#include "hub/endpoint_options.h"

namespace chancery::hub {

struct EndpointView {
  std::string name;
  EndpointOptions options;
  std::vector<std::string> warnings;
};

// An endpoint, and who would issue what it allows.
struct EndpointBelow {
  const Endpoint& endpoint;
  const pki::Certificate& issuing;
  std::span<const pki::Certificate> above;
  Timestamp now;
};
// Certificates as long as the endpoint's would end after their issuing CA: lint refuses all of them from `last_issue`
// on.
struct TooLongValidity {
  Seconds validity;
  Timestamp issuer_end;
  Timestamp last_issue;
  bool already = false;  // that is over
};
// Nothing when it is more than half a year away.
[[nodiscard]] std::optional<TooLongValidity> too_long_validity(const EndpointBelow& below);
[[nodiscard]] std::string to_text(const TooLongValidity& validity);
// All there is to say of it: also what the issuing CA would refuse to every device that comes to it.
[[nodiscard]] std::vector<std::string> warnings_below(const EndpointBelow& below, const SecretReader& read_secret);

class EndpointEditor {
 public:
  EndpointEditor(Context& context, SecretReader read_secret)
      : context_(context), read_secret_(std::move(read_secret)) {}

  // ErrorCode::conflict when it exists; invalid with every problem, one a line.
  Result<EndpointView> add(std::string_view name, const std::vector<config::Setting>& settings, const Caller& caller);
  Result<EndpointView> change(std::string_view name, const std::vector<config::Setting>& settings,
                              const Caller& caller);
  // Certificates that it issued stay as they are, and can be revoked; they cannot be renewed any more.
  Status remove(std::string_view name, const Caller& caller);
  Result<EndpointView> show(std::string_view name);
  Result<std::vector<EndpointView>> list();

 private:
  [[nodiscard]] std::vector<std::string> all_warnings_of(const Endpoint& endpoint) const;
  Result<EndpointView> store(std::string_view name, const EndpointOptions& options, std::string_view action,
                             const Caller& caller, const std::vector<config::Setting>& changed);

  Context& context_;
  SecretReader read_secret_;
  std::mutex mutex_;  // one change at a time: memory and ledger must not end up with different ones
};

}  // namespace chancery::hub
