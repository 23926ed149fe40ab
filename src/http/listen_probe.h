#pragma once

// Whether an address could be listened on now, asked without a server.

#include <string_view>

#include "base/error.h"

namespace chancery::http {

// Takes the address for a moment, as a server would, and gives it back. Of a Unix socket nothing is said: a server
// takes the place of one that nobody answers at. Errors: conflict (another program has it), refused (not for this
// user), unavailable (this machine has no such address, or anything else), invalid (the text is no address).
Status probe_listen(std::string_view address);

}  // namespace chancery::http
