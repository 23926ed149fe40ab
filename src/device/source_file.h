#pragma once

// agent::Source as JSON.

#include <string>

#include "agent/credential_folder.h"

namespace chancery::device {

[[nodiscard]] std::string source_text(const agent::Source& source);
Result<agent::Source> read_source(const std::string& path);

}  // namespace chancery::device
