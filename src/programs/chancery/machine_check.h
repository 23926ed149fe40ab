#pragma once

// What can be seen without a server of what it needs on this machine. Nothing is changed.

#include <string>
#include <string_view>
#include <vector>

#include "programs/chancery/server_options.h"

namespace chancery::program {

struct Finding {
  std::string severity;  // as the running server's doctor has it: "error", "warning"
  std::string what;
  std::string fix;
};

// The files that the configuration names: certificate and key of https, passphrase, data folder. `what` begins with the
// option: "https.key_file: reading /etc/…".
[[nodiscard]] std::vector<Finding> check_files(const ServerOptions& options);

// An authority, addresses that nobody else listens on, room on the disk.
[[nodiscard]] std::vector<Finding> check_start(const ServerOptions& options);

}  // namespace chancery::program
