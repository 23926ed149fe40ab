#pragma once

// RSA keys that cost next to nothing, to make and to use: a modulus of 2048 bits is the product of 32 primes of 64
// bits, drawn from a small stock. Everybody else sees an ordinary RSA key, with the usual exponent. Whoever wants to
// can factor it in a moment: for simulations only.

#include <cstddef>
#include <vector>

#include "agent/key_maker.h"
#include "sim/dice.h"

namespace chancery::sim {

class CheapKeys final : public agent::KeyMaker {
 public:
  CheapKeys();

  // RSA-2048 from the stock; others are generated.
  Result<pki::PrivateKey> make(const pki::KeySpec& spec) override;
  // From the first key again: the same ones in the same order.
  void begin_again();

  // A prime, and what the exponent is for it.
  struct Prime {
    std::uint64_t value = 0;
    std::uint64_t exponent = 0;  // the inverse of the public one modulo value - 1
  };

 private:
  std::vector<Prime> stock_;
  Dice dice_;
};

}  // namespace chancery::sim
