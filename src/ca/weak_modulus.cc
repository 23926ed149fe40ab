#include "ca/weak_modulus.h"

#include <array>
#include <cstdint>
#include <vector>

namespace chancery::ca {
namespace {

constexpr std::uint32_t limit = 752;

constexpr bool is_prime(std::uint32_t number) {
  for (std::uint32_t divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number >= 2;
}

constexpr std::size_t count_primes() {
  std::size_t count = 0;
  for (std::uint32_t number = 2; number < limit; ++number) count += is_prime(number) ? 1 : 0;
  return count;
}

struct Prime {
  std::uint32_t value = 0;
  std::size_t group = 0;
};
struct Primes {
  std::array<Prime, count_primes()> primes{};
  // Products of neighbouring primes that fit 32 bits: one long division then serves several primes.
  std::array<std::uint32_t, count_primes()> products{};
  std::size_t groups = 0;
};

constexpr Primes make_primes() {
  Primes result;
  std::uint64_t product = 1;
  std::size_t count = 0;
  for (std::uint32_t number = 2; number < limit; ++number) {
    if (!is_prime(number)) continue;
    if (product * number > UINT32_MAX) {
      ++result.groups;
      product = 1;
    }
    product *= number;
    result.primes[count++] = {number, result.groups};
    result.products[result.groups] = static_cast<std::uint32_t>(product);
  }
  ++result.groups;
  return result;
}
constexpr Primes table = make_primes();

// In Infineon's keys both factors, and so their product, are a power of 65537 modulo each of the first 39 primes at
// least (Nemec et al., "The Return of Coppersmith's Attack", 2017, section 2).
constexpr std::size_t infineon_primes = 39;
constexpr std::uint32_t largest_infineon_prime = 167;
static_assert(table.primes[infineon_primes - 1].value == largest_infineon_prime);

using Powers = std::array<std::array<bool, largest_infineon_prime>, infineon_primes>;
constexpr Powers make_powers() {
  Powers powers{};
  for (std::size_t i = 0; i < infineon_primes; ++i) {
    const std::uint32_t prime = table.primes[i].value;
    for (std::uint32_t power = 1; !powers[i][power]; power = power * (65537 % prime) % prime) powers[i][power] = true;
  }
  return powers;
}
constexpr Powers powers_of_65537 = make_powers();

using Remainders = std::array<std::uint64_t, table.primes.size()>;

// Of `number` by every product. The divisions of one step do not wait for each other, so the processor overlaps them.
void take_in(Remainders& remainders, std::uint32_t digit, int bits) {
  for (std::size_t group = 0; group < table.groups; ++group)
    remainders[group] = (remainders[group] << bits | digit) % table.products[group];
}

Remainders remainders_of(ByteView number) {
  Remainders remainders{};
  std::size_t i = 0;
  for (; i < number.size() % 4; ++i) take_in(remainders, number[i], 8);
  for (; i < number.size(); i += 4)
    take_in(remainders,
            std::uint32_t{number[i]} << 24 | std::uint32_t{number[i + 1]} << 16 | std::uint32_t{number[i + 2]} << 8 |
                number[i + 3],
            32);
  return remainders;
}

}  // namespace

ModulusFindings examine_modulus(ByteView modulus) {
  const Remainders of_group = remainders_of(modulus);

  ModulusFindings findings{.infineon = true};
  for (std::size_t i = 0; i < table.primes.size(); ++i) {
    const Prime& prime = table.primes[i];
    const auto rest = static_cast<std::uint32_t>(of_group[prime.group] % prime.value);
    if (rest == 0 && findings.small_factor == 0) findings.small_factor = static_cast<int>(prime.value);
    if (i < infineon_primes && !powers_of_65537[i][rest]) findings.infineon = false;
  }
  return findings;
}

}  // namespace chancery::ca
