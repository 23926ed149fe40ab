#pragma once

// How the lines of the audit trail are chained: hash = SHA-256(hash of the line before || canonical JSON of this one).
// The first line has no bytes before it.

#include <string>

#include "base/bytes.h"
#include "hub/ledger.h"

namespace chancery::store {

// {"sequence":1,"at":"2026-01-01T00:00:00Z","actor":"…","action":"…","subject":"…","details":[["name","value"],…]}
// without white space. In texts only the quote, the backslash and characters below U+0020 are escaped, the latter as
// \u00xx.
[[nodiscard]] std::string canonical_json(const hub::AuditEvent& event);

// Does not look at event.hash.
[[nodiscard]] Bytes audit_hash(ByteView previous, const hub::AuditEvent& event);

}  // namespace chancery::store
