#pragma once

// Whether the authority and its ledger can be loaded, seen without a server. Nothing is changed.

#include <string>
#include <vector>

#include "programs/chancery/machine_check.h"

namespace chancery::program {

// Keys are opened with the passphrase where it can be had without asking for it: in `passphrase_file` unless that is
// empty, in the configured file, in systemd's credential, or where the package's unit takes that from. Without it, all
// the rest is looked at, and that is a finding, too.
[[nodiscard]] std::vector<Finding> check_authority(const ServerOptions& options, const std::string& passphrase_file);

}  // namespace chancery::program
