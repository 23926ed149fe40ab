// The administrators' API, of the authority, the audit trail, status and doctor.

#include <gmock/gmock.h>

#include "api/doctor.h"
#include "api/hub_testing.h"

namespace chancery::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class AdminAuthorityTest : public example::HubTest {
 protected:
  // "warning: …" of every finding.
  std::vector<std::string> doctor() {
    std::vector<std::string> lines;
    const boost::json::object answer = get("/v1/doctor");
    for (const auto& row : answer.at("findings").as_array())
      lines.push_back(std::string(row.at("severity").as_string()) + ": " + std::string(row.at("what").as_string()));
    return lines;
  }
};

TEST_F(AdminAuthorityTest, TellsHowTheServerIs) {
  add_endpoint("printers", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
  enrol("printers", enrolment("printer-7.example"));
  auto status = get("/v1/status");
  EXPECT_EQ(status.at("version"), "0.0.1");
  EXPECT_EQ(status.at("base_url"), "http://pki.example:8080");
  EXPECT_EQ(status.at("link_url"), "https://pki.example:8444");
  EXPECT_EQ(status.at("ready"), true);
  EXPECT_EQ(status.at("endpoints"), 1);
  EXPECT_EQ(status.at("pending_requests"), 1);
  EXPECT_EQ(status.at("root").at("sha256").as_string(), to_hex(keyring_.root().fingerprint()));
  ledger_.fail_after(0);
  status = get("/v1/status");
  EXPECT_EQ(status.at("ready"), false);
  EXPECT_THAT(text_in(status, "problem"), StartsWith("writing the ledger: "));
}

TEST_F(AdminAuthorityTest, RollsOver) {
  EXPECT_EQ(problem_of(send("POST", "/v1/authority/activate")), "409 conflict: no next generation is announced");
  EXPECT_THAT(problem_of(send("POST", "/v1/authority/announce", R"({"issuing": "dsa"})")),
              StartsWith("400 invalid: issuing: "));
  const auto announced = post("/v1/authority/announce", R"({"issuing": "ec:p256"})");
  ASSERT_EQ(announced.at("generations").as_array().size(), 2U);
  EXPECT_EQ(announced.at("generations").at(0).at("state"), "current");
  EXPECT_EQ(announced.at("generations").at(1).at("state"), "next");
  EXPECT_EQ(announced.at("generations").at(1).at("issuing").at("key_type"), "ec:p256");
  EXPECT_THAT(problem_of(send("POST", "/v1/authority/announce")), StartsWith("409 conflict: "));

  const auto active = post("/v1/authority/activate");
  EXPECT_EQ(active.at("generations").at(0).at("state"), "old");
  EXPECT_EQ(active.at("generations").at(1).at("state"), "current");
  EXPECT_EQ(generations_.current, 2);
  EXPECT_EQ(get("/v1/authority"), active);
  EXPECT_THAT(std::string(as_text(send("GET", "/v1/authority/chain").body)),
              StartsWith(keyring_.find(2)->keys().issuing.to_pem()));
}

TEST_F(AdminAuthorityTest, SaysWhenTheRootsKeyIsElsewhere) {
  generations_.offline = true;
  EXPECT_EQ(problem_of(send("POST", "/v1/authority/announce")),
            "503 unavailable: the root: the root's key is kept elsewhere");
}

TEST_F(AdminAuthorityTest, PublishesCrls) {
  // The root's first, then the generations'.
  const auto list = get("/v1/crls").at("crls").as_array();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list.at(0).at("generation"), 0);
  EXPECT_EQ(list.at(0).at("url"), "http://pki.example:8080/crl/root.crl");
  EXPECT_EQ(list.at(1).at("number"), 1);
  EXPECT_EQ(post("/v1/crls/publish").at("crls").at(1).at("number"), 2);
  const auto crls = post("/v1/crls/publish", R"({"generation": 1})").at("crls").as_array();
  EXPECT_EQ(crls.at(0).at("number"), 1);
  EXPECT_EQ(crls.at(1).at("number"), 3);
  EXPECT_EQ(crls.at(1).at("url"), "http://pki.example:8080/crl/1.crl");
  EXPECT_EQ(crls.at(1).at("next_update"), "2026-01-08T00:00:00Z");
  EXPECT_EQ(problem_of(send("POST", "/v1/crls/publish", R"({"generation": 2})")),
            "404 not_found: there is no generation 2");
  EXPECT_EQ(problem_of(send("GET", "/v1/crls/2")), "404 not_found: there is no CRL of generation 2");
  const auto root = pki::Crl::from_der(send("GET", "/v1/crls/0").body);
  ASSERT_TRUE(root);
  EXPECT_TRUE(root->issuer().matches(keyring_.root().subject()));
}

TEST_F(AdminAuthorityTest, ListsAndVerifiesTheAuditTrail) {
  add_endpoint("a", {{"authorisers", "manual"}});
  add_endpoint("b", {{"authorisers", "manual"}});
  auto page = get("/v1/audit?limit=3");
  ASSERT_EQ(page.at("events").as_array().size(), 3U);
  EXPECT_EQ(page.at("events").at(0).at("action"), "crl.published");
  EXPECT_EQ(page.at("events").at(2).at("subject"), "a");
  EXPECT_EQ(page.at("next"), 3);
  page = get("/v1/audit?limit=3&after=3");
  ASSERT_EQ(page.at("events").as_array().size(), 1U);
  EXPECT_EQ(page.at("events").at(0).at("subject"), "b");
  EXPECT_EQ(page.at("events").at(0).at("details").at(0).at("name"), "authorisers");
  EXPECT_FALSE(page.contains("next"));
  EXPECT_EQ(get("/v1/audit?newest=true&limit=1").at("events").at(0).at("subject"), "b");
  EXPECT_EQ(problem_of(send("GET", "/v1/audit?newest=true&after=1")),
            "400 invalid: newest: does not go together with after; before does");
  page = get("/v1/audit?newest=true&limit=3");
  EXPECT_EQ(page.at("events").at(0).at("sequence"), 4);
  EXPECT_EQ(page.at("next"), 2);
  page = get("/v1/audit?before=2&limit=3");
  ASSERT_EQ(page.at("events").as_array().size(), 1U);
  EXPECT_EQ(page.at("events").at(0).at("sequence"), 1);
  EXPECT_FALSE(page.contains("next"));

  const auto verified = post("/v1/audit/verify");
  EXPECT_EQ(verified.at("events"), 4);
  EXPECT_EQ(text_in(verified, "hash"), to_hex(ledger_.contents().audit.at(4).hash));
  ledger_.contents().audit.at(3).subject = "c";
  EXPECT_EQ(problem_of(send("POST", "/v1/audit/verify")), "409 conflict: audit event 3 does not fit the chain");
}

TEST_F(AdminAuthorityTest, SearchesTheAuditTrail) {
  const Timestamp begin = clock_.now();
  const auto append = [&](const char* actor, const char* action, const char* subject) {
    clock_.advance(Seconds(60));
    ASSERT_TRUE(ledger_.write([&](hub::Books& books) {
      return books.audit().append({.at = clock_.now(), .actor = actor, .action = action, .subject = subject});
    }));
  };
  append("user anna", "node.added", "lobby");            // 3
  append("scep 192.0.2.7", "certificate.issued", "41");  // 4
  append("user anna", "certificate.revoked", "41");      // 5
  append("user root", "user.removed", "anna");           // 6
  const auto found = [&](std::string query) {
    std::string numbers;
    const boost::json::object list = get("/v1/audit?" + query);
    for (const boost::json::value& event : list.at("events").as_array())
      numbers += std::to_string(event.at("sequence").as_int64());
    return numbers;
  };
  const auto at = [&](int minute) { return to_rfc3339(begin + std::chrono::minutes(minute)); };
  const std::pair<std::string, const char*> rows[] = {
      {"action=certificate.issued", "4"},
      {"subject=41", "45"},
      {"subject=41&newest=true", "54"},
      {"subject=41&action=certificate.revoked", "5"},
      {"actor=user%20anna", "35"},
      {"actor=anna", ""},
      {"text=anna", "356"},
      {"text=anna&newest=true", "653"},
      {"text=anna&action=node.added", "3"},
      {"text=192.0.2.7", "4"},
      {"text=ann", ""},
      {"since=" + at(2) + "&until=" + at(4), "45"},
      {"newest=true&since=" + at(3), "65"},
      {"text=anna&since=" + at(2) + "&until=" + at(4), "5"},
  };
  for (const auto& [query, expect] : rows) EXPECT_EQ(found(query), expect) << query;
  // Page by page.
  auto page = get("/v1/audit?text=anna&limit=2");
  EXPECT_EQ(page.at("next"), 5);
  EXPECT_EQ(found("text=anna&limit=2&after=5"), "6");
  page = get("/v1/audit?text=anna&newest=true&limit=2");
  EXPECT_EQ(page.at("next"), 5);
  EXPECT_EQ(found("text=anna&limit=2&before=5"), "3");
  EXPECT_EQ(problem_of(send("GET", "/v1/audit?action=made.up")).substr(0, 19), "400 invalid: action");

  const auto event = get("/v1/audit/5");
  EXPECT_EQ(event.at("subject"), "41");
  EXPECT_EQ(text_in(event, "previous_hash"), to_hex(ledger_.contents().audit.at(4).hash));
  EXPECT_FALSE(get("/v1/audit/1").contains("previous_hash"));
  EXPECT_EQ(problem_of(send("GET", "/v1/audit/7")), "404 not_found: there is no audit event 7");
}

TEST_F(AdminAuthorityTest, FindsNothingWrongWhereNothingIs) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  EXPECT_THAT(doctor(), IsEmpty());
}

TEST_F(AdminAuthorityTest, FindsThatNoDeviceCanEnrol) {
  EXPECT_THAT(doctor(), ElementsAre("warning: there is no endpoint: no device can enrol"));
}

TEST_F(AdminAuthorityTest, FindsThatTheCrlLacksARevocation) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  ASSERT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.certificates().add_intent({.serial = {Bytes{1}},
                                                .generation = 1,
                                                .endpoint = "printers",
                                                .subject = "CN=device",
                                                .validity = {clock_.now(), clock_.now() + std::chrono::days(30)},
                                                .key_fingerprint = Bytes(32, 1),
                                                .tbs = Bytes(1),
                                                .created = clock_.now()}));
    return books.certificates().revoke({Bytes{1}}, clock_.now(), pki::RevocationReason::superseded);
  }));
  EXPECT_THAT(doctor(), ElementsAre("error: the CRL of generation 1 lacks what was revoked or released since: it could "
                                    "not be made"));
  ASSERT_TRUE(crls_.publish_due());
  EXPECT_THAT(doctor(), IsEmpty());
}

// docs/issuance-cycle.md: what a crash between two steps leaves, if the device never asks again.
TEST_F(AdminAuthorityTest, FindsCertificatesThatWereNeverSigned) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  const Timestamp start = clock_.now();
  const auto add = [&](std::uint8_t number, Timestamp end) {
    ASSERT_TRUE(ledger_.write([&](hub::Books& books) {
      return books.certificates().add_intent({.serial = {Bytes{number}},
                                              .generation = 1,
                                              .endpoint = "printers",
                                              .subject = "CN=device",
                                              .validity = {start, end},
                                              .key_fingerprint = Bytes(32, number),
                                              .tbs = Bytes(1),
                                              .created = start});
    }));
  };
  add(1, start + std::chrono::days(30));
  add(2, start + std::chrono::days(30));
  add(3, start + std::chrono::hours(25));
  EXPECT_THAT(doctor(), IsEmpty()) << "the devices may still ask again";
  clock_.advance(std::chrono::hours(26));
  EXPECT_THAT(doctor(),
              ElementsAre("info: certificates that were decided on and never signed, for longer than a day: 2"))
      << "one that would have ended by now is nobody's concern";
}

TEST_F(AdminAuthorityTest, FindsEndpointsThatDeserveALook) {
  add_endpoint("closed", {{"authorisers", "manual"}, {"enabled", "false"}});
  add_endpoint("long", {{"authorisers", "manual"}, {"validity", "15y"}});
  add_endpoint("old", {{"authorisers", "manual"}, {"allow_3des_sha1", "true"}});
  add_endpoint("lost", {{"authorisers", "manual"}});
  endpoints_.remove("lost");
  const auto found = doctor();
  ASSERT_EQ(found.size(), 4U);
  // By name, and then the worst first.
  EXPECT_THAT(found[0], HasSubstr("error: endpoint long issues for 15y, but the issuing CA ends at "));
  EXPECT_THAT(found[1], StartsWith("error: endpoint lost does not answer: "));
  EXPECT_EQ(found[2],
            "warning: endpoint old: 3DES and SHA-1 are weak; allow them only where a client cannot do better");
  EXPECT_EQ(found[3], "info: endpoint closed is switched off");
}

TEST_F(AdminAuthorityTest, FindsAliasesOfNoEndpoint) {
  add_endpoint("closed", {{"authorisers", "manual"}, {"enabled", "false"}});
  services_.aliases = {{.option = "scep.pkiclient_alias", .endpoint = "nope"},
                       {.option = "scep.mscep_alias", .endpoint = "closed"}};
  EXPECT_THAT(doctor(),
              ElementsAre("error: scep.pkiclient_alias names the endpoint nope, and there is none: devices get "
                          "404 at its address",
                          "info: endpoint closed is switched off"));
}

TEST_F(AdminAuthorityTest, FindsAClockThatWasSetBack) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  clock_.set(keyring_.current().keys().issuing.validity().not_before - std::chrono::days(400));
  const auto found = doctor();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0], HasSubstr("which is before the issuing CA begins to be valid"));
  EXPECT_THAT(found[1], StartsWith("warning: the root's CRL is from the future"));
  EXPECT_THAT(found[2], StartsWith("warning: the CRL of generation 1 is from the future"));
}

TEST_F(AdminAuthorityTest, FindsCertificatesThatEndSoon) {
  add_endpoint("printers", {{"authorisers", "challenge"}, {"validity", "1d"}});
  clock_.set(keyring_.current().keys().issuing.validity().not_after - std::chrono::days(100));
  ASSERT_TRUE(crls_.publish_due());
  const auto found = doctor();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0], StartsWith("warning: the issuing CA's certificate expires at "));
  EXPECT_THAT(found[1], StartsWith("warning: the RA's certificate expires at "));
  EXPECT_THAT(found[2], StartsWith("warning: endpoint printers issues for 1d, but the issuing CA ends at "));
}

// The refusals begin long before the CA's own end, and so does the warning.
TEST_F(AdminAuthorityTest, FindsThatAnEndpointWillSoonOutliveTheAuthority) {
  add_endpoint("printers", {{"authorisers", "challenge"}, {"validity", "2y"}});
  const Timestamp last_issue = keyring_.current().keys().issuing.validity().not_after - std::chrono::days(2 * 365);
  clock_.set(last_issue - std::chrono::days(100));
  ASSERT_TRUE(crls_.publish_due());
  EXPECT_THAT(doctor(),
              ElementsAre(StartsWith("warning: endpoint printers issues for 2y, but the issuing CA ends at ")));
  clock_.set(last_issue + std::chrono::hours(1));
  ASSERT_TRUE(crls_.publish_due());
  EXPECT_THAT(doctor(), ElementsAre(StartsWith("error: endpoint printers issues for 2y, but the issuing CA ends at ")));
}

TEST_F(AdminAuthorityTest, FindsACrlThatWasNotRenewedAndThenThatItExpired) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  clock_.advance(std::chrono::days(7) - std::chrono::hours(1));
  EXPECT_THAT(doctor(), ElementsAre(StartsWith("warning: the CRL of generation 1 expires at ")));
  clock_.advance(std::chrono::hours(1));
  EXPECT_THAT(doctor(), ElementsAre(StartsWith("error: not ready: the CRL of generation 1 expired at ")));
}

TEST_F(AdminAuthorityTest, FindsThatTheRootsCrlWaitsForItsKey) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  generations_.offline = true;
  clock_.advance(std::chrono::days(300));
  ASSERT_TRUE(crls_.publish_due());
  EXPECT_THAT(doctor(), ElementsAre("warning: the root's CRL expires at 2027-01-01T00:00:00Z"));
  EXPECT_EQ(get("/v1/status").at("ready"), true);
  clock_.advance(std::chrono::days(70));
  ASSERT_TRUE(crls_.publish_due());
  EXPECT_THAT(doctor(), ElementsAre("error: the root's CRL expired at 2027-01-01T00:00:00Z"));
}

TEST_F(AdminAuthorityTest, FindsRequestsThatNobodyDecided) {
  add_endpoint("printers", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
  enrol("printers", enrolment("printer-7.example"));
  clock_.advance(std::chrono::hours(23));
  EXPECT_THAT(doctor(), IsEmpty());
  clock_.advance(std::chrono::hours(2));
  EXPECT_THAT(doctor(), ElementsAre("warning: 1 request waits for longer than a day"));
}

TEST_F(AdminAuthorityTest, FindsAnAddressThatDevicesCannotReach) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  const struct {
    const char* base_url;
    const char* finding;  // empty: none
  } rows[] = {
      {"http://localhost:8080", "only this machine"},
      {"http://127.0.0.1:8080", "only this machine"},
      {"http://[::1]:8080", "only this machine"},
      {"http://0.0.0.0", "only this machine"},
      {"http://pki:8080", "without a domain"},
      {"https://pki.example", "begins with https"},
      {"http://pki.example:8080", ""},
      {"http://192.0.2.1", ""},
      {"http://[2001:db8::1]:8080/x", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.base_url);
    AdminServices services = services_;
    services.base_url = row.base_url;
    const std::vector<Finding> findings = examine(services);
    ASSERT_EQ(findings.size(), *row.finding == '\0' ? 0U : 1U);
    for (const Finding& finding : findings) EXPECT_THAT(finding.what(), HasSubstr(row.finding));
  }
}

TEST_F(AdminAuthorityTest, SaysThatTheRootsKeyLiesOnThisMachine) {
  AdminServices services = services_;
  services.root_key_is_present = [] { return true; };
  const std::vector<Finding> findings = examine(services);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.back().what(), "the root's private key lies on this machine");
  EXPECT_EQ(findings.back().severity, Finding::Severity::info);
}

}  // namespace
}  // namespace chancery::api
