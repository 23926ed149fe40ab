#pragma once

// RSA moduli that somebody can factor, found without factoring.

#include "base/bytes.h"

namespace chancery::ca {

struct ModulusFindings {
  // A prime below 752 that divides the modulus; 0: none. A sound modulus has no factor that small.
  int small_factor = 0;
  // The modulus has the structure of those made by Infineon's library (CVE-2017-15361, "ROCA"), which smart cards and
  // TPMs of 2012 to 2017 have: it can be factored. Others have it with a probability of about 2^-28.
  bool infineon = false;
};

// `modulus` is big-endian. Takes some microseconds.
[[nodiscard]] ModulusFindings examine_modulus(ByteView modulus);

}  // namespace chancery::ca
