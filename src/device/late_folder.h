#pragma once

// A slot's folder that can be opened later than it is asked for: its owner's account may come with a package that is
// installed next, or another program may have the folder just now. Until then every call gives the reason.

#include <functional>

#include "device/credential_files.h"

namespace chancery::device {

class LateFolder final : public agent::CredentialFolder {
 public:
  // `open` gives the folder, and is asked at each call.
  using Open = std::function<Result<CredentialFiles*>()>;
  explicit LateFolder(Open open) : open_(std::move(open)) {}

  Result<std::optional<agent::Credential>> active() override {
    TRY(CredentialFiles* const files, open_());
    return files->active();
  }
  Status activate(const agent::NewCredential& credential) override {
    TRY(CredentialFiles* const files, open_());
    return files->activate(credential);
  }
  Result<std::optional<agent::PendingEnrolment>> pending() override {
    TRY(CredentialFiles* const files, open_());
    return files->pending();
  }
  Status begin(const agent::PendingEnrolment& pending) override {
    TRY(CredentialFiles* const files, open_());
    return files->begin(pending);
  }
  Status mark(agent::LastAnswer answer) override {
    TRY(CredentialFiles* const files, open_());
    return files->mark(answer);
  }
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) override {
    TRY(CredentialFiles* const files, open_());
    return files->send_as(type, transaction_id);
  }
  Status finish() override {
    TRY(CredentialFiles* const files, open_());
    return files->finish();
  }

 private:
  Open open_;
};

}  // namespace chancery::device
