#include "device/health_check.h"

#include <gtest/gtest.h>

namespace chancery::device {
namespace {

TEST(HealthCheck, IsReadFromText) {
  EXPECT_EQ(health_check_from_text("none").value(), HealthCheck(NoHealthCheck{}));
  EXPECT_EQ(health_check_from_text("tls:localhost:443").value(),
            HealthCheck(TlsTarget{.host = "localhost", .port = 443, .server_name = ""}));
  EXPECT_EQ(health_check_from_text("tls:[::1]:8443:site.example").value(),
            HealthCheck(TlsTarget{.host = "::1", .port = 8443, .server_name = "site.example"}));
  EXPECT_EQ(health_check_from_text("command:  /bin/check  -v x ").value(),
            HealthCheck(HealthCommand{.arguments = {"/bin/check", "-v", "x"}}));
}

TEST(HealthCheck, ThatIsNoneIsRefused) {
  const std::string target = "expected tls:HOST:PORT or tls:HOST:PORT:NAME, found ";
  const struct {
    std::string text;
    std::string expect;
  } rows[] = {
      {"tls:localhost", target + "'tls:localhost'"},
      {"tls::443", target + "'tls::443'"},
      {"tls:localhost:0", target + "'tls:localhost:0'"},
      {"tls:localhost:65536", target + "'tls:localhost:65536'"},
      {"tls:localhost:443x", target + "'tls:localhost:443x'"},
      {"tls:local host:443", target + "'tls:local host:443'"},
      {"tls:localhost:443:", target + "'tls:localhost:443:'"},
      {"tls:localhost:443:a:b", target + "'tls:localhost:443:a:b'"},
      {"tls:[::1:443", target + "'tls:[::1:443'"},
      {"command: nginx -t", "expected 'command: ' and the path of a program from / on, found 'command: nginx -t'"},
      {"command:", "expected 'command: ' and the path of a program from / on, found 'command:'"},
      {"http://localhost",
       "expected 'none', 'tls:HOST:PORT' or 'command: PROGRAM ARGUMENT…', found 'http://localhost'"},
  };
  for (const auto& row : rows) {
    const auto check = health_check_from_text(row.text);
    ASSERT_FALSE(check) << row.text;
    EXPECT_EQ(check.error().text(), row.expect);
  }
}

}  // namespace
}  // namespace chancery::device
