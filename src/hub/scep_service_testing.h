#pragma once

// A hub with an endpoint for each way in, and a device, for tests of SCEP's verbs.

#include <gtest/gtest.h>

#include <string>

#include "hub/hub_testing.h"
#include "hub/requests.h"
#include "hub/revocation.h"
#include "hub/scep_service.h"

namespace chancery::hub {

using scep::MessageType;

inline constexpr const char* wrong_challenge = "badRequest: the challenge password is missing, wrong, used or expired";

inline std::string text_of(const SecretBytes& secret) { return std::string(as_text(secret.view())); }

class ScepServiceTest : public ::testing::Test {
 protected:
  ScepServiceTest() {
    hub.add_endpoint("challenge", {{"authorisers", "challenge"}, {"alternative_names", "dns"}});
    hub.add_endpoint("manual", {{"authorisers", "manual"}});
    hub.add_endpoint("hook", {{"authorisers", "web-hook"}, {"web_hook_url", "https://hook.example/"}});
    hub.add_endpoint("both", {{"authorisers", "challenge,manual"}});
    hub.add_endpoint("shared", {{"authorisers", "shared-challenge"}, {"shared_challenge_file", "f"}});
    hub.add_endpoint(
        "legacy",
        {{"authorisers", "web-hook"}, {"web_hook_url", "https://hook.example/"}, {"allow_3des_sha1", "true"}});
    EXPECT_TRUE(hub.crls.publish_due());
  }
  TestHub hub;
  Presence presence{hub.clock};
  TestDevice device{hub, test_key(1)};
};

}  // namespace chancery::hub
