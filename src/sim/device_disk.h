#pragma once

// What a device keeps through every cut: its credential folder with the service that uses it, and the agent's store.
// Every write may be the last. What is written stays in memory as it was read once: reading keys would be a fifth of a
// simulation.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "agent/memory_store_testing.h"
#include "agent/services.h"
#include "sim/breakage.h"
#include "sim/power.h"

namespace chancery::sim {

// One slot's folder, and the service that shows its pair.
class DeviceDisk final : public agent::CredentialFolder, public agent::Services {
 public:
  DeviceDisk(Power& power, Breakage breakage) : power_(power), breakage_(breakage) {}

  // The service does not come up with any certificate: its health check fails.
  void break_service(bool broken) { broken_ = broken; }
  // The process ended: what was not written is gone.
  void restarted();

  // The pair in use, for who looks from outside.
  struct Pair {
    std::uint64_t number = 0;  // counted up with each that is put into use
    pki::PrivateKey key;
    pki::Certificate certificate;
    Bytes fingerprint;  // the certificate's
    std::vector<pki::Certificate> chain;
    std::vector<pki::Certificate> authorities;
    agent::Source source;
  };
  [[nodiscard]] const Pair* live() const { return live_ == 0 ? nullptr : find(live_); }

  Result<std::optional<agent::Credential>> active() override;
  Status activate(const agent::NewCredential& credential) override;
  Result<std::optional<agent::PendingEnrolment>> pending() override;
  Status begin(const agent::PendingEnrolment& pending) override;
  Status mark(agent::LastAnswer answer) override;
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) override;
  Status finish() override;

  Status put_into_service(const std::string& slot, const agent::NewCredential& credential) override;
  Status put_back(const std::string& slot, ByteView sha256, const Check& check) override;
  Result<std::vector<pki::Certificate>> kept(const std::string& slot) override;
  Status reload(const std::string& slot) override;
  Status restart(const std::string& slot) override { return reload(slot); }
  Status recover(const std::string& slot) override;
  Status write_trust(const std::string&, const std::vector<pki::Certificate>&) override { return power_.step(); }

 private:
  struct Pending {
    scep::MessageType type;
    scep::TransactionId transaction_id;
    pki::PrivateKey key;
    pki::Certificate signer;
    SecretBytes request;
    agent::Source source;
    Timestamp started;
    agent::LastAnswer last_answer;
  };
  [[nodiscard]] const Pair* find(std::uint64_t number) const;
  Pair pair_of(const agent::NewCredential& credential);
  Status use(std::uint64_t number);

  Power& power_;
  Breakage breakage_;
  std::deque<Pair> versions_;
  std::uint64_t last_ = 0;
  std::uint64_t live_ = 0;
  std::uint64_t shown_ = 0;  // by the service
  bool broken_ = false;
  std::optional<Pending> pending_;
};

}  // namespace chancery::sim
