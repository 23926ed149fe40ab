#include "device/http_hub_link.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "base/log.h"
#include "files/file.h"
#include "http/server.h"
#include "pki/extensions.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"
#include "wire/check_in.h"

namespace chancery::device {
namespace {

struct Pair {
  pki::PrivateKey key;
  pki::Certificate certificate;
};

// Self-signed, and an authority to whoever trusts it.
Pair make_pair(std::string_view name) {
  auto key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
  const Timestamp now = SystemClock().now();
  const Bytes subject = pki::Name::from_text("CN=" + std::string(name)).value().to_der();
  const auto address = pki::general_name_from_text("ip:127.0.0.1").value();
  const Bytes tbs = pki::encode_tbs({.serial = {{7}},
                                     .issuer_der = subject,
                                     .subject_der = subject,
                                     .validity = {now - Seconds(60), now + std::chrono::hours(1)},
                                     .spki = to_bytes(key.public_key().spki()),
                                     .extensions = {pki::make_subject_alternative_name({address}, false)}},
                                    key.default_algorithm());
  const Bytes der = pki::sign_tbs(tbs, key.default_algorithm(), key).value();
  auto certificate = pki::Certificate::from_der(der).value();
  return {std::move(key), std::move(certificate)};
}

class HttpHubLinkTest : public ::testing::Test {
 protected:
  HttpHubLinkTest() {
    write_version(1, device_);
    const std::string pem = server_.certificate.to_pem();
    http::Listener listener{.options = {.address = "127.0.0.1:0",
                                        .tls = http::TlsIdentity(pem, server_.key.to_plain_pem().value()),
                                        .request_client_certificate = true},
                            .handler = {},
                            .deferring_handler = [this](const http::Request& request, http::Reply reply) {
                              seen_ = request;
                              if (hold_) {
                                held_.emplace(std::move(reply));
                                arrived_.set_value();
                                return;
                              }
                              reply.send(response_);
                            }};
    std::vector<http::Listener> listeners;
    listeners.push_back(std::move(listener));
    http_ = http::Server::start(std::move(listeners), {.workers = 2}, clock_, log_).value();
    link_.emplace(HubLinkOptions{.url = "https://" + http_->addresses().at(0),
                                 .slots_folder = directory_.path(),
                                 .user_agent = "chancery-agent/test"});
  }

  void write_version(int version, const Pair& pair) {
    const std::string slot = directory_.file("ipps");
    const std::string folder = slot + "/versions/" + std::to_string(version);
    ASSERT_TRUE(files::make_folder(folder, 0700));
    const auto write = [&](const char* name, std::string_view text) {
      ASSERT_TRUE(files::write_file_atomically(folder + "/" + name, as_bytes(text), 0600));
    };
    write("key.pem", as_text(pair.key.to_plain_pem().value().view()));
    write("cert.pem", pair.certificate.to_pem());
    write("chain.pem", "");
    write("ca.pem", trusted_);
    std::filesystem::remove(slot + "/live");
    std::filesystem::create_directory_symlink("versions/" + std::to_string(version), slot + "/live");
  }
  Result<wire::CheckInAnswer> call(const Pair& pair) {
    return link_->check_in({.node = "printer-1", .hold_seconds = 20},
                           {.slot = "ipps", .certificate = pair.certificate});
  }
  static std::string told(const Result<wire::CheckInAnswer>& answer) {
    return answer ? "answered" : std::string(to_string(answer.error().code())) + ": " + answer.error().text();
  }

  SystemClock clock_;
  NullLog log_;
  testing::TemporaryDirectory directory_;
  Pair server_ = make_pair("hub");
  Pair device_ = make_pair("device");
  std::string trusted_ = server_.certificate.to_pem();
  http::Response response_{.content_type = "application/json",
                           .body = to_bytes(as_bytes(wire::to_json(wire::CheckInAnswer{.acknowledged_event = 5})))};
  std::atomic<bool> hold_ = false;
  std::promise<void> arrived_;
  std::optional<http::Reply> held_;
  http::Request seen_;
  std::unique_ptr<http::Server> http_;
  std::optional<HttpHubLink> link_;
};

TEST_F(HttpHubLinkTest, SendsTheMessageUnderTheSlotsCertificate) {
  const auto answer = call(device_);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->acknowledged_event, 5);
  EXPECT_EQ(seen_.method, "POST");
  EXPECT_EQ(seen_.path(), wire::check_in_path);
  EXPECT_TRUE(equal(seen_.peer_certificate, device_.certificate.der()));
  const auto message = wire::check_in_from_json(as_text(seen_.body));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->node, "printer-1");
}

TEST_F(HttpHubLinkTest, ShowsTheNewCertificateOnceItIsInUse) {
  ASSERT_TRUE(call(device_));
  const Pair next = make_pair("device");
  write_version(2, next);
  EXPECT_EQ(told(call(device_)), "unavailable: the certificate of the slot has changed just now");
  ASSERT_TRUE(call(next));
  EXPECT_TRUE(equal(seen_.peer_certificate, next.certificate.der()));
}

TEST_F(HttpHubLinkTest, TellsTheHubsAnswersApart) {
  const struct {
    unsigned status;
    const char* body;
    const char* expect;
  } rows[] = {
      {403, R"({"error": {"code": "refused", "text": "the certificate is revoked"}})",
       "refused: the hub refuses this certificate: the certificate is revoked"},
      {503, R"({"error": {"code": "unavailable", "text": "later"}})", "unavailable: the hub answers: later"},
      {429, "slowly", "unavailable: the hub answers: HTTP status 429"},
      {400, R"({"error": 7})", "invalid: the hub answers: HTTP status 400"},
      {302, "", "invalid: the hub answers: HTTP status 302"},
      {200, "{}", "invalid: the hub's answer: version: missing"},
      {200, R"({"version": 2})",
       "invalid: the hub's answer: the message is of version 2, this program understands version 1: update it"},
  };
  for (const auto& row : rows) {
    response_.status = row.status;
    response_.body = to_bytes(as_bytes(row.body));
    EXPECT_EQ(told(call(device_)), row.expect);
  }
}

TEST_F(HttpHubLinkTest, ABlockedNodesCertificateIsNotRefused) {
  response_.status = 403;
  response_.body = to_bytes(as_bytes(R"({"error": {"code": "blocked", "text": "this node is blocked"}})"));
  const auto answer = call(device_);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->state, wire::NodeState::blocked);
  EXPECT_EQ(answer->check_in_again_seconds, 1800);
}

TEST_F(HttpHubLinkTest, TrustsNobodyButTheSlotsAuthority) {
  trusted_ = make_pair("somebody else").certificate.to_pem();
  write_version(1, device_);
  EXPECT_EQ(told(call(device_)).substr(0, 28), "unavailable: asking the hub:");
}

TEST_F(HttpHubLinkTest, TrustsNobodyWhereTheSlotHasNoAuthority) {
  trusted_.clear();
  write_version(1, device_);
  EXPECT_EQ(told(call(device_)), "unavailable: " + directory_.file("ipps/versions/1/ca.pem") +
                                     " is empty: the slot trusts no authority, nor does the link");
  EXPECT_TRUE(seen_.method.empty());
}

TEST_F(HttpHubLinkTest, IsCancelledFromAnotherThread) {
  hold_ = true;
  std::thread other([&] {
    arrived_.get_future().wait();
    link_->cancel();
  });
  EXPECT_EQ(told(call(device_)).substr(0, 12), "unavailable:");
  other.join();
  // One that comes too early or too late does nothing.
  link_->cancel();
  hold_ = false;
  EXPECT_TRUE(call(device_));
}

TEST_F(HttpHubLinkTest, ASlotWithoutACertificateIsToldAsSuch) {
  std::filesystem::remove(directory_.file("ipps/live"));
  EXPECT_EQ(told(call(device_)), "unavailable: " + directory_.file("ipps") + " has no certificate in use");
}

}  // namespace
}  // namespace chancery::device
