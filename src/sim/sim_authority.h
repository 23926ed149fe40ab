#pragma once

// The authority's root and generations on a disk that nothing happens to: what is saved stays through every stop of the
// hub, and a start finds it.

#include <map>
#include <memory>
#include <vector>

#include "hub/generation_store.h"
#include "hub/keyring.h"

namespace chancery::sim {

class SimAuthority final : public hub::GenerationStore {
 public:
  // Makes root and first generation.
  Status found(ca::AuthorityPlan plan, Timestamp now, Random& random);

  [[nodiscard]] const ca::AuthorityPlan& plan() const { return plan_; }
  [[nodiscard]] Bytes fingerprint() const { return root_->certificate.fingerprint(); }
  // As the program makes it at its start.
  Result<std::unique_ptr<hub::Keyring>> load(Random& random) const;

  Result<ca::Root> root() override;
  Status save(const ca::Generation& generation) override;
  Status make_current(int number) override;
  Result<std::uint64_t> highest_crl_number(int generation) override { return crl_numbers_[generation]; }
  Status keep_crl_number(int generation, std::uint64_t number) override {
    crl_numbers_[generation] = number;
    return {};
  }

 private:
  struct Kept {
    int number = 0;
    ca::Generation::State state{};
    pki::Certificate issuing;
    pki::PrivateKey issuing_key;
    pki::Certificate ra;
    pki::PrivateKey ra_key;
  };

  ca::AuthorityPlan plan_;
  std::optional<ca::Root> root_;
  std::vector<Kept> generations_;
  std::map<int, std::uint64_t> crl_numbers_;
};

}  // namespace chancery::sim
