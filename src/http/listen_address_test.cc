#include "http/listen_address.h"

#include <gtest/gtest.h>

namespace chancery::http {
namespace {

TEST(ListenAddress, IsReadFromText) {
  const auto four = parse_listen_address("0.0.0.0:8080").value();
  EXPECT_EQ(four.host, "0.0.0.0");
  EXPECT_EQ(four.port, 8080);
  EXPECT_FALSE(four.ipv6);
  const auto six = parse_listen_address("[::1]:0").value();
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.port, 0);
  EXPECT_TRUE(six.ipv6);
  EXPECT_EQ(parse_listen_address("unix:/run/chancery/admin.sock").value().unix_path, "/run/chancery/admin.sock");
}

TEST(ListenAddress, SaysWhatIsWrong) {
  const struct {
    std::string text;
    const char* expect;
  } rows[] = {
      {"", "there is no port"},
      {"127.0.0.1", "there is no port"},
      {"127.0.0.1:", "the port is not a number from 0 to 65535"},
      {"127.0.0.1:65536", "the port is not a number from 0 to 65535"},
      {"127.0.0.1:-1", "the port is not a number from 0 to 65535"},
      {"127.0.0.1:80x", "the port is not a number from 0 to 65535"},
      {"localhost:80", "the host is not a numeric address such as 0.0.0.0 or [::]"},
      {":80", "the host is not a numeric address such as 0.0.0.0 or [::]"},
      {"::1:80", "the host is not a numeric address such as 0.0.0.0 or [::]"},
      {"[127.0.0.1]:80", "the host is not a numeric address such as 0.0.0.0 or [::]"},
      {"unix:relative", "the path must begin with /"},
      {"unix:/" + std::string(108, 'a'), "the path is too long for a socket"},
  };
  for (const auto& row : rows) {
    const auto address = parse_listen_address(row.text);
    ASSERT_FALSE(address) << row.text;
    EXPECT_EQ(address.error().text(), "listen address '" + row.text + "': " + row.expect);
  }
}

}  // namespace
}  // namespace chancery::http
