#include "ca/weak_modulus.h"

#include <gtest/gtest.h>

#include "ca/rsa_testing.h"

namespace chancery::ca {
namespace {

TEST(WeakModulusTest, ASoundModulusHasNeitherFlaw) {
  const ModulusFindings findings = examine_modulus(from_hex(testing::sound_modulus).value());
  EXPECT_EQ(findings.small_factor, 0);
  EXPECT_FALSE(findings.infineon);
}

TEST(WeakModulusTest, SmallFactorsAreFoundUpTo751) {
  EXPECT_EQ(examine_modulus(from_hex(testing::divisible_by_751).value()).small_factor, 751);
  EXPECT_EQ(examine_modulus(from_hex(testing::divisible_by_757).value()).small_factor, 0);
}

TEST(WeakModulusTest, AFactorIsFoundWhateverTheLengthOfTheNumber) {
  // Powers of ten end in zeros in every base that ten is made of; the length is no multiple of four octets.
  for (const char* hex : {"0a", "03e8", "0f4240", "3b9aca00", "02540be400"})
    EXPECT_EQ(examine_modulus(from_hex(hex).value()).small_factor, 2) << hex;
  EXPECT_EQ(examine_modulus(from_hex("08fb").value()).small_factor, 11);  // 2299 = 11 * 11 * 19
}

TEST(WeakModulusTest, InfineonsStructureIsRecognised) {
  const ModulusFindings findings = examine_modulus(from_hex(testing::infineon_modulus).value());
  EXPECT_EQ(findings.small_factor, 0);
  EXPECT_TRUE(findings.infineon);
}

}  // namespace
}  // namespace chancery::ca
