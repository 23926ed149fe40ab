#include "agent/scep_client.h"

#include <gtest/gtest.h>

#include "agent/fake_authority_testing.h"
#include "agent/retrying_transport.h"

namespace chancery::agent {
namespace {

// Answers with what the test says, in order, the last one for ever.
class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::vector<Result<TransportReply>> answers) : answers_(std::move(answers)) {}
  int calls = 0;
  Result<TransportReply> get(std::string_view, std::string_view) override { return next(); }
  Result<TransportReply> post(ByteView) override { return next(); }

 private:
  Result<TransportReply> next() {
    const auto index = std::min(static_cast<std::size_t>(calls++), answers_.size() - 1);
    return answers_[index];
  }
  std::vector<Result<TransportReply>> answers_;
};

Result<TransportReply> text_reply(unsigned status, std::string_view text) {
  return TransportReply{.status = status, .body = to_bytes(as_bytes(text))};
}

TEST(Capabilities, AreNoneWithAServerThatDoesNotKnowTheQuestionAndAnErrorWithOneInTrouble) {
  const struct {
    unsigned status;
    const char* error;  // nothing: no capabilities
  } rows[] = {
      {404, nullptr},
      {400, nullptr},
      {501, nullptr},
      {500, "GetCACaps: the server answered with HTTP status 500"},
      {503, "GetCACaps: the server answered with HTTP status 503"},
      {429, "GetCACaps: the server answered with HTTP status 429"},
  };
  for (const auto& row : rows) {
    ScriptedTransport transport({text_reply(row.status, "")});
    testing::FakeRandom random;
    ScepClient client(transport, random, {});
    const auto capabilities = client.capabilities();
    if (row.error == nullptr) {
      ASSERT_TRUE(capabilities) << row.status;
      EXPECT_FALSE(capabilities->aes || capabilities->post || capabilities->sha256);
      continue;
    }
    ASSERT_FALSE(capabilities) << row.status;
    EXPECT_EQ(capabilities.error().text(), row.error);
    EXPECT_EQ(capabilities.error().code(), ErrorCode::unavailable);
  }
}

TEST(Capabilities, WithoutSCEPStandardStopAClientThatAsksForIt) {
  ScriptedTransport transport({text_reply(200, "AES\nSHA-256\nPOSTPKIOperation\n")});
  testing::FakeRandom random;
  ScepClient client(transport, random, {.require_standard = true});
  const auto capabilities = client.capabilities();
  ASSERT_FALSE(capabilities);
  EXPECT_EQ(capabilities.error().code(), ErrorCode::refused);
  EXPECT_TRUE(capabilities.error().text().starts_with("the server does not say SCEPStandard"));
}

TEST(CaCertificates, ThatAreNoneSayWhatCameInstead) {
  const struct {
    const char* name;
    Result<TransportReply> reply;
    const char* error;
  } rows[] = {
      {"not found", text_reply(404, "no such endpoint\n"),
       "GetCACert: the server answered with HTTP status 404 ('no such endpoint'): check the URL"},
      {"a page that says so", text_reply(404, "<html>gone"),
       "GetCACert: the server answered with HTTP status 404: check the URL"},
      {"control characters", text_reply(403, "\x1b[31mred"), "GetCACert: the server answered with HTTP status 403"},
      {"moved", text_reply(302, ""),
       "GetCACert: the server answered with HTTP status 302: redirects are not followed, give the URL where it leads"},
      {"a web page", text_reply(200, "\n<!DOCTYPE html>"), "GetCACert: the server sent a web page: check the URL"},
  };
  for (const auto& row : rows) {
    ScriptedTransport transport({row.reply});
    testing::FakeRandom random;
    ScepClient client(transport, random, {});
    const auto certificates = client.ca_certificates();
    ASSERT_FALSE(certificates) << row.name;
    EXPECT_EQ(certificates.error().text(), row.error) << row.name;
  }
}

TEST(CaCertificates, OfTheNextGenerationAreVerifiedAgainstTheCurrentOne) {
  TestDevice device;
  ScepClient client(device.server, device.random, {});
  EXPECT_EQ(client.next_ca_certificates({device.server.ra.certificate})->size(), 3U);
  EXPECT_FALSE(client.next_ca_certificates({test_party("client").certificate}));
}

TEST(RetryingTransport, TriesAgainEverMoreSlowlyAndABoundedNumberOfTimes) {
  const std::unexpected<Error> nobody = unavailable("nobody answers");
  const struct {
    const char* name;
    std::vector<Result<TransportReply>> answers;
    int calls;
    Seconds waited;
  } rows[] = {
      {"an answer", {text_reply(200, "")}, 1, Seconds(0)},
      {"a refusal", {text_reply(404, "")}, 1, Seconds(0)},
      {"an operation not known", {text_reply(501, "")}, 1, Seconds(0)},
      {"TLS that is not trusted", {refused("not trusted")}, 1, Seconds(0)},
      {"nobody at first", {nobody, nobody, text_reply(200, "")}, 3, Seconds(1 + 2)},
      {"trouble at first", {text_reply(503, ""), text_reply(200, "")}, 2, Seconds(1)},
      {"busy for long",
       {TransportReply{.status = 503, .body = {}, .retry_after = Seconds(9)}, text_reply(200, "")},
       2,
       Seconds(9)},
      {"busy for a day",
       {TransportReply{.status = 429, .body = {}, .retry_after = Seconds(86400)}, text_reply(200, "")},
       2,
       Seconds(30)},
      {"nobody ever", {nobody}, 4, Seconds(1 + 2 + 4)},
  };
  for (const auto& row : rows) {
    ScriptedTransport script(row.answers);
    testing::FakeClock clock;
    NullLog log;
    const Timestamp start = clock.now();
    RetryingTransport transport(script, clock, log);
    (void)transport.post({});
    EXPECT_EQ(script.calls, row.calls) << row.name;
    EXPECT_EQ(clock.now() - start, row.waited) << row.name;
  }
}

}  // namespace
}  // namespace chancery::agent
