#pragma once

// What the hub knows of a certificate that a node holds or trusts: its own from the ledger and the keyring, those of
// others because nodes sent them.

#include <map>
#include <optional>
#include <string>

#include "fleet/inventory.h"
#include "hub/context.h"

namespace chancery::hub {

struct CertificateFacts {
  std::string sha256;
  std::string subject, issuer;
  std::string serial;  // hex; empty for one of others
  Timestamp not_before, not_after;
  bool ours = false;  // issued here, or one of this authority's
  bool revoked = false;
  bool suspended = false;  // revoked, and may be released
};

// Nothing when the hub has never seen it.
Result<std::optional<CertificateFacts>> facts_of(Context& context, Books& books, std::string_view sha256);

// Whether facts_of() would give some, without reading them.
Result<bool> is_known(Context& context, Books& books, std::string_view sha256);

// Fills what the ledger knows of the slots' active certificates into them.
Status describe_slots(Context& context, Books& books, std::vector<fleet::SlotStatus>& slots);

}  // namespace chancery::hub
