#pragma once

// The services of this device that use the slots' certificates, as the agent's decisions see them. Granted by device/
// (files, links, commands, health checks); a test grants services that fail where it wants.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/credential_folder.h"

namespace chancery::agent {

// Every call names a slot that has a service file, and comes from the thread of decisions. ErrorCode::not_found for
// another slot. A call may take as long as the service's reload and health check take.
class Services {
 public:
  using Check = std::function<Status(const Credential&)>;

  virtual ~Services() = default;

  // Puts the pair into use: checks it, swaps it into the slot's folder, makes the links with owner and mode, reloads
  // the service and asks it by its health check. When a step fails, the old pair is back and the service has been
  // reloaded with it, and the error says which step said what. CredentialFolder::active() shows the pair in use.
  virtual Status put_into_service(const std::string& slot, const NewCredential& credential) = 0;
  // The same with a pair that the slot's folder still keeps, known by the SHA-256 of its certificate. It was good once:
  // `check` says whether it is now, before anything changes. ErrorCode::not_found when it keeps none such.
  virtual Status put_back(const std::string& slot, ByteView sha256, const Check& check) = 0;
  // The certificates that the slot's folder has with their keys, the one in use first.
  virtual Result<std::vector<pki::Certificate>> kept(const std::string& slot) = 0;

  // When somebody asks for it. ErrorCode::refused where the slot's file names no program for that.
  virtual Status reload(const std::string& slot) = 0;
  virtual Status restart(const std::string& slot) = 0;
  // After a start: removes what a cut left, and lets the service see the live pair if that is not certain. Does
  // nothing, and costs next to nothing, when the last installation ended properly.
  virtual Status recover(const std::string& slot) = 0;

  // Writes all certificates of a trust store (`<state>/trust/<store>.pem`), whole or not at all; an empty list leaves
  // an empty file. REQUIRES: is_store_name(store).
  virtual Status write_trust(const std::string& store, const std::vector<pki::Certificate>& certificates) = 0;
};

// At most 40 lower-case letters, digits and '-', which is not first: a trust store's name is a file's, too.
[[nodiscard]] bool is_store_name(std::string_view name);

}  // namespace chancery::agent
