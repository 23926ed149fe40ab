#include "pki/rsa_public.h"

#include <openssl/bn.h>

#include "base/check.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using Context = openssl::Owned<BN_CTX, BN_CTX_free>;
using Number = openssl::Owned<BIGNUM, BN_clear_free>;
using Montgomery = openssl::Owned<BN_MONT_CTX, BN_MONT_CTX_free>;

Number number(ByteView octets) {
  Number made(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  CHECK(made != nullptr);
  return made;
}

// What multiplications modulo the modulus share. A thread keeps the last one: a message is verified twice and answered
// with one key.
BN_MONT_CTX* montgomery_for(ByteView modulus, const BIGNUM* n, BN_CTX* context) {
  thread_local Bytes last_modulus;
  thread_local Montgomery last;
  if (last != nullptr && equal(last_modulus, modulus)) return last.get();
  Montgomery made(BN_MONT_CTX_new());
  CHECK(made != nullptr);
  if (BN_MONT_CTX_set(made.get(), n, context) != 1) return nullptr;
  last_modulus = to_bytes(modulus);
  last = std::move(made);
  return last.get();
}

}  // namespace

Result<Bytes> rsa_public(const RsaPublicNumbers& key, ByteView in) {
  const Context context(BN_CTX_new());
  CHECK(context != nullptr);
  const Number modulus = number(key.modulus);
  const Number exponent = number(key.exponent);
  const Number base = number(in);
  if (BN_is_odd(modulus.get()) == 0) return invalid("RSA: the modulus is even");
  if (in.size() != key.modulus.size() || BN_cmp(base.get(), modulus.get()) >= 0)
    return invalid("RSA: a number that is not below the modulus");
  const Number power(BN_new());
  BN_MONT_CTX* const montgomery = montgomery_for(key.modulus, modulus.get(), context.get());
  if (power == nullptr || montgomery == nullptr ||
      BN_mod_exp_mont(power.get(), base.get(), exponent.get(), modulus.get(), context.get(), montgomery) != 1)
    return openssl::failure("use an RSA public key");
  Bytes out(key.modulus.size());
  CHECK(BN_bn2binpad(power.get(), out.data(), static_cast<int>(out.size())) == static_cast<int>(out.size()));
  return out;
}

}  // namespace chancery::pki
