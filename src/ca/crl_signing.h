#pragma once

// The next CRL of a generation, and when it is due.

#include <vector>

#include "base/time.h"
#include "ca/authority.h"
#include "ca/records.h"

namespace chancery::ca {

struct CrlOrder {
  const Generation& generation;
  std::vector<pki::RevokedEntry> entries;
  std::uint64_t previous_number = 0;  // 0: this is the first
  Timestamp now;
  Seconds validity{0};
};

// thisUpdate lies a few minutes back, for devices whose clock is slow; nextUpdate is now + validity.
Result<CrlRecord> make_next_crl(const CrlOrder& order);

// A new CRL is due `overlap` before the last one expires, so that no client is ever left with an expired one.
[[nodiscard]] bool crl_due(const CrlRecord& last, Timestamp now, Seconds overlap);

}  // namespace chancery::ca
