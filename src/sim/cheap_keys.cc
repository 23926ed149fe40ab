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
constexpr BN_ULONG sieve_limit = 20'000;

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

std::vector<BN_ULONG> small_primes() {
  std::vector<BN_ULONG> primes;
  for (BN_ULONG candidate = 3; candidate < sieve_limit; candidate += 2) {
    bool divided = false;
    for (std::size_t at = 0; at < primes.size() && primes[at] * primes[at] <= candidate && !divided; ++at)
      divided = candidate % primes[at] == 0;
    if (!divided) primes.push_back(candidate);
  }
  return primes;
}

// By Fermat's test to two bases. OpenSSL makes 64 rounds of a better one, for somebody may have chosen the number; who
// draws it at random meets one that passes and is none less often than a fault of memory.
bool is_prime(const BIGNUM* value, BN_CTX* context) {
  const Number base = number(), one_less = number(), power = number();
  if (BN_sub(one_less.get(), value, BN_value_one()) != 1) return false;
  for (const BN_ULONG tried : {2UL, 3UL})
    if (BN_set_word(base.get(), tried) != 1 ||
        BN_mod_exp(power.get(), base.get(), one_less.get(), value, context) != 1 || BN_is_one(power.get()) != 1)
      return false;
  return true;
}

// The first prime from a random number on whose two highest bits are set, so that a product of two has all its bits.
// Nothing where that is too far off.
Number random_prime(const std::vector<BN_ULONG>& sieve, BN_CTX* context) {
  constexpr BN_ULONG farthest = 20'000;
  Number start = number();
  CHECK(BN_rand(start.get(), prime_bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD) == 1);
  std::vector<bool> divided(farthest);
  for (const BN_ULONG prime : sieve) {
    const BN_ULONG rest = BN_mod_word(start.get(), prime);
    for (BN_ULONG at = rest == 0 ? 0 : prime - rest; at < farthest; at += prime) divided[at] = true;
  }
  BN_ULONG before = 0;
  for (BN_ULONG at = 0; at < farthest; at += 2) {
    if (divided[at]) continue;
    CHECK(BN_add_word(start.get(), at - before) == 1);
    before = at;
    if (is_prime(start.get(), context)) return start;
  }
  return nullptr;
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

// e divides no p - 1.
Status CheapKeys::provide(std::size_t count) {
  if (primes_.size() >= count) return {};
  const Context context(BN_CTX_new());
  static const std::vector<BN_ULONG> sieve = small_primes();
  while (primes_.size() < count) {
    Number prime = random_prime(sieve, context.get());
    if (prime == nullptr || BN_num_bits(prime.get()) != prime_bits || BN_mod_word(prime.get(), exponent) == 1) continue;
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
