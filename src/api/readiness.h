#pragma once

// Whether the server can do its job now.

#include "hub/context.h"

namespace chancery::api {

// The ledger takes a read and a write, and no current CRL has expired. The text says what is wrong.
Status check_readiness(hub::Context& context);

}  // namespace chancery::api
