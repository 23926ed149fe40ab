#include "ca/challenge.h"

#include <gtest/gtest.h>

#include "ca/ca_testing.h"
#include "pki/algorithms.h"
#include "testing/fakes.h"

namespace chancery::ca {
namespace {

using chancery::testing::FakeRandom;
using testing::error_of;
using testing::request;

MintedChallenge mint(std::uint64_t seed = 1) {
  FakeRandom random(seed);
  return mint_challenge("printers", {.subject = "CN=a"}, testing::start, std::chrono::hours(1), random);
}

TEST(ChallengeTest, AMintedTextFitsItsRecordAndNoOther) {
  const MintedChallenge one = mint(1), two = mint(2);
  EXPECT_EQ(one.text.size(), 34U);
  EXPECT_EQ(challenge_id(one.text.view()), one.record.id);
  EXPECT_TRUE(challenge_matches(one.record, one.text.view()));
  EXPECT_FALSE(challenge_matches(two.record, one.text.view()));

  // The right id with another's secret.
  std::string mixed = one.record.id + "." + std::string(as_text(two.text.view())).substr(12);
  EXPECT_FALSE(challenge_matches(one.record, as_bytes(mixed)));
}

TEST(ChallengeTest, TheRecordHasTheHashOfTheSecretAndNotTheSecret) {
  const MintedChallenge minted = mint();
  const std::string secret = std::string(as_text(minted.text.view())).substr(12);
  EXPECT_EQ(secret.size(), 22U);
  EXPECT_EQ(minted.record.secret_hash, pki::hash(pki::Digest::sha256, as_bytes(secret)));
  EXPECT_EQ(minted.record.endpoint, "printers");
  EXPECT_EQ(minted.record.binding.subject, "CN=a");
  EXPECT_EQ(minted.record.created, testing::start);
  EXPECT_EQ(minted.record.expires, testing::start + std::chrono::hours(1));
  EXPECT_FALSE(minted.record.used);
}

TEST(ChallengeTest, EveryChangedCharacterIsNoticed) {
  const MintedChallenge minted = mint();
  for (std::size_t i = 0; i < minted.text.size(); ++i) {
    std::string changed(as_text(minted.text.view()));
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(challenge_matches(minted.record, as_bytes(changed))) << i;
  }
}

TEST(ChallengeTest, ATextOfAnotherFormHasNoId) {
  const std::string good(as_text(mint().text.view()));
  const std::string rows[] = {"",
                              ".",
                              "secret",
                              good + "A",
                              good.substr(0, 33),
                              good + "\n",
                              std::string(34, 'A'),
                              std::string(11, '=') + good.substr(11),
                              good.substr(0, 33) + "=",
                              good.substr(0, 33) + std::string(1, '\0')};
  for (const std::string& row : rows) {
    EXPECT_FALSE(challenge_id(as_bytes(row))) << row;
    EXPECT_FALSE(challenge_matches(mint().record, as_bytes(row))) << row;
  }
}

TEST(ChallengeTest, NoTextStartsWithAHyphen) {
  FakeRandom random;
  for (int i = 0; i < 500; ++i) {
    const MintedChallenge minted = mint_challenge("e", {}, testing::start, Seconds(1), random);
    EXPECT_NE(as_text(minted.text.view())[0], '-');
  }
}

// The same name with its parts the other way round, as some clients send it.
IssuanceRequest turned(std::string_view subject) {
  IssuanceRequest request = testing::request(std::string(subject));
  const auto& parts = request.subject.relative_names();
  request.subject = pki::Name({parts.rbegin(), parts.rend()});
  return request;
}

TEST(BindingTest, TheRequestAsksForWhatTheBindingSaysNoMoreAndNoLess) {
  const std::vector<std::string> a_dns = {"dns:a.example.com"};
  const struct {
    ChallengeBinding binding;
    IssuanceRequest request;
    const char* expect;
  } rows[] = {
      {{}, request("CN=b", a_dns), ""},
      {{.subject = "CN=a"}, request("CN=a"), ""},
      {{.subject = "CN=a,O=Example"}, request("cn=A, o=example"), ""},
      {{.subject = "CN=a,O=Example"}, turned("CN=a,O=Example"), ""},
      {{.subject = "CN=a,OU=b,OU=c,O=d"}, turned("CN=a,OU=b,OU=c,O=d"), ""},
      {{.subject = "CN=a,OU=b,OU=c,O=d"}, request("OU=b,CN=a,O=d,OU=c"), ""},
      {{.subject = "CN=a,OU=b,OU=c,O=d"},
       request("CN=a,OU=c,OU=b,O=d"),
       "the challenge is for CN=a,OU=b,OU=c,O=d, the request is for CN=a,OU=c,OU=b,O=d"},
      {{.subject = "OU=b,OU=c"}, turned("OU=b,OU=c"), "the challenge is for OU=b,OU=c, the request is for OU=c,OU=b"},
      {{.subject = "CN=a,O=b"}, request("CN=b,O=a"), "the challenge is for CN=a,O=b, the request is for CN=b,O=a"},
      {{.subject = "CN=a,CN=a,O=b"},
       request("CN=a,O=b,O=b"),
       "the challenge is for CN=a,CN=a,O=b, the request is for CN=a,O=b,O=b"},
      {{.subject = "CN=a+OU=b,O=c"}, turned("OU=b+CN=a,O=c"), ""},
      {{.subject = "CN=a+OU=b,O=c"},
       request("CN=a,OU=b,O=c"),
       "the challenge is for CN=a+OU=b,O=c, the request is for CN=a,OU=b,O=c"},
      {{.subject = "CN=a"}, request("CN=b"), "the challenge is for CN=a, the request is for CN=b"},
      {{.subject = "CN=a"}, request("CN=a,O=Example"), "the challenge is for CN=a, the request is for CN=a,O=Example"},
      {{.subject = "CN=a"}, request(""), "the challenge is for CN=a, the request has an empty subject"},
      {{.subject = ""}, request("CN=a"), "the challenge is for an empty subject, the request is for CN=a"},
      {{.subject = "CN=a"},
       request("CN=a", a_dns),
       "the challenge is for no alternative names, the request is for dns:a.example.com"},
      {{.subject = "CN=a", .alternative_names = a_dns},
       request("CN=a"),
       "the challenge is for the alternative names dns:a.example.com, the request has none"},
      {{.alternative_names = {"dns:A.example.com", "ip:10.0.0.1"}},
       request("CN=any", {"ip:10.0.0.1", "dns:a.example.COM"}),
       ""},
      {{.alternative_names = {"dns:a.example.com"}},
       request("CN=any", {"dns:a.example.com", "dns:b.example.com"}),
       "the challenge is for the alternative names dns:a.example.com, the request is for dns:a.example.com, "
       "dns:b.example.com"},
      {{.alternative_names = {"ip:10.0.0.1"}},
       request("CN=any", {"dns:10.0.0.1"}),
       "the challenge is for the alternative names ip:10.0.0.1, the request is for dns:10.0.0.1"},
  };
  for (const auto& row : rows) {
    const Status status = check_binding(row.binding, row.request);
    EXPECT_EQ(error_of(status), row.expect);
    if (!status) {
      EXPECT_EQ(status.error().code(), ErrorCode::refused);
    }
  }
}

TEST(BindingTest, ABindingThatCannotBeReadIsNoRefusal) {
  const Status subject = check_binding({.subject = "a"}, request("CN=a"));
  ASSERT_FALSE(subject);
  EXPECT_EQ(subject.error().code(), ErrorCode::invalid);
  const Status name = check_binding({.alternative_names = {"a.example.com"}}, request("CN=a"));
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code(), ErrorCode::invalid);
}

}  // namespace
}  // namespace chancery::ca
