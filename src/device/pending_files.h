#pragma once

// An enrolment that waits for its certificate, as a folder: pending/ with the key, the signer's certificate, the
// PKCS#10 and what else is to be known. It appears and disappears by renaming, so it is there whole or not at all. Only
// its owner may look into it: the PKCS#10 holds the challenge.

#include <optional>
#include <string>

#include "agent/credential_folder.h"
#include "device/disk.h"
#include "device/kept_key.h"

namespace chancery::device {

class PendingFiles {
 public:
  PendingFiles(std::string folder, Disk& disk, Tokens* tokens = nullptr)
      : folder_(std::move(folder)), disk_(disk), tokens_(tokens) {}

  Result<std::optional<agent::PendingEnrolment>> read() const;
  // ErrorCode::conflict when there is one.
  Status write(const agent::PendingEnrolment& pending);
  Status mark(agent::LastAnswer answer);
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id);
  Status remove();
  // What a crash in write() or remove() left: it may hold secrets.
  Status remove_leftovers();

 private:
  [[nodiscard]] std::string pending() const { return folder_ + "/pending"; }

  std::string folder_;  // the one above pending/
  Disk& disk_;
  Tokens* tokens_;
};

}  // namespace chancery::device
