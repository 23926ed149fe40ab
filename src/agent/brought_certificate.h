#pragma once

// A certificate that did not come by SCEP: a person, or the hub, brings it for a key that waits here. Whoever sends it
// decides neither which names the device has nor whom it trusts: ca.pem of the slot is what its service checks peers
// with and what the link believes the hub by.

#include <optional>
#include <vector>

#include "agent/certificate_check.h"
#include "agent/credential_folder.h"
#include "agent/store.h"

namespace chancery::agent {

struct BroughtExpectation {
  const PendingEnrolment& pending;          // whose key and names it must have
  const std::optional<Credential>& active;  // what is in use
  ByteView fingerprint;                     // SHA-256 of the CA that the slot's file pins; empty: none
  Timestamp now;
  bool accept_changed_names = false;
  AlgorithmFloor floor;
};

// `certificates` is the certificate and those above it, DER. It must lead to the pinned CA; without a pin, to one that
// the slot trusts already; only where it trusts none yet, the CA on top is believed. What the slot trusts afterwards is
// that CA and those between, and without a pin all that it trusted before. ErrorCode::refused otherwise.
Result<ReceivedCertificate> check_brought(const std::vector<Bytes>& certificates, const BroughtExpectation& expected);

}  // namespace chancery::agent
