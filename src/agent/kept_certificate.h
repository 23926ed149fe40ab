#pragma once

// A pair that was in use once and that the slot's folder still has: whether it would be installed today. Its key is the
// certificate's, which whoever read the pair has seen.

#include <optional>

#include "agent/algorithm_floor.h"
#include "agent/credential_folder.h"

namespace chancery::agent {

struct KeptExpectation {
  const std::optional<Credential>& active;  // what is in use
  ByteView fingerprint;                     // SHA-256 of the CA that the slot's file pins; empty: none
  Timestamp now;
  AlgorithmFloor floor;
};

// Good now, and leads to the pinned CA; without a pin, to one that the slot trusts, which are those of the pair in use.
// ErrorCode::refused otherwise. Names are not looked at: what was asked for is not known any more.
Status check_kept(const Credential& kept, const KeptExpectation& expected);

}  // namespace chancery::agent
