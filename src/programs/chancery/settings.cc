#include "programs/chancery/settings.h"

#include <fmt/format.h>

#include "files/file.h"

namespace chancery::program {

Result<ServerOptions> options_from(const cli::Arguments& arguments) {
  constexpr const char* usual = "/etc/chancery/chancery.toml";
  std::string file = arguments.text("config");
  if (file.empty() && files::exists(usual)) file = usual;
  TRY(ServerOptions options, load_server_options(file));
  if (arguments.has("data")) options.data = arguments.text("data");
  if (arguments.has("socket")) options.admin_socket = arguments.text("socket");
  return options;
}

Result<std::vector<config::Setting>> settings_from(const std::vector<std::string>& assignments) {
  std::vector<config::Setting> settings;
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
      return invalid(fmt::format("expected key=value, found '{}'", assignment));
    settings.push_back({assignment.substr(0, equals), assignment.substr(equals + 1)});
  }
  return settings;
}

}  // namespace chancery::program
