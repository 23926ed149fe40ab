#include "api/device_site.h"

#include <gmock/gmock.h>

#include "api/device_page.h"
#include "api/html_text.h"
#include "api/hub_testing.h"
#include "pki/algorithms.h"
#include "pki/bundle.h"
#include "pki/signed_data.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DeviceSiteTest : public example::HubTest {
 protected:
  DeviceSiteTest() {
    add_endpoint("printers", {{"authorisers", "challenge"}});
    add_endpoint("windows", {{"preset", "windows"}, {"authorisers", "manual"}});
    add_endpoint("closed", {{"authorisers", "manual"}, {"enabled", "false"}});
  }

  http::Response ask(std::string_view method, std::string_view target, std::vector<http::Header> headers = {}) {
    return site_.handle({.method = std::string(method),
                         .target = std::string(target),
                         .headers = std::move(headers),
                         .remote_address = "192.0.2.7"});
  }
  std::string page() { return std::string(as_text(ask("GET", "/").body)); }

  DeviceSite site_{
      context_, scep_, {.base_url = "http://pki.example:8080", .aliases = {.pkiclient = "printers", .mscep = ""}}};
};

TEST_F(DeviceSiteTest, GivesEachAddressItsStatusAndType) {
  const struct {
    const char* method;
    const char* target;
    unsigned status;
    const char* content_type;
  } rows[] = {
      {"GET", "/", 200, "text/html; charset=utf-8"},
      {"HEAD", "/", 200, "text/html; charset=utf-8"},
      {"GET", "/?a=b", 200, "text/html; charset=utf-8"},
      {"POST", "/", 405, "text/plain; charset=utf-8"},
      {"GET", "/ca/root.crt", 200, "application/x-x509-ca-cert"},
      {"GET", "/ca/root.pem", 200, "application/x-pem-file"},
      {"GET", "/ca/root.p7b", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/root", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/issuing-1.crt", 200, "application/x-x509-ca-cert"},
      {"GET", "/ca/issuing-1.pem", 200, "application/x-pem-file"},
      {"GET", "/ca/issuing-01.crt", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/issuing-2.crt", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/issuing-.crt", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/issuing-99999999999999999999.crt", 404, "text/plain; charset=utf-8"},
      {"GET", "/ca/chain.p7b", 200, "application/x-pkcs7-certificates"},
      {"GET", "/ca/chain.pem", 200, "application/x-pem-file"},
      {"GET", "/ca/chain.crt", 404, "text/plain; charset=utf-8"},
      {"DELETE", "/ca/root.crt", 405, "text/plain; charset=utf-8"},
      {"GET", "/crl/1.crl", 200, "application/pkix-crl"},
      {"GET", "/crl/root.crl", 200, "application/pkix-crl"},
      {"GET", "/crl/0.crl", 404, "text/plain; charset=utf-8"},
      {"GET", "/crl/-1.crl", 404, "text/plain; charset=utf-8"},
      {"GET", "/crl/2.crl", 404, "text/plain; charset=utf-8"},
      {"GET", "/crl/1", 404, "text/plain; charset=utf-8"},
      {"GET", "/healthz", 200, "text/plain; charset=utf-8"},
      {"GET", "/readyz", 200, "text/plain; charset=utf-8"},
      {"POST", "/readyz", 405, "text/plain; charset=utf-8"},
      {"GET", "/scep/printers?operation=GetCACaps", 200, "text/plain"},
      {"GET", "/metrics", 404, "text/plain; charset=utf-8"},
      {"GET", "/v1/status", 404, "text/plain; charset=utf-8"},
      {"GET", "/../etc/passwd", 404, "text/plain; charset=utf-8"},
      {"POST", "/nothing", 404, "text/plain; charset=utf-8"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.method) + " " + row.target);
    const http::Response response = ask(row.method, row.target);
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(response.content_type, row.content_type);
    EXPECT_EQ(response.header("Allow"), row.status == 405 ? "GET, HEAD" : "");
  }
}

TEST_F(DeviceSiteTest, GivesTheCertificatesThemselves) {
  const example::AuthorityKeys& keys = example::AuthorityKeys::get();
  EXPECT_EQ(ask("GET", "/ca/root.crt").body, to_bytes(keys.root.der()));
  EXPECT_EQ(as_text(ask("GET", "/ca/issuing-1.pem").body), keys.issuing.to_pem());
  EXPECT_EQ(as_text(ask("GET", "/ca/chain.pem").body), keys.issuing.to_pem() + keys.root.to_pem());
  const auto bundle = pki::read_bundle(ask("GET", "/ca/chain.p7b").body);
  ASSERT_TRUE(bundle);
  ASSERT_EQ(bundle->certificates.size(), 2U);
  EXPECT_EQ(bundle->certificates[0], to_bytes(keys.issuing.der()));
  EXPECT_EQ(bundle->certificates[1], to_bytes(keys.root.der()));
}

TEST_F(DeviceSiteTest, GivesTheLatestCrl) {
  ASSERT_TRUE(crls_.publish(1));
  const http::Response response = ask("GET", "/crl/1.crl");
  const auto crl = pki::Crl::from_der(response.body);
  ASSERT_TRUE(crl);
  EXPECT_EQ(crl->number(), 2U);
  EXPECT_EQ(response.header("Cache-Control"), "public, max-age=300");
  clock_.set(*crl->next_update() - Seconds(7));
  EXPECT_EQ(ask("GET", "/crl/1.crl").header("Cache-Control"), "public, max-age=7");
}

TEST_F(DeviceSiteTest, SparesABrowserWhatItHasAlready) {
  for (const char* target : {"/", "/ca/root.crt", "/crl/1.crl"}) {
    SCOPED_TRACE(target);
    const std::string tag(ask("GET", target).header("ETag"));
    ASSERT_EQ(tag.size(), 34U);
    const http::Response again = ask("GET", target, {{"If-None-Match", "\"other\", W/" + tag}});
    EXPECT_EQ(again.status, 304U);
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(again.header("ETag"), tag);
    EXPECT_EQ(ask("GET", target, {{"If-None-Match", "\"other\""}}).status, 200U);
  }
}

TEST_F(DeviceSiteTest, ShowsWhatAPersonInFrontOfADeviceNeeds) {
  const example::AuthorityKeys& keys = example::AuthorityKeys::get();
  std::string html = page();
  for (std::size_t at = 0; (at = html.find("<wbr>", at)) != std::string::npos;) html.erase(at, 5);
  for (const std::string& text : {
           to_colon_hex(keys.root.fingerprint()),
           to_colon_hex(keys.issuing.fingerprint()),
           to_colon_hex(pki::hash(pki::Digest::sha1, keys.root.der())),
           std::string("rsa:2048"),
           std::string("2025-12-31 23:00 UTC to 2045-12-27 00:00 UTC"),
           std::string("href=\"/ca/issuing-1.pem\""),
           std::string("href=\"/ca/root.crt\""),
           std::string("href=\"/crl/1.crl\""),
           std::string("href=\"/crl/root.crl\""),
           std::string("http://pki.example:8080/scep/printers"),
           std::string("http://pki.example:8080/cgi-bin/pkiclient.exe"),
           std::string("a one-time challenge password"),
           std::string("approval by an administrator"),
           "chancery-agent enroll --url http://pki.example:8080/scep/printers --fingerprint " +
               to_hex(keys.root.fingerprint()),
           std::string("openssl x509 -inform DER -noout -subject -fingerprint -sha256"),
       })
    EXPECT_THAT(html, HasSubstr(text));
  EXPECT_THAT(html, Not(HasSubstr("closed"))) << "an endpoint that is switched off";
}

TEST_F(DeviceSiteTest, HasTheIssuingCaPinnedWhereTheRootIsNotSent) {
  EXPECT_THAT(page(),
              HasSubstr("/scep/windows --fingerprint " + to_hex(example::AuthorityKeys::get().issuing.fingerprint())));
}

TEST_F(DeviceSiteTest, ShowsNamesAsTextAndNotAsHtml) {
  // The authority is called "Example & Sons".
  EXPECT_THAT(page(), HasSubstr("O=Example &amp; Sons"));
  EXPECT_THAT(page(), Not(HasSubstr("Example & Sons")));
  EXPECT_EQ(escape_html("<b a=\"'\">&\n\x01\x7f"), "&lt;b a=&quot;&#39;&quot;&gt;&amp;\n\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_F(DeviceSiteTest, AllowsItsOwnStyleSheetAndNothingElse) {
  const http::Response response = ask("GET", "/");
  const std::string html(as_text(response.body));
  const std::size_t begin = html.find("<style>") + 7;
  const std::string style = html.substr(begin, html.find("</style>") - begin);
  EXPECT_EQ(response.header("Content-Security-Policy"),
            "default-src 'none'; style-src 'sha256-" + to_base64(pki::hash(pki::Digest::sha256, as_bytes(style))) +
                "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("style=\"")));
  EXPECT_THAT(html, Not(HasSubstr(" src=")));
}

TEST_F(DeviceSiteTest, SaysWhereThingsAreWhenNothingIsThere) {
  EXPECT_THAT(std::string(as_text(ask("GET", "/favicon.ico").body)), HasSubstr("/ca/root.crt"));
}

TEST_F(DeviceSiteTest, ShowsEveryGenerationDuringARollover) {
  ASSERT_TRUE(rollover_.announce({pki::KeyFamily::ec, 256}, caller_));
  EXPECT_THAT(page(), HasSubstr("announced, will take over"));
  EXPECT_EQ(ask("GET", "/ca/issuing-2.crt").body, to_bytes(keyring_.find(2)->keys().issuing.der()));
  EXPECT_EQ(ask("GET", "/crl/2.crl").status, 200U);
  // RFC 8894 section 4.7.1: the CA that is to go signs for the next one.
  const auto next = pki::SignedData::parse(scep_.next_ca_certificates("printers").value()).value();
  EXPECT_TRUE(next.verify(keyring_.find(1)->keys().issuing.public_key().value()));
  ASSERT_TRUE(rollover_.activate(caller_));
  EXPECT_THAT(page(), HasSubstr("issues no more"));
  EXPECT_EQ(
      as_text(ask("GET", "/ca/chain.pem").body),
      keyring_.find(2)->keys().issuing.to_pem() + keyring_.find(1)->keys().issuing.to_pem() + keyring_.root().to_pem());
}

TEST_F(DeviceSiteTest, IsNotReadyWithAnExpiredCrlOrADiskThatCannotBeWritten) {
  ledger_.fail_after(0);
  http::Response response = ask("GET", "/readyz");
  EXPECT_EQ(response.status, 503U);
  EXPECT_THAT(std::string(as_text(response.body)), HasSubstr("writing the ledger: "));
  EXPECT_EQ(ask("GET", "/healthz").status, 200U);
  EXPECT_EQ(ask("GET", "/").status, 200U);
  ledger_.recover();
  EXPECT_EQ(ask("GET", "/readyz").status, 200U);
  clock_.advance(std::chrono::days(7));
  response = ask("GET", "/readyz");
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(as_text(response.body), "the CRL of generation 1 expired at 2026-01-08T00:00:00Z\n");
}

}  // namespace
}  // namespace chancery::api
