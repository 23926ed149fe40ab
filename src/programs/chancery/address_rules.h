#pragma once

// What must hold of the addresses and URLs in the server's configuration, a sentence for each breach.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "programs/chancery/server_options.h"

namespace chancery::program {

// Every address to listen on, with the option that names it.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> listen_addresses(const ServerOptions& options);

// Each is one, and no two want the same port. Port 0 is always another.
void check_listen_addresses(const ServerOptions& options, std::vector<std::string>& problems);

// It stands in certificates, with paths behind it: scheme, host, port and path, and nothing else.
void check_base_url(const std::string& url, std::vector<std::string>& problems);

}  // namespace chancery::program
