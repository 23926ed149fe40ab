#pragma once

// Endpoints' names as people type them.

#include <string>

#include "programs/chancery/admin_client.h"

namespace chancery::program {

// `answer` to a call about the endpoint `name`: where there is no such endpoint, the error also says which one was
// probably meant.
Result<boost::json::value> or_endpoint_meant(AdminClient& client, Result<boost::json::value> answer,
                                             const std::string& name);

}  // namespace chancery::program
