#include "sim/simulation.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "testing/temporary_directory.h"

namespace chancery::sim {
namespace {

// Sanitizers make everything several times slower.
#ifdef __SANITIZE_ADDRESS__
constexpr bool is_slow = true;
#else
constexpr bool is_slow = false;
#endif

class SimulationTest : public ::testing::Test {
 protected:
  SimulationOutcome run(const SimulationOptions& options) {
    SimulationOptions placed = options;
    placed.directory = directory.path();
    auto outcome = simulate(placed, keys());
    EXPECT_TRUE(outcome) << outcome.error().text();
    return outcome ? *std::move(outcome) : SimulationOutcome{};
  }
  static std::string told(const SimulationOutcome& outcome) {
    std::string text;
    for (const Finding& finding : outcome.findings)
      text += to_rfc3339(std::chrono::floor<Seconds>(finding.at)) + " " + finding.who + " " + finding.text + "\n";
    return text;
  }

  // Serve all tests.
  static CheapKeys& keys() {
    static CheapKeys stock;
    return stock;
  }

  testing::TemporaryDirectory directory;
};

TEST_F(SimulationTest, Years_of_faults_break_no_rule_and_come_to_the_same_end_again) {
  const SimulationOptions options{.seed = 3, .agents = is_slow ? 8 : 16, .years = is_slow ? 1 : 2};
  const SimulationOutcome first = run(options);
  EXPECT_EQ(told(first), "");
  EXPECT_GT(first.issued, static_cast<std::uint64_t>(options.agents));
  EXPECT_GT(first.counts.power_cuts, 0U);
  EXPECT_GT(first.hub.starts, 1U);
  EXPECT_GE(first.counts.rollovers, 1U);
  EXPECT_GE(first.grace_renewals, 1U) << "the device that was off for four months";
  const SimulationOutcome again = run(options);
  EXPECT_EQ(again.digest, first.digest);
  EXPECT_EQ(again.issued, first.issued);
}

TEST_F(SimulationTest, Another_seed_is_another_world) {
  EXPECT_NE(run({.seed = 1, .agents = 2, .years = 1, .without_rollover = true}).digest,
            run({.seed = 2, .agents = 2, .years = 1, .without_rollover = true}).digest);
}

// The rules are worth something: each of these mistakes breaks one.
TEST_F(SimulationTest, Each_mistake_is_found) {
  const struct {
    const char* name;
    SimulationOptions options;
    const char* expect;
    bool is_quick = false;
    int agents = 10;
    int years = 1;
  } rows[] = {
      {"never-renew", {.seed = 4}, "has an expired certificate, and was reachable for", true},
      {"oversleep", {.seed = 5}, "has an expired certificate, and was reachable for", false, 47, 2},
      {"forget-pending", {.seed = 3}, "has a challenge, was reachable for"},
      {"forget-each-try", {.seed = 2}, "for no reason"},
      {"draw-anew", {.seed = 5}, "it is drawn once", true},
      {"swap-halves", {.seed = 3}, "shows a certificate with another one's key"},
      {"overlook-revocation", {.seed = 5}, "the revoked certificate"},
      {"drop-commits", {.seed = 4}, "which the ledger does not have", true},
  };
  for (const auto& row : rows) {
    if (is_slow && !row.is_quick) continue;
    SCOPED_TRACE(row.name);
    SimulationOptions options = row.options;
    options.agents = row.agents;
    options.years = row.years;
    options.most_findings = 1;
    options.breakage = breakage_from_text(row.name).value_or(Breakage::none);
    ASSERT_NE(options.breakage, Breakage::none);
    const std::string text = told(run(options));
    EXPECT_NE(text.find(row.expect), std::string::npos) << text;
  }
}

TEST_F(SimulationTest, Randomness_that_the_seed_does_not_decide_is_found) {
  const SimulationOptions options{
      .agents = 2, .years = 1, .without_rollover = true, .breakage = Breakage::real_randomness};
  EXPECT_NE(run(options).digest, run(options).digest);
}

// To everybody else they are RSA keys like any other, no two of them are the same, and a second run has the same ones.
TEST_F(SimulationTest, Cheap_keys_are_keys) {
  const pki::KeySpec spec{.family = pki::KeyFamily::rsa, .bits = 2048};
  CheapKeys cheap;
  SystemRandom random;
  std::vector<Bytes> seen;
  for (int count = 0; count < 50; ++count) {
    const auto key = cheap.make(spec);
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ(key->spec(), spec);
    EXPECT_EQ(to_hex(key->public_key().rsa_exponent()), "010001");
    for (const pki::Digest digest : {pki::Digest::sha1, pki::Digest::sha256, pki::Digest::sha512}) {
      const pki::SignatureAlgorithm algorithm{.family = pki::KeyFamily::rsa, .digest = digest};
      const Bytes text{1, 2, static_cast<std::uint8_t>(count)};
      const auto signature = key->sign(algorithm, text);
      ASSERT_TRUE(signature);
      EXPECT_TRUE(key->public_key().verify(algorithm, text, *signature));
    }
    const Bytes secret = to_bytes(as_bytes("a key of a cipher"));
    const auto encrypted = key->public_key().encrypt_pkcs1(secret, random);
    ASSERT_TRUE(encrypted);
    EXPECT_TRUE(equal(key->decrypt_pkcs1_or_random(*encrypted, secret.size(), random).view(), secret));
    for (const Bytes& other : seen) EXPECT_NE(other, key->public_key().fingerprint());
    seen.push_back(key->public_key().fingerprint());
  }
  cheap.begin_again();
  for (const Bytes& fingerprint : seen) EXPECT_EQ(cheap.make(spec)->public_key().fingerprint(), fingerprint);
}

}  // namespace
}  // namespace chancery::sim
