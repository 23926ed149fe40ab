#pragma once

// Keys and certificates in a folder (docs/agent.md has a picture of it):
//
//   key.pem cert.pem chain.pem fullchain.pem ca.pem   links into live/
//   live                                              link to versions/<n>: the one thing that changes
//   versions/<n>/                                     a key with its certificate, complete before `live` points to it
//   pending/                                          an enrolment that waits for its certificate
//
// Replacing `live` puts key and certificate into use together; a power cut leaves the old pair or the new one. The
// version before is kept.

#include <memory>
#include <optional>
#include <string>

#include "agent/credential_folder.h"
#include "device/disk.h"
#include "device/pending_files.h"

namespace chancery::device {

class CredentialFiles final : public agent::CredentialFolder {
 public:
  // Makes the folder if need be, takes its lock and removes what a crash left. ErrorCode::conflict when files stand
  // there that are not ours to replace.
  static Result<std::unique_ptr<CredentialFiles>> open(std::string folder, Disk& disk);

  Result<std::optional<agent::Credential>> active() override;
  Status activate(const agent::NewCredential& credential) override;
  Result<std::optional<agent::PendingEnrolment>> pending() override { return pending_.read(); }
  Status begin(const agent::PendingEnrolment& pending) override { return pending_.write(pending); }
  Status mark(agent::LastAnswer answer) override { return pending_.mark(answer); }
  Status finish() override { return pending_.remove(); }

  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  CredentialFiles(std::string folder, Disk& disk, FolderLock lock);
  [[nodiscard]] std::string at(std::string_view name) const;
  [[nodiscard]] Status refuse_foreign_files() const;
  Status remove_leftovers();
  Result<unsigned> write_version(const agent::NewCredential& credential);
  Status link(std::string_view name, const std::string& target);
  Status remove_old_versions(unsigned live, std::string_view previous);

  std::string folder_;
  Disk& disk_;
  FolderLock lock_;
  PendingFiles pending_;
};

}  // namespace chancery::device
