#include "connectors/http_web_hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <mutex>

#include "files/file.h"
#include "http/server.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::connectors {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Verdict = hub::WebHookAnswer::Verdict;

class HttpWebHookTest : public ::testing::Test {
 protected:
  HttpWebHookTest() {
    auto server = http::Server::start({{.options = {.address = "127.0.0.1:0"},
                                        .handler =
                                            [this](const http::Request& request) {
                                              const std::scoped_lock lock(mutex_);
                                              asked_ = request;
                                              return answer_;
                                            }}},
                                      {.workers = 2}, clock_, log_);
    if (!server) ADD_FAILURE() << server.error().text();
    server_ = *std::move(server);
    url_ = "http://" + server_->addresses().at(0) + "/hook";
  }

  Result<hub::WebHookAnswer> ask(const SecretBytes& challenge, const std::string& token_file = "") {
    return hook_.ask({.url = url_,
                      .token_file = token_file,
                      .endpoint = "printers",
                      .source = "192.0.2.7",
                      .transaction_id = "abc\"\\",
                      .subject = "CN=printer-7",
                      .alternative_names = {"dns:printer-7.example", "ip:192.0.2.7"},
                      .key_type = "rsa:2048",
                      .key_fingerprint = "00ff",
                      .challenge = challenge,
                      .request_der = request_});
  }
  Result<hub::WebHookAnswer> ask() { return ask(SecretBytes::copy_of("secret")); }
  void answer(unsigned status, std::string_view body) {
    answer_ = {.status = status, .content_type = "application/json", .body = to_bytes(as_bytes(body))};
  }

  SystemClock clock_;
  testing::RecordingLog log_;
  std::mutex mutex_;
  http::Request asked_;
  http::Response answer_;
  std::unique_ptr<http::Server> server_;
  std::string url_;
  Bytes request_ = {0x30, 0x03, 0x02, 0x01, 0x00};
  HttpWebHook hook_{[](const std::string& path) { return files::read_secret_file(path, files::Privacy::owner_only); }};
};

TEST_F(HttpWebHookTest, SendsTheWholeQuestion) {
  answer(200, R"({"decision": "allow"})");
  ASSERT_TRUE(ask());
  EXPECT_EQ(asked_.method, "POST");
  EXPECT_EQ(asked_.target, "/hook");
  EXPECT_EQ(asked_.header("Content-Type"), "application/json");
  EXPECT_EQ(asked_.header("Authorization"), "");
  EXPECT_EQ(boost::json::parse(as_text(asked_.body)), boost::json::parse(R"({
      "endpoint": "printers", "source": "192.0.2.7", "transaction_id": "abc\"\\", "subject": "CN=printer-7",
      "alternative_names": ["dns:printer-7.example", "ip:192.0.2.7"], "key_type": "rsa:2048",
      "key_fingerprint": "00ff", "challenge": "secret", "request": "MAMCAQA="})"));
}

TEST_F(HttpWebHookTest, LeavesOutAChallengeThatJsonCannotHold) {
  answer(200, R"({"decision": "allow"})");
  ASSERT_TRUE(ask(SecretBytes(Bytes{0xff, 0xfe})));
  EXPECT_FALSE(boost::json::parse(as_text(asked_.body)).as_object().contains("challenge"));
}

// A file that only its owner may read.
std::string keep(const testing::TemporaryDirectory& directory, std::string_view name, std::string_view content) {
  std::string path = directory.write(name, content);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path;
}

TEST_F(HttpWebHookTest, SendsTheTokenOfTheFile) {
  const testing::TemporaryDirectory directory;
  answer(200, R"({"decision": "allow"})");
  ASSERT_TRUE(ask(SecretBytes(), keep(directory, "token", "a-token\n")));
  EXPECT_EQ(asked_.header("Authorization"), "Bearer a-token");
}

TEST_F(HttpWebHookTest, DoesNotReadATokenThatOthersMayRead) {
  const testing::TemporaryDirectory directory;
  answer(200, R"({"decision": "allow"})");
  const std::string file = keep(directory, "token", "a-token\n");
  std::filesystem::permissions(file, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  const auto answered = ask(SecretBytes(), file);
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().text(), "the web hook's token: " + file + " may be read by others: chmod 600 it");
  EXPECT_EQ(asked_.method, "") << "nothing was sent";
}

TEST_F(HttpWebHookTest, DoesNotAskWithoutTheTokenThatItShouldHave) {
  const testing::TemporaryDirectory directory;
  answer(200, R"({"decision": "allow"})");
  for (const std::string& file : {directory.file("missing"), keep(directory, "empty", "\n"),
                                  keep(directory, "lines", "a\r\nX-Injected: 1"), keep(directory, "blank", "a b")}) {
    const auto answered = ask(SecretBytes(), file);
    ASSERT_FALSE(answered) << file;
    EXPECT_EQ(answered.error().code(), ErrorCode::unavailable);
    EXPECT_THAT(answered.error().text(), Not(HasSubstr("X-Injected")));
  }
  EXPECT_EQ(asked_.method, "") << "nothing was sent";
}

TEST_F(HttpWebHookTest, TakesTheThreeDecisions) {
  const struct {
    const char* body;
    Verdict verdict;
    std::string reason;
  } rows[] = {
      {R"({"decision": "allow"})", Verdict::allow, ""},
      {R"({"decision": "refuse", "reason": "not in the inventory"})", Verdict::refuse, "not in the inventory"},
      {R"({"reason": "new model", "decision": "ask"})", Verdict::ask_a_person, "new model"},
  };
  for (const auto& row : rows) {
    answer(200, row.body);
    const auto answered = ask();
    ASSERT_TRUE(answered) << answered.error().text();
    EXPECT_EQ(answered->verdict, row.verdict);
    EXPECT_EQ(answered->reason, row.reason);
  }
}

TEST_F(HttpWebHookTest, ShortensALongReasonBetweenCharacters) {
  std::string reason;
  for (int i = 0; i < 101; ++i) reason += "€";
  answer(200, R"({"decision": "refuse", "reason": ")" + reason + R"("})");
  const auto answered = ask();
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->reason, reason.substr(0, 198));
}

TEST_F(HttpWebHookTest, TakesNothingElseForAnAnswer) {
  const struct {
    unsigned status;
    std::string body;
    const char* problem;
  } rows[] = {
      {201, R"({"decision": "allow"})", "its answer: HTTP status 201"},
      {302, R"({"decision": "allow"})", "its answer: HTTP status 302"},
      {500, "", "its answer: HTTP status 500"},
      {200, "", "its answer: not JSON: "},
      {200, "allow", "its answer: not JSON: "},
      {200, R"("allow")", "its answer: not a JSON object"},
      {200, R"([{"decision": "allow"}])", "its answer: not a JSON object"},
      {200, R"({})", "its answer: 'decision' is missing"},
      {200, R"({"reason": "x"})", "its answer: 'decision' is missing"},
      {200, R"({"decision": true})", "its answer: 'decision' is none of allow, refuse and ask"},
      {200, R"({"decision": "Allow"})", "its answer: 'decision' is none of allow, refuse and ask"},
      {200, R"({"decision": "allow", "reason": 1})", "its answer: 'reason' is not a text"},
      {200, R"({"decision": "allow", "reason": "a\nb"})", "its answer: 'reason' holds a control character"},
      {200, R"({"decision": "allow", "Reason": "x"})", "its answer: a member that is neither"},
      {200, R"({"decision": "allow"} x)", "its answer: not JSON: "},
      {200, R"({"decision": "allow", "reason": [[[[[[]]]]]]})", "its answer: not JSON: "},
      {200, std::string(70'000, ' '), "longer than 65536 bytes"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.body.substr(0, 80));
    answer(row.status, row.body);
    const auto answered = ask();
    ASSERT_FALSE(answered);
    EXPECT_EQ(answered.error().code(), ErrorCode::unavailable);
    EXPECT_THAT(answered.error().text(), HasSubstr(row.problem));
    EXPECT_THAT(answered.error().text(), Not(HasSubstr("secret")));
  }
}

TEST_F(HttpWebHookTest, SaysWhenNobodyAnswers) {
  server_->stop();
  const auto answered = ask();
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace chancery::connectors
