#pragma once

// Whether a file is a ledger, for who asks without a server.

#include <cstdint>
#include <string>

#include "base/error.h"

namespace chancery::store {

// "Chan", in the header of the database file.
inline constexpr std::int32_t ledger_application_id = 0x4368616e;

// Whether SqlLedger::open() would find a ledger of this program in the file `path`. Changes nothing, neither the file
// nor what lies beside it; what is only in the log of a server that was killed is not seen. ErrorCode::not_found when
// there is no file; refused when it is a newer program's.
[[nodiscard]] Status check_ledger_file(const std::string& path);

}  // namespace chancery::store
