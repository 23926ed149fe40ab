#pragma once

// Keys and certificates in a folder (docs/agent.md has a picture of it):
//
//   key.pem cert.pem chain.pem fullchain.pem ca.pem   links into live/; key.uri for key.pem where the key is in a token
//   live                                              link to versions/<n>: the one thing that changes
//   versions/<n>/                                     a key with its certificate, complete before `live` points to it
//   before/                                           links to what a service had before the first pair, while that is
//                                                     being installed
//   pending/                                          an enrolment that waits for its certificate
//
// Replacing `live` puts key and certificate into use together; a power cut leaves the old pair or the new one. The
// version before is kept.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/credential_folder.h"
#include "device/disk.h"
#include "device/pending_files.h"

namespace chancery::device {

// A file of somebody else's, and the name by which it is reached through `live`.
struct Borrowed {
  std::string name;
  std::string path;
};

// How a version is written for the service that reads it.
struct CredentialForm {
  std::optional<Owner> owner;  // of the files with the key; nothing: whoever writes them
  unsigned key_mode = 0600;
  bool combined = false;     // combined.pem as well: the key, the certificate and its chain
  Tokens* tokens = nullptr;  // for keys in PKCS#11 tokens; must outlive the folder
};

class CredentialFiles final : public agent::CredentialFolder {
 public:
  // Makes the folder if need be, takes its lock and removes what a crash left. ErrorCode::conflict when files stand
  // there that are not ours to replace.
  static Result<std::unique_ptr<CredentialFiles>> open(std::string folder, Disk& disk, CredentialForm form = {});

  Result<std::optional<agent::Credential>> active() override;
  Status activate(const agent::NewCredential& credential) override;
  Result<std::optional<agent::PendingEnrolment>> pending() override { return pending_.read(); }
  Status begin(const agent::PendingEnrolment& pending) override { return pending_.write(pending); }
  Status mark(agent::LastAnswer answer) override { return pending_.mark(answer); }
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) override {
    return pending_.send_as(type, transaction_id);
  }
  Status finish() override { return pending_.remove(); }

  [[nodiscard]] const std::string& folder() const { return folder_; }

  // The steps of activate(), for those who have more to do between them. Versions count from 1; 0 is none.

  // Writes a version beside the one in use: complete, with owner and mode, and on the disk when it returns.
  Result<unsigned> write_version(const agent::NewCredential& credential);
  [[nodiscard]] unsigned live_version() const;
  // Puts a complete version into use, or none; on the disk when it returns.
  Status use_version(unsigned version);
  // Lets `live` lead to files of others, by before/, so that one change of `live` goes from them to the first version,
  // and back. REQUIRES: no version is in use.
  Status use_borrowed(const std::vector<Borrowed>& files);
  // Back to what use_borrowed() had; to none when there was nothing.
  Status use_borrowed_again();
  // REQUIRES: it is not in use.
  Status remove_borrowed();
  [[nodiscard]] std::vector<unsigned> versions() const;
  // ErrorCode::invalid when it is not a pair that belongs together, not_found when it is not complete. Whoever may read
  // the key, which active() looks at.
  [[nodiscard]] Result<agent::Credential> read_version(unsigned version) const;
  // Its certificate alone.
  [[nodiscard]] Result<pki::Certificate> certificate_of(unsigned version) const;
  // Whether it has the form that this folder was opened with: a service file may have been changed since.
  [[nodiscard]] bool has_form(unsigned version) const;
  // Takes away from its files with the key what the form's mode does not allow. True when there was something.
  Result<bool> narrow(unsigned version);
  // REQUIRES: it is not in use.
  Status remove_version(unsigned version);
  Status remove_versions_except(unsigned live, unsigned before);

 private:
  CredentialFiles(std::string folder, Disk& disk, FolderLock lock, CredentialForm form);
  [[nodiscard]] std::string at(std::string_view name) const;
  [[nodiscard]] std::string folder_of_version(unsigned version) const;
  [[nodiscard]] Status refuse_foreign_files() const;
  Status remove_leftovers();
  Status write_key(const std::string& path, ByteView content);
  Status link(std::string_view name, const std::string& target);

  std::string folder_;
  Disk& disk_;
  FolderLock lock_;
  CredentialForm form_;
  PendingFiles pending_;
};

}  // namespace chancery::device
