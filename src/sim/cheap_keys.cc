#include "sim/cheap_keys.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/check.h"
#include "pki/der.h"
#include "pki/key_elsewhere.h"
#include "pki/rsa_padding.h"

namespace chancery::sim {
namespace {

__extension__ using Wide = unsigned __int128;
using Prime = CheapKeys::Prime;

constexpr std::size_t limbs = 32;  // of 64 bits
constexpr std::size_t octets = limbs * 8;
constexpr std::uint64_t public_exponent = 65537;
constexpr std::size_t primes_in_stock = 512;
constexpr std::uint64_t stock_seed = 0x6368656170;
// All primes are above 63/64 of 2^64, so a product of 32 has all its 2048 bits.
constexpr std::uint64_t top_bits = 0xfcULL << 56U;

// Numbers of 2048 bits, the least limb first.
using Number = std::array<std::uint64_t, limbs>;

std::uint64_t times(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % modulus);
}

std::uint64_t minus(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return a >= b ? a - b : a + (modulus - b);
}

// Multiplication modulo an odd number without a division (Montgomery): x stands for x * 2^64.
class Montgomery {
 public:
  explicit Montgomery(std::uint64_t modulus) : modulus_(modulus), one_(0 - modulus) {
    // Newton's method: each step doubles the number of right bits.
    std::uint64_t inverse = modulus;
    for (int step = 0; step < 5; ++step) inverse *= 2 - modulus * inverse;
    negative_inverse_ = 0 - inverse;
    if (one_ >= modulus) one_ %= modulus;
    square_ = sim::times(one_, one_, modulus);
  }

  [[nodiscard]] std::uint64_t times(std::uint64_t a, std::uint64_t b) const { return reduce(static_cast<Wide>(a) * b); }
  // From a number below the modulus to what stands for it.
  [[nodiscard]] std::uint64_t enter(std::uint64_t number) const { return times(number, square_); }
  [[nodiscard]] std::uint64_t plus(std::uint64_t a, std::uint64_t b) const {
    const std::uint64_t room = modulus_ - b;
    return a >= room ? a - room : a + b;
  }
  // REQUIRES: modulus > 2^63.
  [[nodiscard]] std::uint64_t rest_of(std::uint64_t number) const {
    return number >= modulus_ ? number - modulus_ : number;
  }
  [[nodiscard]] std::uint64_t rest_of(const Number& number) const {
    std::uint64_t rest = 0;
    for (std::size_t at = limbs; at-- > 0;) rest = plus(enter(rest), rest_of(number[at]));
    return rest;
  }
  [[nodiscard]] std::uint64_t power(std::uint64_t base, std::uint64_t exponent) const {
    std::uint64_t result = one_;
    for (std::uint64_t square = enter(base); exponent != 0; exponent >>= 1U) {
      if ((exponent & 1U) != 0) result = times(result, square);
      square = times(square, square);
    }
    return reduce(result);
  }

 private:
  [[nodiscard]] std::uint64_t reduce(Wide value) const {
    const std::uint64_t factor = static_cast<std::uint64_t>(value) * negative_inverse_;
    const Wide multiple = static_cast<Wide>(factor) * modulus_;
    // The lower halves add up to zero, with a carry unless both are zero.
    const std::uint64_t carry = static_cast<std::uint64_t>(value) != 0 ? 1 : 0;
    const Wide sum = (value >> 64U) + (multiple >> 64U) + carry;
    return static_cast<std::uint64_t>(sum >= modulus_ ? sum - modulus_ : sum);
  }

  std::uint64_t modulus_, one_;
  std::uint64_t square_ = 0;  // what stands for 2^64
  std::uint64_t negative_inverse_ = 0;
};

// Miller's test; these bases suffice below 2^64.
bool is_prime(std::uint64_t value) {
  constexpr std::array<std::uint64_t, 12> bases = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  if (std::ranges::any_of(bases, [&](std::uint64_t base) { return value % base == 0; })) return false;
  const auto twos = static_cast<unsigned>(std::countr_zero(value - 1));
  const Montgomery modulo(value);
  return std::ranges::all_of(bases, [&](std::uint64_t base) {
    std::uint64_t power = modulo.power(base, (value - 1) >> twos);
    for (unsigned square = 0; power != 1 && power != value - 1; power = times(power, power, value))
      if (++square == twos) return false;
    return true;
  });
}

// Of `value` modulo `modulus`, to which it is prime (Euclid).
std::uint64_t inverse_of(std::uint64_t value, std::uint64_t modulus) {
  std::uint64_t before = modulus, now = value % modulus;
  std::uint64_t factor_before = 0, factor = 1;
  while (now > 1) {
    const std::uint64_t quotient = before / now;
    before = std::exchange(now, before % now);
    factor_before = std::exchange(factor, minus(factor_before, times(quotient % modulus, factor, modulus), modulus));
  }
  return factor;
}

// number * factor + added, which must have 2048 bits.
void multiply_add(Number& number, std::uint64_t factor, std::uint64_t added) {
  Wide carry = added;
  for (std::uint64_t& limb : number) {
    carry += static_cast<Wide>(limb) * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64U;
  }
  CHECK(carry == 0);
}

Number number_from(ByteView big_endian) {
  Number number{};
  for (std::size_t at = 0; at < octets; ++at)
    number[at / 8] |= static_cast<std::uint64_t>(big_endian[octets - 1 - at]) << (8 * (at % 8));
  return number;
}

Bytes octets_of(const Number& number) {
  Bytes big_endian(octets);
  for (std::size_t at = 0; at < octets; ++at)
    big_endian[octets - 1 - at] = static_cast<std::uint8_t>(number[at / 8] >> (8 * (at % 8)));
  return big_endian;
}

class CheapKey final : public pki::KeyElsewhere {
 public:
  explicit CheapKey(const std::array<Prime, limbs>& primes) : primes_(primes) {
    modulus_[0] = 1;
    for (std::size_t at = 0; at < limbs; ++at) {
      const std::uint64_t prime = primes_[at].value;
      std::uint64_t product = 1;
      for (std::size_t before = 0; before < at; ++before) product = times(product, primes_[before].value, prime);
      inverses_[at] = inverse_of(product, prime);
      multiply_add(modulus_, prime, 0);
    }
  }

  [[nodiscard]] Bytes modulus() const { return octets_of(modulus_); }
  [[nodiscard]] std::string reference() const override { return "simulated"; }
  [[nodiscard]] std::string place() const override { return "the simulation"; }

  Result<Bytes> sign(pki::Digest algorithm, ByteView digest) override {
    return exponentiate(pki::pad_signature(pki::digest_info(algorithm, digest), octets));
  }
  // 0 2 PS 0 content.
  Result<SecretBytes> decrypt_pkcs1(ByteView encrypted) override {
    TRY(const Bytes padded, exponentiate(encrypted));
    const auto end = std::find(padded.begin() + 2, padded.end(), 0);
    if (padded[0] != 0 || padded[1] != 2 || end == padded.end()) return invalid("a wrong padding");
    return SecretBytes(Bytes(end + 1, padded.end()));
  }
  Result<SecretBytes> decrypt_oaep(ByteView, pki::Digest, pki::Digest) override {
    return unavailable("simulated keys know no OAEP");
  }

  // By each prime alone; then the digits of the result to the bases p0, p0 p1, p0 p1 p2 … (Garner).
  Result<Bytes> exponentiate(ByteView block) override {
    if (block.size() != octets) return invalid("a number of another size than the modulus");
    const Number base = number_from(block);
    if (std::lexicographical_compare(modulus_.rbegin(), modulus_.rend(), base.rbegin(), base.rend()))
      return invalid("a number that is not below the modulus");
    std::array<std::uint64_t, limbs> digits{};
    for (std::size_t at = 0; at < limbs; ++at) {
      const Prime& prime = primes_[at];
      const Montgomery modulo(prime.value);
      const std::uint64_t wanted = modulo.power(modulo.rest_of(base), prime.exponent);
      std::uint64_t known = 0;
      for (std::size_t before = at; before-- > 0;)
        known = modulo.plus(modulo.times(modulo.enter(known), modulo.rest_of(primes_[before].value)),
                            modulo.rest_of(digits[before]));
      digits[at] = times(minus(wanted, known, prime.value), inverses_[at], prime.value);
    }
    Number result{};
    for (std::size_t at = limbs; at-- > 0;) multiply_add(result, primes_[at].value, digits[at]);
    return octets_of(result);
  }

 private:
  std::array<Prime, limbs> primes_;
  std::array<std::uint64_t, limbs> inverses_{};  // of the product of those before, modulo each
  Number modulus_{};
};

// SubjectPublicKeyInfo (RFC 3279 section 2.3.1).
Bytes spki_of(ByteView modulus) {
  pki::der::Writer key;
  key.sequence([&] {
    key.unsigned_integer(modulus);
    key.small_integer(static_cast<int>(public_exponent));
  });
  pki::der::Writer spki;
  spki.sequence([&] {
    spki.algorithm(pki::oids::rsa_encryption, true);
    spki.bit_string(key.view());
  });
  return spki.take();
}

}  // namespace

CheapKeys::CheapKeys() : dice_(stock_seed) {
  Dice dice = dice_.split(1);
  while (stock_.size() < primes_in_stock) {
    std::array<std::uint8_t, 8> drawn{};
    dice.fill(drawn);
    std::uint64_t value = top_bits | 1U;
    for (std::size_t at = 0; at < 8; ++at) value |= static_cast<std::uint64_t>(drawn[at]) << (8 * at);
    const bool known = std::ranges::find(stock_, value, &Prime::value) != stock_.end();
    if (known || value % public_exponent == 1 || !is_prime(value)) continue;
    stock_.push_back({.value = value, .exponent = inverse_of(public_exponent, value - 1)});
  }
  begin_again();
}

void CheapKeys::begin_again() {
  dice_ = Dice(stock_seed);
  std::ranges::sort(stock_, {}, &Prime::value);
}

Result<pki::PrivateKey> CheapKeys::make(const pki::KeySpec& spec) {
  if (spec != pki::KeySpec{.family = pki::KeyFamily::rsa, .bits = static_cast<int>(octets * 8)})
    return pki::PrivateKey::generate(spec);
  // Those drawn move to the front.
  std::array<Prime, limbs> drawn{};
  for (std::size_t at = 0; at < limbs; ++at) {
    const auto other = static_cast<std::size_t>(
        dice_.number(static_cast<std::int64_t>(at), static_cast<std::int64_t>(stock_.size()) - 1));
    std::swap(stock_[at], stock_[other]);
    drawn[at] = stock_[at];
  }
  auto key = std::make_unique<CheapKey>(drawn);
  const Bytes spki = spki_of(key->modulus());
  return pki::PrivateKey::from_elsewhere(spki, std::move(key));
}

}  // namespace chancery::sim
