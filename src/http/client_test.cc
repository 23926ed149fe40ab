#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/raw_peer_testing.h"
#include "http/server.h"
#include "testing/fakes.h"

namespace chancery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Answers with the request as text, so that a test sees what came over the wire.
Response mirror(const Request& request) {
  std::string text = request.method + " " + request.target + " HTTP/1." + std::to_string(request.version % 10) + "\n";
  for (const Header& header : request.headers)
    if (header.name != "Host") text += header.name + ": " + header.value + "\n";
  Response response{.status = 201, .content_type = "application/x-mirror", .headers = {{"X-Extra", " a b"}}};
  append(response.body, as_bytes(text + "\n"));
  append(response.body, request.body);
  return response;
}

class ClientTest : public ::testing::Test {
 protected:
  void start(Handler handler) {
    auto server = Server::start({{.options = {.address = "127.0.0.1:0"}, .handler = std::move(handler)}},
                                {.workers = 1}, clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    url_ = "http://" + server_->addresses().at(0);
  }

  SystemClock clock_;
  NullLog log_;
  std::unique_ptr<Server> server_;
  std::string url_;
};

std::string text_of(const Result<Response>& response) {
  return response ? std::string(as_text(response->body)) : "error: " + response.error().text();
}

TEST_F(ClientTest, SendsWhatItIsGivenAndNothingElse) {
  start(mirror);
  Client client({});
  const Bytes body = to_bytes(as_bytes("abc"));
  EXPECT_EQ(text_of(client.send("GET", url_ + "/a/../b?m=1+2/=%0A", {}, {})),
            "GET /a/../b?m=1+2/=%0A HTTP/1.1\nAccept: */*\n\n");
  EXPECT_EQ(text_of(client.send("POST", url_ + "/a", {{"Content-Type", "application/x-pki-message"}}, body)),
            "POST /a HTTP/1.1\nAccept: */*\nContent-Type: application/x-pki-message\nContent-Length: 3\n\nabc");
  EXPECT_EQ(text_of(client.send("POST", url_ + "/a", {}, {})), "POST /a HTTP/1.1\nAccept: */*\nContent-Length: 0\n\n");
  EXPECT_EQ(text_of(client.send("PUT", url_ + "/a", {}, body)),
            "PUT /a HTTP/1.1\nAccept: */*\nContent-Length: 3\n\nabc");
  EXPECT_EQ(text_of(client.send("DELETE", url_ + "/a", {{"X-Empty", ""}}, {})),
            "DELETE /a HTTP/1.1\nAccept: */*\nX-Empty: \nContent-Length: 0\n\n");
  EXPECT_EQ(server_->statistics().connections, 1U);
}

TEST_F(ClientTest, DoesNotWaitForContinueBeforeALargeBody) {
  start(mirror);
  const auto response = Client({}).send("POST", url_ + "/", {}, Bytes(1024 * 1024, 'x'));
  EXPECT_THAT(text_of(response), ::testing::Not(HasSubstr("Expect")));
  EXPECT_THAT(text_of(response), HasSubstr("Content-Length: 1048576\n"));
}

TEST_F(ClientTest, ReturnsStatusTypeHeadersAndBody) {
  start(mirror);
  const auto response = Client({}).send("GET", url_ + "/", {}, {});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201U);
  EXPECT_EQ(response->content_type, "application/x-mirror");
  EXPECT_EQ(response->header("x-extra"), "a b");
}

TEST_F(ClientTest, TakesNoBodyForHead) {
  start(mirror);
  Client client({});
  const auto response = client.send("HEAD", url_ + "/", {}, {});
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_TRUE(response->body.empty());
  EXPECT_EQ(response->header("Content-Length"), "29");
  EXPECT_TRUE(client.send("GET", url_ + "/", {}, {}));
}

TEST_F(ClientTest, SpeaksHttp10AndNamesItselfIfTold) {
  start(mirror);
  Client client({.user_agent = "agent/1", .http_1_0 = true});
  EXPECT_EQ(text_of(client.send("GET", url_ + "/", {}, {})), "GET / HTTP/1.0\nUser-Agent: agent/1\nAccept: */*\n\n");
}

TEST_F(ClientTest, DoesNotFollowRedirects) {
  start([&](const Request&) { return Response{.status = 302, .headers = {{"Location", "file:///etc/passwd"}}}; });
  const auto response = Client({}).send("GET", url_ + "/", {}, {});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302U);
}

TEST_F(ClientTest, RefusesAResponseBeyondItsLimit) {
  start([](const Request& request) { return Response{.body = Bytes(request.target == "/11" ? 11 : 10)}; });
  Client client({.response_limit = 10});
  EXPECT_TRUE(client.send("GET", url_ + "/10", {}, {}));
  const auto long_response = client.send("GET", url_ + "/11", {}, {});
  ASSERT_FALSE(long_response);
  EXPECT_EQ(long_response.error().code(), ErrorCode::invalid);
  EXPECT_EQ(long_response.error().text(), "the response is longer than 10 bytes");
  EXPECT_TRUE(client.send("GET", url_ + "/10", {}, {}));
}

TEST_F(ClientTest, ConnectsAgainWhenTheServerHasGoneAndComeBack) {
  start(mirror);
  Client client({});
  EXPECT_TRUE(client.send("POST", url_ + "/", {}, {}));
  const std::string address = server_->addresses().at(0);
  server_->stop();
  auto again = Server::start({{.options = {.address = address}, .handler = mirror}}, {.workers = 1}, clock_, log_);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(client.send("POST", url_ + "/", {}, {}));
}

TEST_F(ClientTest, SaysWhatWentWrong) {
  start(mirror);
  const std::string address = server_->addresses().at(0);
  const struct {
    const char* name;
    const char* method;
    std::string url;
    std::vector<Header> headers;
    ErrorCode code;
    const char* expect;
  } rows[] = {
      {"file", "GET", "file:///etc/passwd", {}, ErrorCode::invalid, "Protocol \"file\" not supported"},
      {"no URL", "GET", "", {}, ErrorCode::invalid, "URL"},
      {"blank in the URL", "GET", url_ + "/a b", {}, ErrorCode::invalid, "the URL holds a blank"},
      {"line break in the URL", "GET", url_ + "/a\r\nX: y", {}, ErrorCode::invalid, "the URL holds a blank"},
      {"blank in the method", "GE T", url_, {}, ErrorCode::invalid, "the method is not an HTTP token"},
      {"line break in a header",
       "GET",
       url_,
       {{"A", "b\r\nc: d"}},
       ErrorCode::invalid,
       "the header 'A' has a malformed"},
      {"colon in a header's name", "GET", url_, {{"A:", "b"}}, ErrorCode::invalid, "the header 'A:' has a malformed"},
      {"TLS to a server without it", "GET", "https://" + address, {}, ErrorCode::unavailable, "SSL"},
      {"nobody listens", "GET", "http://127.0.0.1:1/", {}, ErrorCode::unavailable, "connect"},
  };
  Client client({});
  for (const auto& row : rows) {
    const auto response = client.send(row.method, row.url, row.headers, {});
    ASSERT_FALSE(response) << row.name;
    EXPECT_EQ(response.error().code(), row.code) << row.name;
    EXPECT_THAT(response.error().text(), HasSubstr(row.expect)) << row.name;
  }
}

TEST_F(ClientTest, DoesNotWaitForEverForAnAnswer) {
  // Accepted by the kernel, and never answered.
  const int silent = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof at;
  ASSERT_EQ(bind(silent, reinterpret_cast<const sockaddr*>(&at), size), 0);
  ASSERT_EQ(listen(silent, 1), 0);
  ASSERT_EQ(getsockname(silent, reinterpret_cast<sockaddr*>(&at), &size), 0);
  const auto response =
      Client({.timeout = 50ms}).send("GET", "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/", {}, {});
  close(silent);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(response.error().text(), HasSubstr("timed out"));
}

TEST_F(ClientTest, IsStoppedFromAnotherThread) {
  // Whoever stops it knows that it has been sent, and need not know whether it waits already.
  std::stop_source source;
  std::vector<Reply> held;
  auto server = Server::start({{.options = {.address = "127.0.0.1:0"},
                                .deferring_handler =
                                    [&](const Request&, Reply reply) {
                                      held.push_back(std::move(reply));
                                      source.request_stop();
                                    }}},
                              {.workers = 1}, clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  const std::string url = "http://" + (*server)->addresses().at(0) + "/";
  Client client({.timeout = 0ms});
  // The second time it is stopped before it begins.
  for (int i = 0; i < 2; ++i) {
    const auto response = client.send("GET", url, {}, {}, source.get_token());
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(response.error().text(), "the request was cancelled");
  }
  EXPECT_EQ((*server)->statistics().requests, 1U);
  start(mirror);
  EXPECT_TRUE(client.send("GET", url_, {}, {}));
}

}  // namespace
}  // namespace chancery::http
