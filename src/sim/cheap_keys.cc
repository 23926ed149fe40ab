#include "sim/cheap_keys.h"

#include <openssl/bn.h>

#include <memory>

#include "base/check.h"
#include "pki/der.h"

namespace chancery::sim {
namespace {

constexpr int prime_bits = 1024;
constexpr unsigned long exponent = 65537;
constexpr std::size_t most_primes = 256;

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
struct FreeContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Context = std::unique_ptr<BN_CTX, FreeContext>;

Number number() {
  Number made(BN_new());
  CHECK(made != nullptr);
  return made;
}

Bytes octets_of(const BIGNUM* value) {
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(value)));
  BN_bn2bin(value, octets.data());
  return octets;
}

}  // namespace

struct CheapKeys::Prime {
  Number value;
};

CheapKeys::CheapKeys() = default;
CheapKeys::~CheapKeys() = default;

// The two highest bits are set, so that a product has 2048 bits; and e divides no p - 1.
Status CheapKeys::provide(std::size_t count) {
  const Context context(BN_CTX_new());
  while (primes_.size() < count) {
    Number prime = number();
    if (BN_generate_prime_ex(prime.get(), prime_bits, 0, nullptr, nullptr, nullptr) != 1)
      return internal("making a prime failed");
    if (BN_is_bit_set(prime.get(), prime_bits - 2) == 0 || BN_mod_word(prime.get(), exponent) == 1) continue;
    primes_.push_back({std::move(prime)});
  }
  return {};
}

// RSAPrivateKey (RFC 8017 appendix A.1.2).
Result<pki::PrivateKey> CheapKeys::make(const pki::KeySpec& spec) {
  if (spec != pki::KeySpec{.family = pki::KeyFamily::rsa, .bits = 2 * prime_bits})
    return pki::PrivateKey::generate(spec);
  TRY_STATUS(provide(second_ + 1));
  const BIGNUM* p = primes_[second_].value.get();
  const BIGNUM* q = primes_[first_].value.get();
  if (++first_ == second_) first_ = 0, ++second_;
  if (second_ == most_primes) begin_again();

  const Context context(BN_CTX_new());
  const Number one = number(), e = number(), n = number(), p1 = number(), q1 = number(), phi = number(), dp = number(),
               dq = number();
  const Number d(BN_new()), qi(BN_new());
  const bool made = BN_one(one.get()) == 1 && BN_set_word(e.get(), exponent) == 1 &&
                    BN_mul(n.get(), p, q, context.get()) == 1 && BN_sub(p1.get(), p, one.get()) == 1 &&
                    BN_sub(q1.get(), q, one.get()) == 1 && BN_mul(phi.get(), p1.get(), q1.get(), context.get()) == 1 &&
                    BN_mod_inverse(d.get(), e.get(), phi.get(), context.get()) != nullptr &&
                    BN_mod(dp.get(), d.get(), p1.get(), context.get()) == 1 &&
                    BN_mod(dq.get(), d.get(), q1.get(), context.get()) == 1 &&
                    BN_mod_inverse(qi.get(), q, p, context.get()) != nullptr;
  if (!made) return internal("making a key of two primes failed");
  pki::der::Writer key;
  key.sequence([&] {
    key.small_integer(0);
    for (const BIGNUM* value : {static_cast<const BIGNUM*>(n.get()), static_cast<const BIGNUM*>(e.get()),
                                static_cast<const BIGNUM*>(d.get()), p, q, static_cast<const BIGNUM*>(dp.get()),
                                static_cast<const BIGNUM*>(dq.get()), static_cast<const BIGNUM*>(qi.get())})
      key.unsigned_integer(octets_of(value));
  });
  return pki::PrivateKey::from_der(key.view());
}

}  // namespace chancery::sim
