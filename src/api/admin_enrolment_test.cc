// The administrators' API, of endpoints, challenges, requests and certificates.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/hub_testing.h"
#include "pki/bundle.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AdminEnrolmentTest : public example::HubTest {
 protected:
  // An approved request; gives the certificate's serial.
  std::string issue(std::string_view common_name, std::string_view transaction_id = "transaction-1") {
    if (endpoints_.find("manual") == nullptr)
      add_endpoint("manual", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
    enrol("manual", enrolment(common_name, "", transaction_id));
    const auto pending = get("/v1/requests?state=pending&limit=1").at("requests").as_array();
    const auto id = pending.at(0).at("id").as_int64();
    return text_in(post("/v1/requests/" + std::to_string(id) + "/approve"), "serial");
  }
};

TEST_F(AdminEnrolmentTest, AddsShowsChangesAndRemovesAnEndpoint) {
  const auto added =
      post("/v1/endpoints", R"({"name": "printers", "settings": {"preset": "canon", "authorisers": "challenge"}})");
  EXPECT_EQ(text_in(added, "scep_url"), "http://pki.example:8080/scep/printers");
  EXPECT_EQ(added.at("serves"), true);
  EXPECT_EQ(added.at("settings").at("preset"), "canon");
  EXPECT_EQ(added.at("warnings").as_array().size(), 1U) << "3DES and SHA-1";

  const auto changed =
      body_of(send("PATCH", "/v1/endpoints/printers", R"({"settings": {"allow_3des_sha1": "false"}})"));
  EXPECT_EQ(changed.at("settings").at("preset"), "canon");
  EXPECT_TRUE(changed.at("warnings").as_array().empty());
  EXPECT_EQ(get("/v1/endpoints/printers"), changed);
  EXPECT_EQ(get("/v1/endpoints").at("endpoints").as_array(), boost::json::array{changed});

  // What the issuing CA outlives by too little, or not at all, is told at once.
  const auto warning_at = [&](const char* validity) {
    const auto now = body_of(
        send("PATCH", "/v1/endpoints/printers", fmt::format(R"({{"settings": {{"validity": "{}"}}}})", validity)));
    EXPECT_EQ(now.at("warnings").as_array().size(), 1U);
    return std::string(now.at("warnings").at(0).as_string());
  };
  const std::string end = to_rfc3339(keyring_.current().keys().issuing.validity().not_after);
  EXPECT_EQ(warning_at("19y"),
            "validity: no certificate can be issued, because 19y from now is after the end of the issuing CA, " + end);
  EXPECT_THAT(warning_at("3501d"), ::testing::MatchesRegex("validity: no certificate can be issued after .*Z, because "
                                                           "3501d later is after the end of the issuing CA, " +
                                                           end));

  EXPECT_EQ(send("DELETE", "/v1/endpoints/printers").status, 204U);
  EXPECT_TRUE(get("/v1/endpoints").at("endpoints").as_array().empty());
}

TEST_F(AdminEnrolmentTest, RefusesEndpointsThatCannotServe) {
  add_endpoint("a", {{"authorisers", "manual"}});
  const struct {
    const char* method;
    const char* target;
    const char* body;
    const char* problem;
  } rows[] = {
      {"POST", "/v1/endpoints", R"({"name": "a", "settings": {}})", "409 conflict: there is an endpoint 'a' already"},
      {"POST", "/v1/endpoints", R"({"name": "A b", "settings": {}})",
       "400 invalid: 'A b' cannot be an endpoint's name"},
      {"POST", "/v1/endpoints", R"({"name": "b", "settings": {}})", "400 invalid: authorisers: "},
      {"POST", "/v1/endpoints", R"({"name": "b", "settings": {"authorisers": "anybody"}})",
       "400 invalid: authorisers: "},
      {"POST", "/v1/endpoints", R"({"name": "b", "settings": {"colour": "red"}})", "400 invalid: unknown key 'colour'"},
      {"PATCH", "/v1/endpoints/b", R"({"settings": {}})", "404 not_found: there is no endpoint 'b'"},
      {"GET", "/v1/endpoints/b", "", "404 not_found: there is no endpoint 'b'"},
      {"DELETE", "/v1/endpoints/b", "", "404 not_found: there is no endpoint 'b'"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.method) + " " + row.target + " " + row.body);
    EXPECT_THAT(problem_of(send(row.method, row.target, row.body)), ::testing::StartsWith(row.problem));
  }
}

TEST_F(AdminEnrolmentTest, DescribesTheSettingsOfEndpoints) {
  const auto settings = get("/v1/endpoint-settings").at("settings").as_array();
  ASSERT_EQ(settings.size(), hub::endpoint_option_set().help().size());
  EXPECT_EQ(settings.at(0).at("key"), "preset");
  EXPECT_EQ(settings.at(0).at("default"), "rfc8894");
  for (const auto& row : settings) {
    const auto& setting = row.as_object();
    const std::string key = text_in(setting, "key");
    ASSERT_TRUE(setting.contains("help_sentence")) << key << " is told in English only";
    EXPECT_EQ(text_in(setting.at("help_sentence").as_object(), "rule"), "setting_" + key);
    const std::string type = text_in(setting, "type");
    const bool is_picked = type == "true or false" || type.starts_with("one of ") || type.starts_with("a list of ");
    EXPECT_EQ(setting.contains("type_sentence"), !is_picked) << key << " is " << type;
  }
}

TEST_F(AdminEnrolmentTest, TellsAChallengeOnceAndNeverAgain) {
  add_endpoint("printers", {{"authorisers", "challenge"}, {"alternative_names", "dns"}});
  const auto minted = post("/v1/challenges", R"({"endpoint": "printers", "subject": "CN=printer-7.example",
      "alternative_names": ["dns:printer-7.example"], "lifetime": "2h", "note": "for the third floor"})");
  EXPECT_EQ(text_in(minted, "url"), "http://pki.example:8080/scep/printers");
  EXPECT_EQ(text_in(minted, "expires"), "2026-01-01T02:00:00Z");
  EXPECT_EQ(text_in(minted, "fingerprint"), to_hex(keyring_.root().fingerprint()));
  const std::string secret = text_in(minted, "challenge");

  const http::Response list = send("GET", "/v1/challenges?endpoint=printers");
  EXPECT_THAT(std::string(as_text(list.body)), Not(HasSubstr(secret.substr(secret.find('.') + 1))));
  const auto row = body_of(list).at("challenges").at(0);
  EXPECT_EQ(row.at("id"), minted.at("id"));
  EXPECT_EQ(row.at("state"), "open");
  EXPECT_EQ(row.at("note"), "for the third floor");
  for (const std::string& line : log_.lines()) EXPECT_THAT(line, Not(HasSubstr(secret)));
  for (const auto& [sequence, event] : ledger_.contents().audit)
    for (const auto& [name, text] : event.details) EXPECT_THAT(text, Not(HasSubstr(secret)));

  // It lets the device in that it is for.
  enrol("printers", enrolment("printer-7.example", secret));
  const auto used = get("/v1/challenges").at("challenges").at(0);
  EXPECT_EQ(used.at("state"), "used");
  EXPECT_EQ(used.at("used_by"), get("/v1/certificates").at("certificates").at(0).at("serial"));
}

TEST_F(AdminEnrolmentTest, TakesAChallengeBack) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  const std::string id = text_in(post("/v1/challenges", R"({"endpoint": "printers"})"), "id");
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(get("/v1/challenges").at("challenges").at(0).at("state"), "expired");
  EXPECT_EQ(send("DELETE", "/v1/challenges/" + id).status, 204U);
  EXPECT_EQ(problem_of(send("DELETE", "/v1/challenges/" + id)), "404 not_found: there is no challenge '" + id + "'");
  EXPECT_EQ(problem_of(send("POST", "/v1/challenges", R"({"endpoint": "phones"})")),
            "404 not_found: there is no endpoint 'phones'");
  EXPECT_THAT(problem_of(send("POST", "/v1/challenges", R"({"endpoint": "printers", "subject": "=x"})")),
              ::testing::StartsWith("400 invalid: subject: "));
}

TEST_F(AdminEnrolmentTest, ShowsARequestWithoutItsChallengeAndApprovesIt) {
  add_endpoint("manual", {{"authorisers", "challenge,manual"}, {"alternative_names", "dns"}});
  const std::string secret = text_in(post("/v1/challenges", R"({"endpoint": "manual"})"), "challenge");
  enrol("manual", enrolment("printer-7.example", secret));

  const http::Response shown =
      send("GET", "/v1/requests/" + std::to_string(ledger_.contents().transactions.begin()->first));
  EXPECT_THAT(std::string(as_text(shown.body)), Not(HasSubstr(secret)));
  const auto request = body_of(shown);
  EXPECT_EQ(request.at("state"), "pending");
  EXPECT_EQ(request.at("subject"), "CN=printer-7.example");
  EXPECT_EQ(request.at("alternative_names").at(0), "dns:printer-7.example");
  EXPECT_EQ(request.at("key_type"), "rsa:2048");
  EXPECT_EQ(request.at("transaction_id"), "transaction-1");
  EXPECT_EQ(request.at("signature_algorithm"), "sha256WithRSAEncryption");
  EXPECT_EQ(request.at("extensions").at(0), "subjectAltName");
  EXPECT_EQ(request.at("source"), "192.0.2.7");

  const std::string path = "/v1/requests/" + std::to_string(request.at("id").as_int64());
  const auto certificate = post(path + "/approve");
  EXPECT_EQ(certificate.at("state"), "issued");
  EXPECT_EQ(get(path).at("serial"), certificate.at("serial"));
  EXPECT_THAT(problem_of(send("POST", path + "/approve")), HasSubstr("is decided already"));
  EXPECT_THAT(problem_of(send("POST", path + "/reject")), ::testing::StartsWith("409 conflict: "));
  EXPECT_EQ(problem_of(send("GET", "/v1/requests/999")), "404 not_found: there is no request 999");
}

TEST_F(AdminEnrolmentTest, RejectsARequestWithTheReasonThatIsGiven) {
  add_endpoint("manual", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
  enrol("manual", enrolment("printer-7.example"));
  const auto id = get("/v1/requests").at("requests").at(0).at("id").as_int64();
  const auto rejected = post("/v1/requests/" + std::to_string(id) + "/reject", R"({"reason": "unknown device"})");
  EXPECT_EQ(rejected.at("state"), "rejected");
  EXPECT_EQ(rejected.at("reason"), R"("unknown device")");
  EXPECT_EQ(rejected.at("fail_info"), "badRequest");
  EXPECT_TRUE(get("/v1/requests?state=pending").at("requests").as_array().empty());
  EXPECT_EQ(get("/v1/requests?state=rejected").at("requests").as_array().size(), 1U);
}

TEST_F(AdminEnrolmentTest, APersonsReasonIsNotToldAsTheHubsOwnWords) {
  add_endpoint("manual", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
  int count = 0;
  const auto reject = [&](std::string_view body) {
    enrol("manual", enrolment("printer-7.example", "", "transaction-" + std::to_string(++count)));
    const auto id = get("/v1/requests?state=pending").at("requests").at(0).at("id").as_int64();
    return post("/v1/requests/" + std::to_string(id) + "/reject", body);
  };
  // In the audit trail as well as in the request.
  const auto told = [&] {
    const auto event = get("/v1/audit?newest=true&limit=1").at("events").at(0).as_object();
    return event.at("details").at(0).as_object();
  };
  const auto own = reject("");
  EXPECT_EQ(own.at("sentence").at("rule"), "request_rejected");
  EXPECT_EQ(told().at("sentence").at("rule"), "request_rejected");
  for (const char* reason : {"rejected by an administrator", "the endpoint asks for approval", "there is no node 7"}) {
    const auto rejected = reject(boost::json::serialize(boost::json::object{{"reason", reason}}));
    EXPECT_EQ(text_in(rejected, "reason"), '"' + std::string(reason) + '"');
    EXPECT_FALSE(rejected.contains("sentence")) << reason;
    EXPECT_FALSE(told().contains("sentence")) << reason;
  }
}

TEST_F(AdminEnrolmentTest, ListsChallengesPageByPage) {
  add_endpoint("printers", {{"authorisers", "challenge"}});
  add_endpoint("phones", {{"authorisers", "challenge"}});
  const auto mint = [&](std::string_view endpoint) {
    return text_in(post("/v1/challenges", boost::json::serialize(boost::json::object{{"endpoint", endpoint}})), "id");
  };
  std::vector<std::string> minted;
  for (int i = 0; i < 3; ++i) minted.push_back(mint("printers"));
  mint("phones");
  auto page = get("/v1/challenges?endpoint=printers&limit=2");
  ASSERT_EQ(page.at("challenges").as_array().size(), 2U);
  EXPECT_EQ(text_in(page.at("challenges").at(1).as_object(), "id"), minted[1]);
  page = get("/v1/challenges?endpoint=printers&limit=2&after=" + std::to_string(page.at("next").as_int64()));
  ASSERT_EQ(page.at("challenges").as_array().size(), 1U);
  EXPECT_EQ(text_in(page.at("challenges").at(0).as_object(), "id"), minted[0]);
  EXPECT_FALSE(page.contains("next"));
  EXPECT_FALSE(get("/v1/challenges?limit=4").contains("next"));
}

TEST_F(AdminEnrolmentTest, ListsCertificatesPageByPage) {
  for (int i = 0; i < 3; ++i) issue("printer-" + std::to_string(i) + ".example", "transaction-" + std::to_string(i));
  auto page = get("/v1/certificates?limit=2");
  ASSERT_EQ(page.at("certificates").as_array().size(), 2U);
  EXPECT_EQ(page.at("certificates").at(0).at("subject"), "CN=printer-2.example");
  page = get("/v1/certificates?limit=2&after=" + std::to_string(page.at("next").as_int64()));
  ASSERT_EQ(page.at("certificates").as_array().size(), 1U);
  EXPECT_EQ(page.at("certificates").at(0).at("subject"), "CN=printer-0.example");
  EXPECT_FALSE(page.contains("next"));

  auto requests = get("/v1/requests?limit=2");
  ASSERT_EQ(requests.at("requests").as_array().size(), 2U);
  requests = get("/v1/requests?limit=2&after=" + std::to_string(requests.at("next").as_int64()));
  EXPECT_EQ(requests.at("requests").as_array().size(), 1U);
  EXPECT_FALSE(requests.contains("next"));

  const auto count = [&](std::string_view query) {
    return get("/v1/certificates?" + std::string(query)).at("certificates").as_array().size();
  };
  EXPECT_EQ(count("text=printer-1"), 1U);
  EXPECT_EQ(count("endpoint=manual"), 3U);
  EXPECT_EQ(count("endpoint=phones"), 0U);
  EXPECT_EQ(count("state=issued"), 3U);
  EXPECT_EQ(count("state=revoked"), 0U);
  EXPECT_EQ(count("expires_before=2026-06-01T00:00:00Z"), 0U);
  EXPECT_EQ(count("expires_after=2026-06-01T00:00:00Z"), 3U);
}

TEST_F(AdminEnrolmentTest, ShowsExportsAndRevokesACertificate) {
  const std::string path = "/v1/certificates/" + issue("printer-7.example");
  const auto shown = get(path);
  EXPECT_EQ(shown.at("state"), "issued");
  EXPECT_EQ(text_in(shown, "issuer"), keyring_.current().keys().issuing.subject().to_text());
  EXPECT_EQ(shown.at("key_type"), "rsa:2048");
  EXPECT_EQ(shown.at("crl_urls").at(0), "http://pki.example:8080/crl/1.crl");
  EXPECT_EQ(shown.at("key_usages").at(0), "digitalSignature");
  EXPECT_EQ(shown.at("extended_key_usages").at(0), "serverAuth");

  const auto certificate = pki::Certificate::from_der(send("GET", path + "/der").body);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(to_hex(certificate->fingerprint()), text_in(shown, "fingerprint"));
  EXPECT_EQ(as_text(send("GET", path + "/pem").body), certificate->to_pem());
  EXPECT_EQ(as_text(send("GET", path + "/chain").body),
            certificate->to_pem() + keyring_.current().keys().issuing.to_pem());
  const auto bundle = pki::read_bundle(send("GET", path + "/p7b").body);
  ASSERT_TRUE(bundle);
  EXPECT_THAT(bundle->certificates,
              ::testing::ElementsAre(to_bytes(certificate->der()), to_bytes(keyring_.current().keys().issuing.der()),
                                     to_bytes(keyring_.root().der())));

  EXPECT_THAT(problem_of(send("POST", path + "/revoke", R"({"reason": "removeFromCRL"})")),
              ::testing::StartsWith("400 invalid: reason: expected one of unspecified, "));
  clock_.advance(std::chrono::minutes(1));
  const auto revoked = post(path + "/revoke", R"({"reason": "keyCompromise"})");
  EXPECT_EQ(revoked.at("state"), "revoked");
  EXPECT_EQ(revoked.at("reason"), "keyCompromise");
  EXPECT_EQ(revoked.at("revoked_at"), "2026-01-01T00:01:00Z");
  const auto crl = pki::Crl::from_der(send("GET", "/v1/crls/1").body);
  ASSERT_TRUE(crl);
  ASSERT_EQ(crl->entries().size(), 1U);
  EXPECT_EQ(crl->entries()[0].serial, certificate->serial());
  EXPECT_THAT(problem_of(send("POST", path + "/revoke", R"({"reason": "superseded"})")),
              ::testing::StartsWith("409 conflict: "));

  EXPECT_EQ(problem_of(send("GET", "/v1/certificates/abcd")),
            "404 not_found: there is no certificate with serial abcd");
  EXPECT_THAT(problem_of(send("GET", "/v1/certificates/xyz")), ::testing::StartsWith("400 invalid: serial: "));
}

TEST_F(AdminEnrolmentTest, NamesTheEarlierCertificatesAndRevokesThemWhenAsked) {
  const std::string first = issue("printer-9.example");
  // What came after it, as renewals would have written it.
  for (const std::uint8_t number : Bytes{1, 2})
    ASSERT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
      TRY(auto record, books.certificates().find(pki::Serial::from_hex(first).value()));
      const Bytes der = record->der;
      record->serial = {{0x41, number}};
      record->replaces = first;
      TRY_STATUS(books.certificates().add_intent(*record));
      return books.certificates().record_issued(record->serial, der, Bytes(32, number));
    }));
  const auto earlier_of = [&](const boost::json::object& body) {
    std::string text;
    for (const auto& each : body.at("earlier").as_array())
      text += text_in(each.as_object(), "serial") + " " + text_in(each.as_object(), "status") + "\n";
    return text;
  };
  EXPECT_EQ(earlier_of(get("/v1/certificates/" + first)), "");
  EXPECT_EQ(earlier_of(get("/v1/certificates/4101")), first + " superseded\n");
  EXPECT_EQ(earlier_of(post("/v1/certificates/4101/revoke", R"({"reason": "superseded"})")), first + " superseded\n");
  EXPECT_EQ(earlier_of(post("/v1/certificates/4102/revoke", R"({"reason": "certificateHold"})")), first + " valid\n");
  EXPECT_EQ(earlier_of(post("/v1/certificates/4102/revoke", R"({"reason": "keyCompromise", "with_earlier": true})")),
            "");
  EXPECT_EQ(get("/v1/certificates/" + first).at("reason"), "keyCompromise");
  EXPECT_EQ(pki::Crl::from_der(send("GET", "/v1/crls/1").body).value().entries().size(), 3U);
}

TEST_F(AdminEnrolmentTest, SuspendsACertificateAndReleasesIt) {
  const std::string serial = issue("printer-8.example");
  const std::string path = "/v1/certificates/" + serial;
  const auto crl = [&] { return pki::Crl::from_der(send("GET", "/v1/crls/1").body).value(); };
  const auto listed = [&](std::string_view status) {
    return get("/v1/certificates?status=" + std::string(status)).at("certificates").as_array().size();
  };
  EXPECT_EQ(problem_of(send("POST", path + "/release")), "409 conflict: certificate " + serial + " is not suspended");

  const auto suspended = post(path + "/revoke", R"({"reason": "certificateHold"})");
  EXPECT_EQ(suspended.at("state"), "revoked");
  EXPECT_EQ(suspended.at("status"), "suspended");
  EXPECT_EQ(suspended.at("reason"), "certificateHold");
  ASSERT_EQ(crl().entries().size(), 1U);
  EXPECT_EQ(crl().entries()[0].serial.hex(), serial);
  EXPECT_EQ(crl().entries()[0].reason, pki::RevocationReason::certificate_hold);
  EXPECT_EQ(listed("suspended"), 1U);
  EXPECT_EQ(listed("revoked"), 0U);
  EXPECT_EQ(listed("current"), 0U);
  EXPECT_EQ(problem_of(send("POST", path + "/revoke", R"({"reason": "certificateHold"})")),
            "409 conflict: certificate " + serial + " is suspended already");

  const auto number = crl().number();
  const auto released = post(path + "/release", "");
  EXPECT_EQ(released.at("state"), "issued");
  EXPECT_EQ(released.at("status"), "valid");
  EXPECT_FALSE(released.contains("reason"));
  EXPECT_FALSE(released.contains("revoked_at"));
  EXPECT_TRUE(crl().entries().empty());
  EXPECT_GT(crl().number(), number);
  EXPECT_EQ(listed("suspended"), 0U);
  EXPECT_EQ(listed("current"), 1U);

  // What is suspended can still be revoked for good.
  post(path + "/revoke", R"({"reason": "certificateHold"})");
  EXPECT_EQ(post(path + "/revoke", R"({"reason": "keyCompromise"})").at("status"), "revoked");
  EXPECT_EQ(problem_of(send("POST", path + "/release")),
            "409 conflict: certificate " + serial + " is revoked for good: only a suspended one can be released");
  EXPECT_EQ(problem_of(send("POST", "/v1/certificates/abcd/release")),
            "404 not_found: there is no certificate with serial abcd");
}

}  // namespace
}  // namespace chancery::api
