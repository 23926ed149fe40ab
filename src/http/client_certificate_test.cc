// TLS where both ends show a certificate, from memory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <future>
#include <thread>

#include "http/client.h"
#include "http/raw_peer_testing.h"
#include "http/self_signed_testing.h"
#include "http/server.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Answers with the peer's certificate.
Response show(const Request& request) { return {.body = request.peer_certificate}; }

class ClientCertificateTest : public ::testing::Test {
 protected:
  void start(bool request_client_certificate = true) {
    auto server = Server::start({{.options = {.address = "127.0.0.1:0",
                                              .tls = server_identity_.identity(),
                                              .request_client_certificate = request_client_certificate},
                                  .handler = show}},
                                {.workers = 1}, clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    url_ = "https://" + server_->addresses().at(0) + "/";
  }
  Result<Response> ask(std::optional<TlsIdentity> identity) {
    return Client({.ca_text = server_identity_.certificate, .identity = std::move(identity)}).send("GET", url_, {}, {});
  }

  SystemClock clock_;
  testing::RecordingLog log_;
  const SelfSigned server_identity_ = make_self_signed("server");
  const SelfSigned device_ = make_self_signed("device");
  std::unique_ptr<Server> server_;
  std::string url_;
};

TEST_F(ClientCertificateTest, TellsWhatThePeerShowedWhoeverSignedIt) {
  start();
  const auto response = ask(device_.identity());
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, device_.der);
}

TEST_F(ClientCertificateTest, TellsTheLeafOfAChain) {
  start();
  const auto response =
      ask(TlsIdentity(device_.certificate + server_identity_.certificate, SecretBytes::copy_of(device_.key)));
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, device_.der);
}

TEST_F(ClientCertificateTest, IsNotNeeded) {
  start();
  const auto response = ask(std::nullopt);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 200U);
  EXPECT_TRUE(response->body.empty());
}

TEST_F(ClientCertificateTest, IsNotAskedForUnlessTheListenerWantsIt) {
  start(false);
  const auto response = ask(device_.identity());
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_TRUE(response->body.empty());
}

TEST_F(ClientCertificateTest, RefusesAKeyThatIsNotTheCertificates) {
  start();
  const auto response = ask(TlsIdentity(device_.certificate, SecretBytes::copy_of(server_identity_.key)));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::invalid);
}

TEST_F(ClientCertificateTest, TrustsOnlyTheTextItWasGiven) {
  start();
  const auto response = Client({.ca_text = device_.certificate}).send("GET", url_, {}, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::refused);
}

TEST_F(ClientCertificateTest, NothingToTrustIsNotWhatTheSystemTrusts) {
  start();
  const auto response = Client({.ca_text = ""}).send("GET", url_, {}, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::invalid);
  EXPECT_EQ(response.error().text(), "no authority is there to trust");
  const testing::TemporaryDirectory directory;
  const std::string file = directory.write("empty.pem", "");
  const auto other = Client({.ca_file = file}).send("GET", url_, {}, {});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), ErrorCode::invalid) << other.error().text();
}

TEST_F(ClientCertificateTest, TakesANewServerIdentityWhileItRuns) {
  start();
  const SelfSigned next = make_self_signed("next");
  ASSERT_TRUE(server_->reload_tls(0, next.identity()));
  const auto response = Client({.ca_text = next.certificate, .identity = device_.identity()}).send("GET", url_, {}, {});
  ASSERT_TRUE(response) << response.error().text();
  // And still asks.
  EXPECT_EQ(response->body, device_.der);
}

TEST_F(ClientCertificateTest, SaysWhichTextOfAnIdentityIsWrong) {
  const auto key = [](const std::string& text) { return SecretBytes::copy_of(text); };
  const struct {
    const char* name;
    TlsIdentity identity;
    const char* expect;
  } rows[] = {
      {"no certificate", {"", key(device_.key)}, "TLS certificate: "},
      {"a key as certificate", {device_.key, key(device_.key)}, "TLS certificate: "},
      {"a broken intermediate",
       {device_.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key(device_.key)},
       "TLS certificate: "},
      {"no key", {device_.certificate, key("")}, "TLS key: "},
      {"another's key", {device_.certificate, key(server_identity_.key)}, "TLS key does not belong"},
  };
  start();
  for (const auto& row : rows) {
    const Status status = server_->reload_tls(0, row.identity);
    ASSERT_FALSE(status) << row.name;
    EXPECT_EQ(status.error().code(), ErrorCode::invalid) << row.name;
    EXPECT_THAT(status.error().text(), StartsWith(row.expect)) << row.name;
    EXPECT_THAT(status.error().text(), ::testing::Not(HasSubstr("BEGIN"))) << row.name;
  }
}

// A client that keeps its session, which curl would do for itself.
class ResumingPeer {
 public:
  ResumingPeer(const SelfSigned& identity, int version) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    BIO* text = BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size()));
    X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_, certificate);
    X509_free(certificate);
    BIO_free(text);
    text = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context_, key);
    EVP_PKEY_free(key);
    BIO_free(text);
  }
  ~ResumingPeer() {
    SSL_SESSION_free(session_);
    SSL_CTX_free(context_);
  }
  ResumingPeer(const ResumingPeer&) = delete;
  ResumingPeer& operator=(const ResumingPeer&) = delete;

  // The response to one request on a connection of its own.
  std::string ask(const std::string& address) {
    RawPeer peer(address);
    SSL* tls = SSL_new(context_);
    SSL_set_fd(tls, peer.socket());
    if (session_ != nullptr) SSL_set_session(tls, session_);
    std::string response;
    static constexpr std::string_view request = "GET / HTTP/1.0\r\n\r\n";
    if (SSL_connect(tls) == 1 && SSL_write(tls, request.data(), static_cast<int>(request.size())) > 0) {
      char buffer[4096];
      int count = 0;
      while ((count = SSL_read(tls, buffer, sizeof buffer)) > 0)
        response.append(buffer, static_cast<std::size_t>(count));
      resumed = SSL_session_reused(tls) == 1;
      SSL_SESSION_free(session_);
      session_ = SSL_get1_session(tls);
      SSL_shutdown(tls);
    }
    SSL_free(tls);
    return response;
  }
  // The same by a peer that says all that it can as soon as it can, and that it sends no more together with it.
  std::string ask_and_end(const std::string& address) {
    RawPeer peer(address);
    SSL* tls = SSL_new(context_);
    BIO* in = BIO_new(BIO_s_mem());
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(tls, in, out);
    char buffer[16384];
    const auto send = [&](int flags) {
      const int size = BIO_read(out, buffer, sizeof buffer);
      return size > 0 && ::send(peer.socket(), buffer, static_cast<std::size_t>(size), flags | MSG_NOSIGNAL) == size;
    };
    const auto receive = [&] {
      const ssize_t size = ::recv(peer.socket(), buffer, sizeof buffer, 0);
      return size > 0 && BIO_write(in, buffer, static_cast<int>(size)) > 0;
    };
    while (SSL_connect(tls) != 1) {
      if (BIO_pending(out) > 0) send(0);
      if (!receive()) break;
    }
    static constexpr std::string_view request = "GET / HTTP/1.0\r\n\r\n";
    SSL_write(tls, request.data(), static_cast<int>(request.size()));
    // One packet has them and the end.
    send(MSG_MORE);
    shutdown(peer.socket(), SHUT_WR);
    while (receive()) continue;
    std::string response;
    for (int count; (count = SSL_read(tls, buffer, sizeof buffer)) > 0;)
      response.append(buffer, static_cast<std::size_t>(count));
    SSL_free(tls);
    return response;
  }
  bool resumed = false;

 private:
  SSL_CTX* context_;
  SSL_SESSION* session_ = nullptr;
};

TEST_F(ClientCertificateTest, IsTheSameWhenASessionIsResumed) {
  start();
  const std::string address = server_->addresses().at(0);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    ResumingPeer peer(device_, version);
    for (int i = 0; i < 3; ++i) {
      const std::string response = peer.ask(address);
      EXPECT_EQ(peer.resumed, i > 0) << version;
      ASSERT_THAT(response, StartsWith("HTTP/1.0 200 OK\r\n")) << version;
      EXPECT_EQ(response.substr(response.find("\r\n\r\n") + 4), as_text(device_.der)) << version << " " << i;
    }
  }
}

// Two strangers and two known devices at one address: the known ones share nothing with anybody.
TEST_F(ClientCertificateTest, KnownPeersAreCountedByThemselves) {
  const SelfSigned other = make_self_signed("other device");
  const SelfSigned stranger = make_self_signed("stranger");
  auto server = Server::start(
      {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
        .handler = show,
        .known_peer = [&](ByteView certificate) -> std::optional<std::uint64_t> {
          if (equal(certificate, device_.der)) return 1;
          if (equal(certificate, other.der)) return 2;
          return std::nullopt;
        }}},
      {.workers = 1,
       .requests_per_second_per_source = 0.001,
       .request_burst_per_source = 1,
       .requests_per_second_per_known_peer = 0.001,
       .request_burst_per_known_peer = 2},
      clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  server_ = std::move(*server);
  url_ = "https://" + server_->addresses().at(0) + "/";
  const struct {
    const char* name;
    std::optional<TlsIdentity> identity;
    unsigned expect;
  } rows[] = {
      {"the first stranger", stranger.identity(), 200},
      {"another, who shows nothing", std::nullopt, 503},
      {"a device", device_.identity(), 200},
      {"the same by another connection", device_.identity(), 200},
      {"the same too often", device_.identity(), 503},
      {"another device", other.identity(), 200},
  };
  for (const auto& row : rows) {
    const auto response = ask(row.identity);
    ASSERT_TRUE(response) << row.name << ": " << response.error().text();
    EXPECT_EQ(response->status, row.expect) << row.name;
  }
  EXPECT_EQ(server_->statistics().rejected_by_rate, 2U);
}

TEST_F(ClientCertificateTest, KnownPeersDoNotTakeTheConnectionsOfTheirAddress) {
  auto server = Server::start(
      {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
        .handler = show,
        .known_peer = [](ByteView certificate) { return std::optional<std::uint64_t>(certificate.size()); }}},
      {.max_connections_per_source = 1,
       .count_local_connections = true,
       .workers = 1,
       .max_connections_per_known_peer = 2},
      clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  server_ = std::move(*server);
  url_ = "https://" + server_->addresses().at(0) + "/";
  const SelfSigned other = make_self_signed("another, longer");
  std::vector<Client> clients;
  const auto ask_and_stay = [&](const SelfSigned& identity) {
    clients.push_back(Client({.ca_text = server_identity_.certificate, .identity = identity.identity()}));
    const auto response = clients.back().send("GET", url_, {}, {});
    return response ? response->status : 0;
  };
  EXPECT_EQ(ask_and_stay(device_), 200U);
  EXPECT_EQ(ask_and_stay(other), 200U);
  EXPECT_EQ(ask_and_stay(device_), 200U);
  EXPECT_EQ(server_->statistics().open_connections, 3U);
  // A third one of the same device: the one that is idle longest gives way.
  EXPECT_EQ(ask_and_stay(device_), 200U);
  EXPECT_EQ(server_->statistics().open_connections, 3U);
  EXPECT_EQ(server_->statistics().rejected_by_source, 0U);
}

TEST_F(ClientCertificateTest, StrangersDoNotPushOutKnownPeers) {
  auto server = Server::start(
      {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
        .handler = show,
        .known_peer = [&](ByteView certificate) -> std::optional<std::uint64_t> {
          return equal(certificate, device_.der) ? std::optional<std::uint64_t>(1) : std::nullopt;
        }}},
      {.max_connections = 2, .workers = 1}, clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  server_ = std::move(*server);
  url_ = "https://" + server_->addresses().at(0) + "/";
  Client device({.ca_text = server_identity_.certificate, .identity = device_.identity()});
  Client stranger({.ca_text = server_identity_.certificate});
  EXPECT_TRUE(device.send("GET", url_, {}, {}));
  EXPECT_TRUE(stranger.send("GET", url_, {}, {}));
  // The device is idle for longer, and the stranger is the one who has to go.
  RawPeer second(server_->addresses().at(0));
  RawPeer third(server_->addresses().at(0));
  EXPECT_TRUE(third.closed());
  EXPECT_EQ(server_->statistics().rejected_connections, 1U);
  EXPECT_EQ(server_->statistics().open_connections, 2U);
  EXPECT_TRUE(device.send("GET", url_, {}, {}));
  EXPECT_EQ(server_->statistics().connections, 4U);
}

// With one core, nobody else waits for the ledger that is asked whose certificate that is.
TEST_F(ClientCertificateTest, WhoeverIsLookedUpKeepsNobodyWaiting) {
  std::promise<void> asked, answer;
  auto server = Server::start(
      {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
        .handler = show,
        .known_peer = [&](ByteView) -> std::optional<std::uint64_t> {
          asked.set_value();
          answer.get_future().wait();
          return 1;
        }}},
      {.workers = 2, .requests_per_second_per_source = 0.001, .request_burst_per_source = 1, .handshake_threads = 0},
      clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  server_ = std::move(*server);
  url_ = "https://" + server_->addresses().at(0) + "/";
  auto device = std::async(std::launch::async, [&] { return ask(device_.identity()); });
  asked.get_future().wait();
  const auto other = ask(std::nullopt);
  answer.set_value();
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ(other->status, 200U);
  const auto response = device.get();
  ASSERT_TRUE(response) << response.error().text();
  // It is known: the address had one request, and the other had that.
  EXPECT_EQ(response->status, 200U);
}

// All that a peer has to send may be there before the handshake is done: the rest is the server's.
TEST_F(ClientCertificateTest, AnswersAPeerThatSendsNoMore) {
  for (const std::size_t threads : {0, 1})
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      auto server = Server::start({{.options = {.address = "127.0.0.1:0",
                                                .tls = server_identity_.identity(),
                                                .request_client_certificate = true},
                                    .handler = show}},
                                  {.workers = 1, .handshake_threads = threads}, clock_, log_);
      ASSERT_TRUE(server) << server.error().text();
      const std::string response = ResumingPeer(device_, version).ask_and_end((*server)->addresses().at(0));
      EXPECT_THAT(response, StartsWith("HTTP/1.0 200 OK\r\n")) << version << " " << threads;
    }
}

// Peers that leave, time out or go on while a thread of the handshakes has their connection, and a server that stops.
TEST_F(ClientCertificateTest, SurvivesHandshakesThatCrossWithPeersThatLeaveAndAServerThatStops) {
  for (int round = 0; round < 10; ++round) {
    auto server = Server::start(
        {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
          .handler = show}},
        {.header_timeout = std::chrono::milliseconds(round % 3 == 0 ? 5 : 10'000),
         .max_connections = 8,
         .workers = 2,
         .handshake_threads = static_cast<std::size_t>(round % 2 == 0 ? 3 : 0)},
        clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    const std::string address = (*server)->addresses().at(0);
    std::vector<std::thread> peers;
    for (int i = 0; i < 6; ++i)
      peers.emplace_back([&, i] {
        // OpenSSL writes to whoever has gone.
        sigset_t broken_pipe;
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        for (int n = 0; n < 4; ++n) {
          if (i % 3 == 0) {
            RawPeer leaves(address);
            leaves.send(std::string("\x16\x03\x01\x00\x05hello", 10));
          } else if (i % 3 == 1) {
            ResumingPeer(device_, TLS1_3_VERSION).ask(address);
          } else {
            RawPeer silent(address);
          }
        }
      });
    if (round % 2 == 0) (*server)->stop();
    for (std::thread& peer : peers) peer.join();
    (*server)->stop();
    EXPECT_EQ((*server)->statistics().open_connections, 0U);
  }
}

// Held requests over TLS are watched like others: the peer says that it leaves, or just does.
TEST_F(ClientCertificateTest, IsNoticedToLeaveOverTls) {
  std::optional<Reply> held;
  std::stop_source source;
  std::atomic<bool> closed = false;
  auto server = Server::start(
      {{.options = {.address = "127.0.0.1:0", .tls = server_identity_.identity(), .request_client_certificate = true},
        .deferring_handler =
            [&](const Request& request, Reply reply) {
              EXPECT_EQ(request.peer_certificate, device_.der);
              EXPECT_TRUE(reply.on_closed([&] { closed = true; }));
              held = std::move(reply);
              source.request_stop();
            }}},
      {.workers = 1}, clock_, log_);
  ASSERT_TRUE(server) << server.error().text();
  {
    Client client({.ca_text = server_identity_.certificate, .identity = device_.identity()});
    EXPECT_FALSE(client.send("GET", "https://" + (*server)->addresses().at(0) + "/", {}, {}, source.get_token()));
  }
  while (!closed) std::this_thread::yield();
  (*server)->stop();
  EXPECT_TRUE(held->closed());
}

}  // namespace
}  // namespace chancery::http
