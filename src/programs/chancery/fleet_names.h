#pragma once

// Nodes and clusters as people name them: by name, or "#" and their id.

#include <string>

#include "programs/chancery/admin_client.h"

namespace chancery::program {

// "/v1/nodes/7". ErrorCode::not_found when there is none of that name.
Result<std::string> node_path(AdminClient& client, const std::string& name);
// "3"; the same of a cluster.
Result<std::string> cluster_id(AdminClient& client, const std::string& name);

}  // namespace chancery::program
