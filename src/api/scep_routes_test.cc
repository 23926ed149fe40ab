#include "api/scep_routes.h"

#include <gmock/gmock.h>

#include "api/hub_testing.h"
#include "scep/get_message.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;

class ScepRoutesTest : public example::HubTest {
 protected:
  ScepRoutesTest() {
    add_endpoint("printers", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
    add_endpoint("closed", {{"authorisers", "manual"}, {"enabled", "false"}});
  }

  http::Response ask(std::string_view method, std::string_view target, ByteView body = {},
                     std::vector<http::Header> headers = {}) {
    auto response = routes_.handle({.method = std::string(method),
                                    .target = std::string(target),
                                    .headers = std::move(headers),
                                    .body = to_bytes(body),
                                    .remote_address = "192.0.2.7"});
    if (!response) return {.status = 0};
    return *std::move(response);
  }

  ScepRoutes routes_{scep_, {.pkiclient = "printers", .mscep = ""}};
};

TEST_F(ScepRoutesTest, AnswersEveryWayInWhichClientsWriteTheUrl) {
  const struct {
    const char* name;
    const char* method;
    const char* target;
    unsigned status;
    const char* content_type;
  } rows[] = {
      {"capabilities", "GET", "/scep/printers?operation=GetCACaps", 200, "text/plain"},
      {"capabilities by HEAD", "HEAD", "/scep/printers?operation=GetCACaps", 200, "text/plain"},
      {"an absolute target", "GET", "http://pki.example/scep/printers?operation=GetCACaps", 200, "text/plain"},
      {"a message on GetCACaps, as certmonger sends", "GET", "/scep/printers?operation=GetCACaps&message=0", 200,
       "text/plain"},
      {"the message first", "GET", "/scep/printers?message=ca&operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"certificates", "GET", "/scep/printers?operation=GetCACert", 200, "application/x-x509-ca-ra-cert"},
      {"something behind the endpoint", "GET", "/scep/printers/pkiclient.exe?operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"a slash behind the endpoint", "GET", "/scep/printers/?operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"the server's port behind the endpoint", "GET", "/scep/printers:8081/pkiclient.exe?operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"the server's port and nothing more", "GET", "/scep/printers:8081?operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"two slashes first", "GET", "//scep/printers?operation=GetCACert", 200, "application/x-x509-ca-ra-cert"},
      {"many slashes, and an alias", "GET", "////cgi-bin/pkiclient.exe?operation=GetCACert", 200,
       "application/x-x509-ca-ra-cert"},
      {"nothing but slashes", "GET", "//", 0, ""},
      {"slashes and an unknown endpoint", "GET", "//scep/phones:80?operation=GetCACert", 404,
       "text/plain; charset=utf-8"},
      {"an alias", "GET", "/cgi-bin/pkiclient.exe?operation=GetCACert", 200, "application/x-x509-ca-ra-cert"},
      {"an alias that is switched off", "GET", "/certsrv/mscep/mscep.dll?operation=GetCACert", 0, ""},
      {"no rollover is planned", "GET", "/scep/printers?operation=GetNextCACert", 404, "text/plain; charset=utf-8"},
      {"an unknown endpoint", "GET", "/scep/phones?operation=GetCACert", 404, "text/plain; charset=utf-8"},
      {"an endpoint that is switched off", "GET", "/scep/closed?operation=GetCACert", 404, "text/plain; charset=utf-8"},
      {"no endpoint", "GET", "/scep/?operation=GetCACert", 404, "text/plain; charset=utf-8"},
      {"no operation", "GET", "/scep/printers", 400, "text/plain; charset=utf-8"},
      {"an unknown operation", "GET", "/scep/printers?operation=GetCRL", 400, "text/plain; charset=utf-8"},
      {"an operation in other case", "GET", "/scep/printers?operation=getcacert", 400, "text/plain; charset=utf-8"},
      {"PKIOperation without message", "GET", "/scep/printers?operation=PKIOperation", 400,
       "text/plain; charset=utf-8"},
      {"PKIOperation with an empty message", "GET", "/scep/printers?operation=PKIOperation&message=", 400,
       "text/plain; charset=utf-8"},
      {"a message that is not base64", "GET", "/scep/printers?operation=PKIOperation&message=%21", 400,
       "text/plain; charset=utf-8"},
      {"a message that is not CMS", "GET", "/scep/printers?operation=PKIOperation&message=AAAA", 400,
       "text/plain; charset=utf-8"},
      {"an empty POST", "POST", "/scep/printers?operation=PKIOperation", 400, "text/plain; charset=utf-8"},
      {"another method", "PUT", "/scep/printers?operation=PKIOperation", 405, "text/plain; charset=utf-8"},
      {"another path", "GET", "/scepter?operation=GetCACert", 0, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const http::Response response = ask(row.method, row.target);
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(response.content_type, row.content_type);
  }
}

TEST_F(ScepRoutesTest, ReadsEveryFormInWhichClientsSendAMessage) {
  const Bytes message = enrolment("printer-7.example");
  const std::string base64 = to_base64(message);
  std::string lines, broken, without_padding = base64;
  for (std::size_t i = 0; i < base64.size(); i += 64) {
    lines += base64.substr(i, 64) + "%0A";
    broken += base64.substr(i, 64) + "%0D%0A";
  }
  while (without_padding.ends_with('=')) without_padding.pop_back();
  const std::string get = "/scep/printers?operation=PKIOperation&message=";
  const struct {
    std::string name, method, target;
    ByteView body;
    std::vector<http::Header> headers;
  } rows[] = {
      {"escaped", "GET", get + scep::encode_get_message(message), {}, {}},
      {"with '+', '/' and '=' as they are", "GET", get + base64, {}, {}},
      {"with line feeds", "GET", get + lines, {}, {}},
      {"with line breaks of mail", "GET", get + broken, {}, {}},
      {"base64url without padding", "GET", get + to_base64url(message), {}, {}},
      {"without padding", "GET", get + without_padding, {}, {}},
      {"with another parameter behind", "GET", get + base64 + "&x=1", {}, {}},
      {"POST",
       "POST",
       "/scep/printers?operation=PKIOperation",
       message,
       {{"Content-Type", "application/x-pki-message"}}},
      {"POST without operation", "POST", "/scep/printers", message, {}},
      {"POST with another operation", "POST", "/scep/printers?operation=GetCACert", message, {}},
      {"POST with a message in the URL, too", "POST", "/scep/printers?operation=PKIOperation&message=x", message, {}},
      {"POST of another type", "POST", "/scep/printers", message, {{"Content-Type", "application/octet-stream"}}},
      {"POST like a form", "POST", "/scep/printers", message, {{"Content-Type", "application/x-www-form-urlencoded"}}},
      {"POST to an alias", "POST", "/cgi-bin/pkiclient.exe", message, {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const http::Response response = ask(row.method, row.target, row.body, row.headers);
    ASSERT_EQ(response.status, 200U) << as_text(response.body);
    EXPECT_EQ(response.content_type, "application/x-pki-message");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    const auto reply = scep::PkiMessage::parse(response.body);
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_EQ(reply->transaction_id().to_text(), "transaction-1");
    ASSERT_TRUE(reply->status());
    EXPECT_EQ(*reply->status(), scep::PkiStatus::pending);
  }
  // All of them were one and the same request.
  EXPECT_EQ(ledger_.contents().transactions.size(), 1U);
  EXPECT_EQ(ledger_.contents().transactions.begin()->second.source, "192.0.2.7");
}

TEST_F(ScepRoutesTest, TellsWhichMethodsThereAre) {
  EXPECT_EQ(ask("DELETE", "/scep/printers").header("Allow"), "GET, HEAD, POST");
}

TEST_F(ScepRoutesTest, TellsADeviceToComeBackWhenTheDiskIsFull) {
  ledger_.fail_after(0);
  const http::Response response = ask("POST", "/scep/printers", enrolment("printer-7.example"));
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(response.header("Retry-After"), "10");
  EXPECT_THAT(std::string(as_text(response.body)), HasSubstr("Try again later"));
}

}  // namespace
}  // namespace chancery::api
