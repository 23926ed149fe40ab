#include "http/response_head.h"

#include <gtest/gtest.h>

namespace chancery::http {
namespace {

TEST(ResponseHead, HasLengthTypeAndDate) {
  const Response response{.status = 200, .content_type = "text/plain", .body = Bytes(5), .headers = {{"X-A", "b"}}};
  EXPECT_EQ(response_head(response, {.version = 11, .keep_alive = true, .date = "D"}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nX-A: b\r\n\r\n");
}

TEST(ResponseHead, SaysWhatIsNotTheDefaultOfTheVersion) {
  const auto says = [](unsigned version, bool keep_alive) {
    const auto head = response_head({}, {.version = version, .keep_alive = keep_alive});
    const auto at = head.find("Connection: ");
    return head.substr(0, 9) + (at == std::string::npos ? "" : head.substr(at + 12, head.find('\r', at) - at - 12));
  };
  EXPECT_EQ(says(11, true), "HTTP/1.1 ");
  EXPECT_EQ(says(11, false), "HTTP/1.1 close");
  EXPECT_EQ(says(10, true), "HTTP/1.0 keep-alive");
  EXPECT_EQ(says(10, false), "HTTP/1.0 close");
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  for (const unsigned status : {204U, 304U})
    EXPECT_EQ(response_head({.status = status}, {}).find("Content-Length"), std::string::npos) << status;
  EXPECT_NE(response_head({.status = 200}, {}).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(ResponseHead, DoesNotLetAValueBeginAnotherHeader) {
  const Response response{.headers = {{"Location", "/a\r\nSet-Cookie: b"}}};
  EXPECT_NE(response_head(response, {}).find("Location: /a  Set-Cookie: b\r\n"), std::string::npos);
}

TEST(ImfFixdate, IsTheExampleOfTheRfc) {
  EXPECT_EQ(imf_fixdate(from_rfc3339("1994-11-06T08:49:37Z").value()), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace chancery::http
