#include "device/http_transport.h"

#include <gtest/gtest.h>

#include "http/server.h"
#include "testing/fakes.h"

namespace chancery::device {
namespace {

http::Response mirror(const http::Request& request) {
  http::Response response{.status = 503, .content_type = "text/plain", .headers = {{"Retry-After", "7"}}};
  append(response.body, as_bytes(request.method + " " + request.target + " "));
  append(response.body, as_bytes(std::string(request.header("Content-Type")) + " "));
  append(response.body, as_bytes(std::string(request.header("Content-Length")) + " "));
  append(response.body, request.body);
  return response;
}

TEST(HttpTransport, AsksAsTheProtocolSaysAndGivesEveryAnswer) {
  SystemClock clock;
  NullLog log;
  const auto server =
      http::Server::start({{.options = {.address = "127.0.0.1:0"}, .handler = mirror}}, {.workers = 1}, clock, log)
          .value();
  HttpTransport transport("http://" + server->addresses().at(0) + "/scep/x", {});
  const auto plain = transport.get("GetCACert", {});
  ASSERT_TRUE(plain) << plain.error().text();
  EXPECT_EQ(plain->status, 503U);
  EXPECT_EQ(plain->retry_after, Seconds(7));
  EXPECT_EQ(as_text(plain->body), "GET /scep/x?operation=GetCACert   ");
  const auto with_message = transport.get("PKIOperation", "MII%2B");
  EXPECT_EQ(as_text(with_message->body), "GET /scep/x?operation=PKIOperation&message=MII%2B   ");
  const auto posted = transport.post(as_bytes("abc"));
  EXPECT_EQ(as_text(posted->body), "POST /scep/x?operation=PKIOperation application/x-pki-message 3 abc");
  server->stop();
  EXPECT_EQ(transport.get("GetCACert", {}).error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace chancery::device
