#pragma once

// Minting one-time challenges for devices, and taking them back.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ca/challenge.h"
#include "hub/context.h"

namespace chancery::hub {

struct ChallengeOrder {
  std::string endpoint;
  ca::ChallengeBinding binding;
  std::optional<Seconds> lifetime;  // nothing: the endpoint's
  std::string note;
  std::vector<std::pair<std::string, std::string>> details = {};  // for the audit trail: what it is for
  // What becomes durable together with the challenge; may be empty. Its error undoes both.
  std::function<Status(Books& books, const ca::ChallengeRecord& minted)> together = {};
};

class Challenges {
 public:
  explicit Challenges(Context& context) : context_(context) {}

  // The only moment at which the secret is known.
  Result<ca::MintedChallenge> mint(const ChallengeOrder& order, const Caller& caller);
  Status revoke(std::string_view id, const Caller& caller);
  // The same inside a transaction, of one that may have been used or taken back already: then nothing happens.
  Status take_back(Books& books, std::string_view id, const Caller& caller);
  Result<ca::ChallengePage> list(const ca::ChallengeFilter& filter);
  // Forgets challenges that expired more than 30 days ago.
  Status remove_old();

 private:
  Status check(const ChallengeOrder& order) const;

  Context& context_;
};

}  // namespace chancery::hub
