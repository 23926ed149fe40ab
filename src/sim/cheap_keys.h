#pragma once

// RSA keys that cost little: each is the product of two primes of a small stock, so a hundred primes make thousands of
// keys, all different. Whoever has two of them can compute both: for simulations only.

#include <cstddef>
#include <vector>

#include "agent/key_maker.h"
#include "base/bytes.h"

namespace chancery::sim {

class CheapKeys final : public agent::KeyMaker {
 public:
  CheapKeys();
  ~CheapKeys() override;

  // RSA-2048 from the stock; others are generated.
  Result<pki::PrivateKey> make(const pki::KeySpec& spec) override;
  // From the first key again, with the same primes.
  void begin_again() { first_ = 0, second_ = 1; }

 private:
  Status provide(std::size_t count);

  struct Prime;
  std::vector<Prime> primes_;
  std::size_t first_ = 0, second_ = 1;  // the next pair
};

}  // namespace chancery::sim
