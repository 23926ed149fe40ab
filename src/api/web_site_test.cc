// The web's door: who is let in, and what keeps other sites out.

#include "api/web_site.h"

#include <gmock/gmock.h>

#include "api/hub_testing.h"
#include "api/session_cookie.h"
#include "http/reply_testing.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view password = "correct horse battery";

class WebSiteTest : public example::HubTest {
 protected:
  WebSiteTest() {
    add("root", hub::Role::administrator);
    add("oskar", hub::Role::operator_);
    add("audrey", hub::Role::auditor);
  }
  void add(const char* name, hub::Role role) {
    ASSERT_TRUE(accounts_.add(
        {.name = name, .role = role, .password = SecretBytes::copy_of(password), .keeps_password = true}, caller_));
  }

  struct Browser {
    std::string cookie, csrf_token;
  };
  static http::Request request(std::string_view method, std::string_view target, std::string_view body = "") {
    http::Request made{.method = std::string(method),
                       .target = std::string(target),
                       .headers = {{"Host", "hub.example:8443"}},
                       .body = to_bytes(as_bytes(body)),
                       .remote_address = "192.0.2.1",
                       .tls = true};
    if (!body.empty()) made.headers.push_back({"Content-Type", "application/json"});
    return made;
  }
  static http::Request as(const Browser& browser, http::Request request) {
    request.headers.push_back({"Cookie", "other=1; " + browser.cookie});
    request.headers.push_back({"X-CSRF-Token", browser.csrf_token});
    return request;
  }
  static http::Request with(http::Request request, std::string name, std::string value) {
    std::erase_if(request.headers, [&](const http::Header& header) { return header.name == name; });
    if (!value.empty()) request.headers.push_back({std::move(name), std::move(value)});
    return request;
  }
  Browser sign_in(std::string_view user) {
    const http::Response response =
        site_.handle(request("POST", "/api/v1/session",
                             boost::json::serialize(boost::json::object{{"user", user}, {"password", password}})));
    const std::string cookie(response.header("Set-Cookie"));
    return {.cookie = cookie.substr(0, cookie.find(';')), .csrf_token = text_in(body_of(response), "csrf_token")};
  }

  // Changes oskar; empty when that worked.
  std::string change(const Browser& browser, std::string_view body) {
    const http::Response response = site_.handle(as(browser, request("PATCH", "/api/v1/users/oskar", body)));
    return response.status == 200 ? "" : problem_of(response);
  }

  WebSite site_{services_, {.host_names = {"hub.example"}, .pages = [](const http::Request&) {
                              return http::text_response(200, "a page");
                            }}};
};

TEST_F(WebSiteTest, SigningInSetsACookieThatNoScriptAndNoOtherSiteGets) {
  const http::Response response =
      site_.handle(request("POST", "/api/v1/session", R"({"user": "Oskar", "password": "correct horse battery"})"));
  EXPECT_THAT(
      std::string(response.header("Set-Cookie")),
      ::testing::MatchesRegex("chancery_session=[A-Za-z0-9_-]{43}; Path=/api; HttpOnly; SameSite=Strict; Secure"));
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  const boost::json::object body = body_of(response);
  EXPECT_EQ(text_in(body, "user"), "oskar");
  EXPECT_EQ(text_in(body, "role"), "operator");
  EXPECT_EQ(as_text(response.body).find(response.header("Set-Cookie").substr(17, 43)), std::string_view::npos);

  http::Request plain = request("POST", "/api/v1/session", R"({"user": "oskar", "password": "correct horse battery"})");
  plain.tls = false;
  EXPECT_THAT(std::string(site_.handle(plain).header("Set-Cookie")), Not(HasSubstr("Secure")));
}

TEST_F(WebSiteTest, ASessionLooksChangesAndEnds) {
  const Browser browser = sign_in("oskar");
  EXPECT_EQ(text_in(body_of(site_.handle(as(browser, request("GET", "/api/v1/session")))), "user"), "oskar");
  EXPECT_EQ(site_.handle(as(browser, request("GET", "/api/v1/status"))).status, 200u);
  add_endpoint("printers", {{"authorisers", "challenge"}});
  const http::Response minted =
      site_.handle(as(browser, request("POST", "/api/v1/challenges", R"({"endpoint": "printers"})")));
  EXPECT_EQ(minted.status, 201u) << as_text(minted.body);
  EXPECT_EQ(ledger_.contents().audit.rbegin()->second.actor, "user oskar");
  EXPECT_EQ(problem_of(site_.handle(as(browser, request("DELETE", "/api/v1/endpoints/printers")))),
            "403 refused: this needs the role administrator, and yours is operator");

  const http::Response ended = site_.handle(as(browser, request("DELETE", "/api/v1/session")));
  EXPECT_EQ(ended.status, 204u);
  EXPECT_THAT(std::string(ended.header("Set-Cookie")), HasSubstr("Max-Age=0"));
  EXPECT_EQ(problem_of(site_.handle(as(browser, request("GET", "/api/v1/status")))), "401 refused: sign in first");
}

TEST_F(WebSiteTest, RefusesWhatAnotherSiteCouldHaveSent) {
  const Browser browser = sign_in("root");
  const Browser other = sign_in("root");
  const auto change = [&] { return as(browser, request("POST", "/api/v1/audit/verify")); };
  const auto good_body = R"({"user": "root", "password": "correct horse battery"})";
  const struct {
    const char* name;
    http::Request request;
    const char* problem;
  } rows[] = {
      {"no cookie", request("GET", "/api/v1/status"), "401 refused: sign in first"},
      {"another cookie", with(request("GET", "/api/v1/status"), "Cookie", "chancery_session=abc"),
       "401 refused: sign in first"},
      {"a change without the token", with(change(), "X-CSRF-Token", ""),
       "403 refused: X-CSRF-Token is not the session's: sign in again, or load the page anew"},
      {"another session's token", with(change(), "X-CSRF-Token", other.csrf_token),
       "403 refused: X-CSRF-Token is not the session's: sign in again, or load the page anew"},
      {"another origin", with(change(), "Origin", "https://evil.example"),
       "403 refused: another site's page asked for this"},
      {"our name, but no TLS", with(change(), "Origin", "http://hub.example:8443"),
       "403 refused: another site's page asked for this"},
      {"an origin that is hidden", with(change(), "Origin", "null"), "403 refused: another site's page asked for this"},
      {"a cross-site fetch", with(change(), "Sec-Fetch-Site", "cross-site"),
       "403 refused: another site's page asked for this"},
      {"a fetch of a neighbour", with(change(), "Sec-Fetch-Site", "same-site"),
       "403 refused: another site's page asked for this"},
      {"a form",
       with(as(browser, request("POST", "/api/v1/challenges", "{}")), "Content-Type",
            "application/x-www-form-urlencoded"),
       "415 refused: the body must be JSON: Content-Type: application/json"},
      {"no content type", with(as(browser, request("POST", "/api/v1/challenges", "{}")), "Content-Type", ""),
       "415 refused: the body must be JSON: Content-Type: application/json"},
      {"a sign-in by a form", with(request("POST", "/api/v1/session", good_body), "Content-Type", "text/plain"),
       "415 refused: the body must be JSON: Content-Type: application/json"},
      {"a sign-in by another site",
       with(request("POST", "/api/v1/session", good_body), "Origin", "https://evil.example"),
       "403 refused: another site's page asked for this"},
      {"a wrong password", request("POST", "/api/v1/session", R"({"user": "root", "password": "x"})"),
       "401 refused: the user or the password is wrong"},
      {"too soon", request("POST", "/api/v1/session", good_body),
       "429 refused: too many sign-ins failed: try again in 1s"},
  };
  for (const auto& row : rows) EXPECT_EQ(problem_of(site_.handle(row.request)), row.problem) << row.name;
  EXPECT_EQ(site_.handle(change()).status, 200u);
  EXPECT_EQ(site_.handle(with(change(), "Origin", "https://HUB.example:8443")).status, 200u);
  EXPECT_EQ(site_.handle(with(change(), "Sec-Fetch-Site", "same-origin")).status, 200u);
}

TEST_F(WebSiteTest, AnswersOnlyToItsNames) {
  const std::pair<const char*, bool> rows[] = {
      {"hub.example", true},
      {"HUB.example:8443", true},
      {"localhost:8443", true},
      {"127.0.0.1:8443", true},
      {"192.0.2.7", true},
      {"[::1]:8443", true},
      {"[2001:db8::1]", true},
      {"evil.example", false},
      {"hub.example.evil", false},
      {"", false},
      {"[evil]", false},
      {"[::1", false},
      {"127.0.0.1.evil.example", false},
  };
  for (const auto& [host, known] : rows)
    for (const char* path : {"/", "/api/v1/session"}) {
      const unsigned status = site_.handle(with(request("GET", path), "Host", host)).status;
      EXPECT_EQ(status == 421, !known) << host << " " << path;
    }
}

TEST_F(WebSiteTest, EveryAnswerOfTheApiSaysThatItIsData) {
  const Browser browser = sign_in("audrey");
  http::ReplyForTest held;
  site_.answer(as(browser, request("GET", "/api/v1/changes?since=yesterday")), held.reply());
  ASSERT_TRUE(held.response);
  for (const http::Response& response :
       {*held.response, site_.handle(request("GET", "/api/v1/status")), site_.handle(request("GET", "/api/v1/nothing")),
        site_.handle(as(browser, request("GET", "/api/v1/status"))),
        site_.handle(as(browser, request("GET", "/api/v1/authority/chain")))}) {
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    EXPECT_THAT(std::string(response.header("Content-Security-Policy")), HasSubstr("default-src 'none'"));
  }
  EXPECT_EQ(as_text(site_.handle(request("GET", "/nodes/7")).body), "a page\n");
  EXPECT_EQ(as_text(site_.handle(request("GET", "/apiary")).body), "a page\n");
}

TEST_F(WebSiteTest, AGivenPasswordIsChangedBeforeAnythingElse) {
  const Browser root = sign_in("root");
  boost::json::object made = body_of(site_.handle(
      as(root, request("POST", "/api/v1/users",
                       R"({"name": "new", "role": "auditor", "own_password": "correct horse battery"})"))));
  const std::string given = text_in(made, "password");
  const auto credentials = boost::json::serialize(boost::json::object{{"user", "new"}, {"password", given}});
  const http::Response response = site_.handle(request("POST", "/api/v1/session", credentials));
  EXPECT_TRUE(body_of(response).at("must_change_password").as_bool());
  Browser browser{.cookie = std::string(response.header("Set-Cookie").substr(0, 60)),
                  .csrf_token = text_in(body_of(response), "csrf_token")};
  EXPECT_EQ(problem_of(site_.handle(as(browser, request("GET", "/api/v1/status")))),
            "403 refused: choose a password of your own first");
  const auto change =
      boost::json::serialize(boost::json::object{{"old_password", given}, {"new_password", "another horse entirely"}});
  const http::Response changed = site_.handle(as(browser, request("POST", "/api/v1/session/password", change)));
  EXPECT_EQ(changed.status, 200u) << as_text(changed.body);
  EXPECT_EQ(site_.handle(as(browser, request("GET", "/api/v1/status"))).status, 401u) << "the old session ended";
  browser.cookie = std::string(changed.header("Set-Cookie").substr(0, 60));
  EXPECT_EQ(site_.handle(as(browser, request("GET", "/api/v1/status"))).status, 200u);
}

TEST_F(WebSiteTest, AChangeOfAUserThatIsRefusedChangesNothing) {
  const Browser root = sign_in("root");
  EXPECT_EQ(change(root, R"({"role": "administrator", "password": "short", "own_password": "correct horse battery"})"),
            "400 invalid: the password is too short: at least 12 characters");
  EXPECT_NE(ledger_.contents().users.at("oskar").role, hub::Role::administrator);
}

TEST_F(WebSiteTest, AnAdministratorCannotTakeOverTheOwnPasswordWithoutTheOldOne) {
  const Browser root = sign_in("root");
  EXPECT_EQ(
      problem_of(site_.handle(as(root, request("PATCH", "/api/v1/users/root", R"({"generate_password": true})")))),
      "409 conflict: this is you: change your own password with the old one");
}

TEST_F(WebSiteTest, AnUnlockedScreenTakesNobodysPowerAndGivesNobodyAny) {
  const Browser root = sign_in("root");
  const std::string missing = "400 invalid: this needs your own password once more, as own_password";
  for (const char* body : {R"({"disabled": true})", R"({"disabled": false})", R"({"unlock": true})"})
    EXPECT_EQ(change(root, body), missing) << body;
  const auto remove = [&](std::string_view query, std::string_view body) {
    const http::Response response =
        site_.handle(as(root, request("DELETE", "/api/v1/users/oskar" + std::string(query), body)));
    return response.status == 204 ? "" : problem_of(response);
  };
  EXPECT_EQ(remove("", ""), missing);
  EXPECT_EQ(remove("", R"({"own_password": "a guess at it"})"), "403 refused: your own password is wrong");
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(remove("?own_password=correct%20horse%20battery", ""),
            "400 invalid: own_password: belongs into the JSON body, not behind '?'")
      << "addresses are logged";
  EXPECT_FALSE(ledger_.contents().users.at("oskar").disabled);

  EXPECT_EQ(change(root, R"({"disabled": true, "own_password": "correct horse battery"})"), "");
  EXPECT_TRUE(ledger_.contents().users.at("oskar").disabled);
  EXPECT_EQ(change(root, R"({"disabled": false, "unlock": true, "own_password": "correct horse battery"})"), "");
  EXPECT_EQ(remove("", R"({"own_password": "correct horse battery"})"), "");
  EXPECT_FALSE(ledger_.contents().users.contains("oskar"));
}

TEST_F(WebSiteTest, AnUnlockedScreenSendsNoSecretAnywhere) {
  const Browser root = sign_in("root");
  const auto set = [&](std::string_view method, std::string_view path, std::string_view body) {
    return problem_of(site_.handle(as(root, request(method, "/api/v1/endpoints" + std::string(path), body))));
  };
  const std::string missing = "400 invalid: this needs your own password once more, as own_password";
  EXPECT_EQ(set("PATCH", "/printers", R"({"settings": {"web_hook_url": "https://192.0.2.1/"}})"), missing);
  EXPECT_EQ(set("PATCH", "/printers", R"({"settings": {"web_hook_token_file": "/run/credentials/passphrase"}})"),
            missing);
  EXPECT_EQ(set("POST", "",
                R"({"name": "new", "settings": {"authorisers": "web-hook", "web_hook_url": "https://192.0.2.1/"}})"),
            missing);
  EXPECT_EQ(set("PATCH", "/printers",
                R"({"settings": {"web_hook_url": "https://192.0.2.1/"}, "own_password": "a guess at it"})"),
            "403 refused: your own password is wrong");
}

TEST_F(WebSiteTest, AnUnlockedScreenMakesNoSecondAdministrator) {
  const Browser root = sign_in("root");
  const std::string missing = "400 invalid: this needs your own password once more, as own_password";
  EXPECT_EQ(change(root, R"({"role": "administrator"})"), missing);
  EXPECT_EQ(change(root, R"({"generate_password": true})"), missing);
  EXPECT_EQ(change(root, R"({"password": "another horse entirely"})"), missing);
  EXPECT_EQ(change(root, "{}"), "") << "what changes nothing needs none";
  const auto add = [&](std::string_view own) {
    const std::string body = R"({"name": "eve", "role": "administrator")" + std::string(own) + "}";
    return site_.handle(as(root, request("POST", "/api/v1/users", body)));
  };
  EXPECT_EQ(problem_of(add("")), missing);
  EXPECT_EQ(problem_of(add(R"(, "own_password": "a guess at it")")), "403 refused: your own password is wrong");
  // Guessing is as slow as at the door, also with what would be right.
  const http::Response locked = add(R"(, "own_password": "correct horse battery")");
  EXPECT_EQ(locked.status, 429U);
  EXPECT_EQ(locked.header("Retry-After"), "1");
  EXPECT_FALSE(ledger_.contents().users.contains("eve"));
  EXPECT_EQ(ledger_.contents().users.at("oskar").role, hub::Role::operator_);

  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(add(R"(, "own_password": "correct horse battery")").status, 201U);
  EXPECT_EQ(change(root, R"({"role": "auditor", "own_password": "correct horse battery"})"), "");
  EXPECT_EQ(ledger_.contents().users.at("oskar").role, hub::Role::auditor);
}

TEST_F(WebSiteTest, WhoMayUseTheUnixSocketIsAskedForNoPassword) {
  EXPECT_EQ(send("POST", "/v1/users", R"({"name": "eve", "role": "administrator"})").status, 201U);
  EXPECT_EQ(send("PATCH", "/v1/users/eve", R"({"role": "auditor", "generate_password": true})").status, 200U);
  EXPECT_EQ(send("PATCH", "/v1/users/eve", R"({"disabled": true})").status, 200U);
  EXPECT_EQ(send("DELETE", "/v1/users/eve").status, 204U);
}

}  // namespace
}  // namespace chancery::api
