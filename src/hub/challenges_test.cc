#include "hub/challenges.h"

#include <gmock/gmock.h>

#include "hub/hub_testing.h"
#include "hub/requests.h"

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

  ca::MintedChallenge minted(std::string_view endpoint, ca::ChallengeBinding binding) {
    return challenges.mint({.endpoint = std::string(endpoint), .binding = std::move(binding)}, {"admin test"}).value();
  }
  // What the newest event of that kind says of `name`.
  std::string detail(std::string_view action, std::string_view name) {
    std::string value = "no event";
    for (const auto& [sequence, event] : hub.ledger.contents().audit) {
      if (event.action != action) continue;
      value = "nothing";
      for (const auto& [key, text] : event.details)
        if (key == name) value = text;
    }
    return value;
  }
  // Whom the newest event of that kind is about.
  std::string last(std::string_view action) {
    std::string subject;
    for (const auto& [sequence, event] : hub.ledger.contents().audit)
      if (event.action == action) subject = event.subject;
    return subject;
  }
  static std::string text_of(const ca::MintedChallenge& challenge) {
    return std::string(as_text(challenge.text.view()));
  }

  TestHub hub;
  Challenges challenges{hub.context};
  TestDevice device{hub, test_key(1)};
};

TEST_F(ChallengesTest, The_trail_says_what_a_challenge_is_bound_to) {
  minted("names", {.subject = {}, .alternative_names = {"dns:z.example.com", "ip:192.0.2.7"}});
  EXPECT_EQ(detail("challenge.minted", "names"), "dns:z.example.com, ip:192.0.2.7");
  EXPECT_EQ(detail("challenge.minted", "name"), "nothing");
  minted("plain", {.subject = "CN=z"});
  EXPECT_EQ(detail("challenge.minted", "names"), "nothing");
  EXPECT_EQ(detail("challenge.minted", "name"), "CN=z");
}

TEST_F(ChallengesTest, The_trail_says_which_challenge_let_a_device_in) {
  const ca::MintedChallenge challenge = minted("plain", {});
  ASSERT_EQ(to_text(device.say("plain", {.challenge = text_of(challenge)})), "granted");
  EXPECT_EQ(detail("certificate.issued", "challenge"), challenge.record.id);
  device.sign_with(device.certificate());
  ASSERT_EQ(
      to_text(device.say(
          "plain", {.type = scep::MessageType::renewal_request, .transaction_id = "r1", .request_key = &test_key(2)})),
      "granted");
  EXPECT_EQ(detail("certificate.issued", "challenge"), "nothing") << "a renewal needs none";
}

TEST_F(ChallengesTest, The_trail_says_which_challenge_let_a_device_wait) {
  hub.add_endpoint("asked", {{"authorisers", "challenge,manual"}});
  const ca::MintedChallenge challenge = minted("asked", {});
  ASSERT_EQ(to_text(device.say("asked", {.challenge = text_of(challenge)})), "pending");
  EXPECT_EQ(detail("request.waiting", "challenge"), challenge.record.id);
  // Once more, after it lost its memory: it waits in its own place.
  ASSERT_EQ(to_text(device.say("asked", {.challenge = text_of(challenge), .transaction_id = "t2"})), "pending");
  EXPECT_EQ(detail("request.waiting", "challenge"), challenge.record.id);
  Presence presence{hub.clock};
  ASSERT_TRUE(Requests(hub.context, presence).approve(std::stoll(last("request.waiting")), {"admin"}));
  EXPECT_EQ(detail("certificate.issued", "challenge"), challenge.record.id);
}

// The power goes between the signature and the result.
TEST_F(ChallengesTest, The_trail_says_it_where_a_certificate_is_recorded_after_a_crash) {
  const ca::MintedChallenge challenge = minted("plain", {});
  hub.ledger.fail_after(1);
  EXPECT_FALSE(device.say("plain", {.challenge = text_of(challenge)}));
  hub.ledger.recover();
  ASSERT_EQ(to_text(device.say("plain", {.challenge = text_of(challenge)})), "granted");
  EXPECT_EQ(detail("certificate.issued", "challenge"), challenge.record.id);
}

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
