#include "api/link_site.h"

#include "api/hub_testing.h"
#include "http/reply_testing.h"

namespace chancery::api::example {
namespace {

class LinkSiteTest : public HubTest {
 protected:
  LinkSiteTest() {
    post("/v1/endpoints",
         R"({"name": "printers", "settings": {"authorisers": "challenge", "alternative_names": "dns"}})");
    const auto made = post("/v1/nodes", R"({"name": "printer-7", "slot": "ipps", "endpoint": "printers"})");
    id_ = made.at("node").at("id").as_int64();
    enrol("printers", enrolment("printer-7", std::string(made.at("challenge").at("challenge").as_string())));
    certificate_ = ledger_.contents().certificates.begin()->second.record.der;
  }

  using Sent = http::ReplyForTest;
  Sent& ask(http::Request request) {
    Sent& sent = *sent_.emplace_back(std::make_unique<Sent>());
    site_.answer(request, sent.reply());
    return sent;
  }
  Sent& check_in(const wire::CheckIn& message = {.hold_seconds = 300}) {
    return ask({.method = "POST",
                .target = std::string(wire::check_in_path),
                .body = to_bytes(as_bytes(wire::to_json(message))),
                .remote_address = "192.0.2.7",
                .peer_certificate = certificate_});
  }
  static std::string told(const Sent& sent) {
    if (!sent.response) return "held";
    if (sent.response->status != 200) return problem_of(*sent.response);
    const auto answer = wire::check_in_answer_from_json(as_text(sent.response->body));
    if (!answer) return answer.error().text();
    return std::string(wire::to_string(answer->state)) + " orders: " + std::to_string(answer->orders.size());
  }

  hub::CheckIn check_in_verb_{context_, presence_, changes_};
  LinkSite site_{check_in_verb_, presence_};
  std::vector<std::unique_ptr<Sent>> sent_;
  std::int64_t id_ = 0;
  Bytes certificate_;
};

TEST_F(LinkSiteTest, HoldsACallUntilThereIsSomethingToSay) {
  Sent& sent = check_in();
  EXPECT_EQ(told(sent), "held");
  post("/v1/nodes/" + std::to_string(id_) + "/orders", R"({"verb": "read_inventory"})");
  EXPECT_EQ(told(sent), "admitted orders: 1");
}

TEST_F(LinkSiteTest, EndsACallWhenItsTimeIsOver) {
  Sent& sent = check_in();
  clock_.advance(Seconds(299));
  presence_.expire();
  EXPECT_EQ(told(sent), "held");
  clock_.advance(Seconds(1));
  presence_.expire();
  EXPECT_EQ(told(sent), "admitted orders: 0");
}

TEST_F(LinkSiteTest, AnswersOneThatDoesNotWantToWait) { EXPECT_EQ(told(check_in({})), "admitted orders: 0"); }

TEST_F(LinkSiteTest, ForgetsWhoHasGone) {
  Sent& sent = check_in();
  EXPECT_EQ(presence_.held(), 1u);
  sent.close();
  EXPECT_EQ(presence_.held(), 0u);
  post("/v1/nodes/" + std::to_string(id_) + "/orders", R"({"verb": "read_inventory"})");
  EXPECT_EQ(told(sent), "held");
}

TEST_F(LinkSiteTest, ABlockedNodeIsToldSoAtOnce) {
  Sent& sent = check_in();
  post("/v1/nodes/" + std::to_string(id_) + "/block");
  EXPECT_EQ(told(sent), "403 blocked: this node is blocked");
  EXPECT_EQ(told(check_in()), "403 blocked: this node is blocked");
}

TEST_F(LinkSiteTest, ARevokedCertificateIsAnotherRefusalThanABlockedNode) {
  Sent& sent = check_in();
  const std::string serial = ledger_.contents().certificates.begin()->second.record.serial.hex();
  post("/v1/certificates/" + serial + "/revoke", R"({"reason": "keyCompromise"})");
  presence_.end(serial);
  EXPECT_EQ(told(sent), "403 refused: the certificate is revoked");
  EXPECT_EQ(told(check_in()), "403 refused: the certificate is revoked");
}

TEST_F(LinkSiteTest, TellsWhatIsWrongWithACall) {
  const auto call = [&](std::string method, std::string target, std::string_view body, const Bytes& certificate) {
    return told(ask({.method = std::move(method),
                     .target = std::move(target),
                     .body = to_bytes(as_bytes(body)),
                     .remote_address = "192.0.2.7",
                     .peer_certificate = certificate}));
  };
  const std::string path(wire::check_in_path);
  EXPECT_EQ(call("POST", "/", "{}", certificate_), "404 not_found: agents check in at /link/v1/check-in");
  EXPECT_EQ(call("GET", path, "", certificate_), "405 invalid: this path takes POST");
  EXPECT_EQ(call("POST", path, R"({"version": 1})", {}),
            "403 refused: no certificate was shown: an agent shows its own");
  EXPECT_EQ(call("POST", path, "{}", certificate_), "400 invalid: the check-in: version: missing");
  EXPECT_EQ(call("POST", path, R"({"version": 2})", certificate_),
            "400 invalid: the check-in: the message is of version 2, this program understands version 1: update it");
  EXPECT_EQ(call("POST", path, R"({"version": 1})", to_bytes(keyring_.root().der())),
            "403 refused: the certificate was not issued here");
  // A stranger's message is not parsed.
  EXPECT_EQ(call("POST", path, "{", to_bytes(keyring_.root().der())),
            "403 refused: the certificate was not issued here");
}

}  // namespace
}  // namespace chancery::api::example
