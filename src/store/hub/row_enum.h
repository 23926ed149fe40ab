#pragma once

// Enumerators as the database holds them: as numbers. What a damaged or foreign row holds instead must not become an
// enumerator that does not exist, for to_string() of such a one is a bug.

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "pki/crl.h"

namespace chancery::store {

// `row` names the row, for example "request 17". REQUIRES: the enumerators of E are the numbers from 0 to `last`.
template <class E>
Result<E> enumerator_from(std::int64_t number, E last, std::string_view row, std::string_view column) {
  if (number < 0 || number > static_cast<std::int64_t>(static_cast<std::underlying_type_t<E>>(last)))
    return internal(fmt::format("the database is damaged: {} has {} {}", row, column, number));
  return static_cast<E>(number);
}

inline Result<pki::RevocationReason> reason_from(std::int64_t number, std::string_view row) {
  constexpr std::int64_t not_assigned = 7;  // RFC 5280 section 5.3.1
  TRY(const auto reason, enumerator_from(number, pki::RevocationReason::aa_compromise, row, "reason"));
  if (number == not_assigned) return internal(fmt::format("the database is damaged: {} has reason {}", row, number));
  return reason;
}

}  // namespace chancery::store
