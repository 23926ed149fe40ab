#include "programs/chancery/private_file.h"

#include <cstdlib>

#include "files/file.h"

namespace chancery::program {
namespace {

// With a slash at its end; empty when systemd gave none.
std::string credentials_folder() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder == nullptr || *folder == '\0' ? std::string() : std::string(folder) + "/";
}

}  // namespace

Result<SecretBytes> read_private_file(const std::string& path) {
  const std::string folder = credentials_folder();
  const bool from_systemd =
      !folder.empty() && path.starts_with(folder) && path.find('/', folder.size()) == std::string::npos;
  return files::read_secret_file(path, from_systemd ? files::Privacy::any : files::Privacy::owner_only);
}

Status check_private_file(const std::string& path) {
  TRY([[maybe_unused]] const SecretBytes content, read_private_file(path));
  return {};
}

std::string systemd_credential(const std::string& name) {
  const std::string folder = credentials_folder();
  return !folder.empty() && files::exists(folder + name) ? folder + name : std::string();
}

}  // namespace chancery::program
