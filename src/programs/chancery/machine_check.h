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

// What to do about what only the server's user may look at.
inline constexpr const char* as_the_server = "try again as root, or as the user that the server runs as";

// The files that the configuration names: certificate and key of https, passphrase, data folder. `what` begins with the
// option: "https.key_file: reading /etc/…".
[[nodiscard]] std::vector<Finding> check_files(const ServerOptions& options);

// The authority and its ledger (authority_check.h), addresses that nobody else listens on, room on the disk.
// `passphrase_file`: of --passphrase-file, or empty.
[[nodiscard]] std::vector<Finding> check_start(const ServerOptions& options, const std::string& passphrase_file);

}  // namespace chancery::program
