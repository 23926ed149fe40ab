#pragma once

// Users and groups of this machine by name.

#include <string>

#include "device/disk.h"

namespace chancery::device {

// An empty `user` is the one that this process runs as; an empty `group` is the user's own. ErrorCode::not_found when
// the machine does not know the name.
Result<Owner> find_owner(const std::string& user, const std::string& group);

}  // namespace chancery::device
