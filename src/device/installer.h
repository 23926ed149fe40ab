#pragma once

// Puts pairs into service, and back: the device's agent::Services.
//
// A slot's folder (credential_files.h) has the versions; what a service reads are links through `live`. Installing is:
// a complete version beside the one in use → the mark `unsettled`, which names both → `live` → links → reload → health
// check → the mark goes. So after a power cut at any moment one complete pair is in use, and the mark tells whether the
// service may not know it yet, and which version to go back to.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/services.h"
#include "agent/store.h"
#include "base/log.h"
#include "device/late_folder.h"
#include "device/service_control.h"
#include "device/service_links.h"
#include "device/slot_keys.h"

namespace chancery::device {

struct InstallerParts {
  Disk& disk;
  ProcessRunner& processes;
  TlsProbe& tls;
  Clock& clock;
  Log& log;
  // For keys that are not in files: nothing, where all are.
  Tokens* tokens = nullptr;
  Random* random = nullptr;
};

class Installer final : public agent::Services {
 public:
  // `state_folder` is the agent's; the slots' folders are below its slots/, the trust stores in its trust/. A path
  // that begins elsewhere than with / is one from here, for the links are to lead there from anywhere.
  Installer(const std::string& state_folder, const InstallerParts& parts);

  // ErrorCode::conflict when there is such a slot. Its folder is opened, and stays locked, when it is first needed:
  // what is wrong with one slot is told by every call for it (not_found: this machine has no such owner or group),
  // until it is right, and does not keep the others from their work.
  Status add(ServiceDescription service);
  // The slot's folder, for its enrolments. Null: no such slot.
  [[nodiscard]] agent::CredentialFolder* folder(const std::string& slot);
  // Makes the slot's keys. Null: no such slot, or all keys are in files.
  [[nodiscard]] SlotKeys* keys(const std::string& slot);

  // What the files of the trust stores say: the truth for who has no record of it any more. A file that cannot be read
  // is told to the log, and left out.
  [[nodiscard]] std::vector<agent::TrustAnchor> trust() const;

  Status put_into_service(const std::string& slot, const agent::NewCredential& credential) override;
  Status put_back(const std::string& slot, ByteView sha256, const Check& check) override;
  Result<std::vector<pki::Certificate>> kept(const std::string& slot) override;
  Status reload(const std::string& slot) override;
  Status restart(const std::string& slot) override;
  Status recover(const std::string& slot) override;
  Status write_trust(const std::string& store, const std::vector<pki::Certificate>& certificates) override;

 private:
  struct Slot {
    ServiceDescription service;
    std::unique_ptr<LateFolder> folder;
    std::unique_ptr<CredentialFiles> files;  // once it was opened
    std::unique_ptr<SlotKeys> keys;
  };
  // The versions of an installation that has not ended; 0: none. The same twice: only the links were wrong.
  struct Unsettled {
    unsigned before = 0;
    unsigned after = 0;
  };

  // Opened.
  Result<Slot*> find(const std::string& slot);
  Status open(Slot& slot);
  [[nodiscard]] std::string folder_of_slot(const std::string& slot) const;
  Status install(Slot& slot, const agent::NewCredential& credential);
  Status switch_to(Slot& slot, unsigned version);
  Status settle(Slot& slot);
  Status forward(Slot& slot, const Unsettled& change);
  Error back(Slot& slot, const Unsettled& change, const Error& why);
  Status give_back(Slot& slot);
  Error back_to_nothing(Slot& slot, const Error& why);
  ServiceLinks links_of(const Slot& slot) { return {disk_, slot.files->folder()}; }
  Status recover_slot(Slot& slot);
  Status narrow(Slot& slot);
  Status end_unsettled(Slot& slot, const Unsettled& change);
  Status refit(Slot& slot);
  Status remove_parts(Slot& slot);
  Result<std::optional<Unsettled>> read_mark(const Slot& slot) const;
  Status write_mark(const Slot& slot, const Unsettled& change);
  Status remove_mark(const Slot& slot);
  Status with_shown(Slot& slot, const std::function<Status(const ServiceControl::Shown&)>& work);

  std::string state_folder_;
  Disk& disk_;
  Log& log_;
  Tokens* tokens_;
  Random* random_;
  ServiceControl control_;
  std::map<std::string, Slot> slots_;
};

}  // namespace chancery::device
