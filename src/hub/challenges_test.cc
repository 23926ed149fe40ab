#include "hub/challenges.h"

#include <gmock/gmock.h>

#include "hub/hub_testing.h"

namespace chancery::hub {
namespace {

class ChallengesTest : public ::testing::Test {
 protected:
  ChallengesTest() {
    hub.add_endpoint("plain", {{"authorisers", "challenge"}});
    hub.add_endpoint("names",
                     {{"authorisers", "challenge"}, {"alternative_names", "dns,ip"}, {"dns_suffixes", "example.com"}});
    hub.add_endpoint("template", {{"authorisers", "challenge"}, {"subject", "SERIALNUMBER={CN},O=Example"}});
  }

  std::string mint(std::string_view endpoint, ca::ChallengeBinding binding) {
    const auto minted =
        challenges.mint({.endpoint = std::string(endpoint), .binding = std::move(binding)}, {"admin test"});
    return minted ? "minted" : std::string(to_string(minted.error().code())) + ": " + minted.error().text();
  }

  TestHub hub;
  Challenges challenges{hub.context};
};

TEST_F(ChallengesTest, What_no_device_could_use_is_not_minted) {
  const struct {
    const char* endpoint;
    ca::ChallengeBinding binding;
    const char* expect;
  } rows[] = {
      {"plain", {}, "minted"},
      {"plain", {.subject = "CN=z"}, "minted"},
      {"plain",
       {.subject = "CN=z", .alternative_names = {"dns:z.example"}},
       "invalid: san-not-allowed: alternative names of kind dns are not allowed here"},
      {"plain", {.subject = "CN="}, "invalid: empty-attribute: CN has no value"},
      {"plain", {.subject = "C=Germany"}, "invalid: bad-country: 'Germany' is not a country's two letters"},
      {"plain", {.subject = ""}, "invalid: missing-name: there is neither a subject nor an alternative name"},
      {"names", {.subject = {}, .alternative_names = {"dns:z.example.com", "ip:192.0.2.7"}}, "minted"},
      {"names",
       {.subject = {}, .alternative_names = {"dns:*.example.com"}},
       "invalid: wildcard-not-allowed: '*.example.com'"},
      {"names",
       {.subject = "CN=z", .alternative_names = {"dns:bad name"}},
       "invalid: bad-dns-name: 'bad name' has a character that host names do not have"},
      {"names",
       {.subject = {}, .alternative_names = {"dns:z.example.net"}},
       "invalid: dns-suffix: 'z.example.net' is not below a domain that is allowed here"},
      {"names",
       {.subject = {}, .alternative_names = {"ip:224.0.0.1"}},
       "invalid: bad-ip: a multicast or broadcast address is nobody's"},
      // As the device asks for it, and as the certificate shows it.
      {"template", {.subject = "CN=7"}, "minted"},
      {"template", {.subject = "SERIALNUMBER=7,O=Example"}, "minted"},
      {"template", {.subject = "CN="}, "invalid: empty-attribute: CN has no value"},
  };
  for (const auto& row : rows) EXPECT_EQ(mint(row.endpoint, row.binding), row.expect) << row.endpoint;
}

}  // namespace
}  // namespace chancery::hub
