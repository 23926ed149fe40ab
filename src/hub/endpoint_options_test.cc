#include "hub/endpoint_options.h"

#include <gtest/gtest.h>

namespace chancery::hub {
namespace {

Result<SecretBytes> read_nothing(const std::string& path) { return not_found("reading " + path + ": no such file"); }

Result<Endpoint> make(const std::vector<config::Setting>& settings) {
  TRY(const EndpointOptions options, apply_settings({}, settings));
  return make_endpoint("devices", options, read_nothing);
}

TEST(EndpointOptions, EachContradictionIsNamed) {
  const config::Setting challenge{"authorisers", "challenge"};
  const struct {
    std::vector<config::Setting> settings;
    const char* expect;
  } rows[] = {
      {{}, "authorisers: say who is let in: challenge, shared-challenge, web-hook or manual"},
      {{{"authorisers", "challenge,shared-challenge"}, {"shared_challenge_file", "f"}},
       "authorisers: a request carries one challengePassword; choose challenge or shared-challenge"},
      {{{"authorisers", "shared-challenge"}}, "shared_challenge_file: needed by the authoriser shared-challenge"},
      {{{"authorisers", "shared-challenge"}, {"shared_challenge_file", "f"}},
       "shared_challenge_file: reading f: no such file"},
      {{{"authorisers", "web-hook"}}, "web_hook_url: needed by the authoriser web-hook"},
      {{{"authorisers", "web-hook"}, {"web_hook_url", "ftp://x"}}, "web_hook_url: must begin with https:// or http://"},
      {{challenge, {"insecure_allow_single_des_and_md5", "true"}},
       "insecure_allow_single_des_and_md5: needs allow_3des_sha1=true, too: it is a second step, not a first"},
      {{challenge, {"renewal_window", "2y"}}, "renewal_window: longer than validity"},
      {{challenge, {"rsa_least_bits", "4096"}, {"rsa_most_bits", "3072"}}, "rsa_least_bits: larger than rsa_most_bits"},
  };
  for (const auto& row : rows) {
    const auto endpoint = make(row.settings);
    ASSERT_FALSE(endpoint) << row.expect;
    EXPECT_EQ(endpoint.error().text(), row.expect);
  }
}

TEST(EndpointOptions, ThePresetComesFirstHoweverLateItStands) {
  const auto endpoint = make({{"authorisers", "challenge"}, {"chain_in_reply", "true"}, {"preset", "juniper"}});
  ASSERT_TRUE(endpoint) << endpoint.error().text();
  EXPECT_TRUE(endpoint->chain_in_reply) << "said, so it counts more than the preset";
  EXPECT_TRUE(endpoint->allow_3des_sha1) << "the preset's";
}

TEST(EndpointOptions, EveryPresetCanServeAndNoneAllowsWhatIsBroken) {
  for (const char* preset : {"rfc8894", "cisco-ios", "apple", "windows", "mikrotik", "canon", "juniper"}) {
    const auto endpoint = make({{"authorisers", "manual"}, {"preset", preset}});
    ASSERT_TRUE(endpoint) << preset << ": " << endpoint.error().text();
    EXPECT_FALSE(endpoint->insecure_allow_single_des_and_md5) << preset;
  }
}

TEST(EndpointOptions, TheStrictestIsTheDefault) {
  const auto endpoint = make({{"authorisers", "manual"}});
  ASSERT_TRUE(endpoint);
  EXPECT_TRUE(endpoint->policy.alternative_names.empty());
  EXPECT_TRUE(endpoint->policy.passed_extensions.empty());
  EXPECT_FALSE(endpoint->policy.wildcards);
  EXPECT_FALSE(endpoint->allow_3des_sha1);
  EXPECT_TRUE(warnings_of(*endpoint).empty());
}

TEST(EndpointOptions, NamesAreOnePathSegment) {
  for (const char* name : {"a", "printers-2", "a.b_c"}) EXPECT_TRUE(is_endpoint_name(name)) << name;
  for (const char* name : {"", "A", "a/b", ".a", "a b", "ä"}) EXPECT_FALSE(is_endpoint_name(name)) << name;
  EXPECT_FALSE(is_endpoint_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace chancery::hub
