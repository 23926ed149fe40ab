#include "http/tls_probe.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <thread>

#include "http/self_signed_testing.h"
#include "http/server.h"
#include "testing/fakes.h"

namespace chancery::http {
namespace {

using ::testing::HasSubstr;

std::uint16_t port_of(const std::string& address) {
  std::uint16_t port = 0;
  const std::size_t colon = address.rfind(':');
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

class TlsProbeTest : public ::testing::Test {
 protected:
  std::uint16_t start(std::optional<TlsSource> tls) {
    auto server = Server::start({{.options = {.address = "127.0.0.1:0", .tls = std::move(tls)},
                                  .handler = [](const Request&) { return Response{}; }}},
                                {.workers = 1}, clock_, log_);
    EXPECT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    return port_of(server_->addresses().at(0));
  }
  Result<Bytes> probe(std::uint16_t port, std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    return probe_tls_certificate({.host = "127.0.0.1", .port = port, .server_name = "site.example"}, clock_, limit);
  }

  SystemClock clock_;
  testing::RecordingLog log_;
  const SelfSigned identity_ = make_self_signed("server");
  std::unique_ptr<Server> server_;
};

// Takes one connection, and ends it when the peer has no certificate.
class StrictServer {
 public:
  StrictServer(const SelfSigned& identity, int version) : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listening_, 1), 0);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, identity, version] { serve(identity, version); });
  }
  ~StrictServer() {
    thread_.join();
    ::close(listening_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve(const SelfSigned& identity, int version) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    BIO* text = BIO_new_mem_buf(identity.certificate.data(), -1);
    X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    BIO_free(text);
    text = BIO_new_mem_buf(identity.key.data(), -1);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
    BIO_free(text);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    const int peer = ::accept(listening_, nullptr, nullptr);
    SSL* connection = SSL_new(context);
    SSL_set_fd(connection, peer);
    EXPECT_NE(SSL_accept(connection), 1);
    SSL_free(connection);
    ::close(peer);
    SSL_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  int listening_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST_F(TlsProbeTest, GivesTheCertificateThatIsShownNow) {
  const std::uint16_t port = start(identity_.identity());
  EXPECT_EQ(probe(port).value(), identity_.der);
  const SelfSigned next = make_self_signed("next");
  ASSERT_TRUE(server_->reload_tls(0, next.identity()));
  EXPECT_EQ(probe(port).value(), next.der);
}

TEST_F(TlsProbeTest, SeesTheCertificateOfAServerThatWantsOneToo) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    StrictServer server(identity_, version);
    const auto seen = probe(server.port());
    ASSERT_TRUE(seen) << version << ": " << seen.error().text();
    EXPECT_EQ(*seen, identity_.der);
  }
}

TEST_F(TlsProbeTest, SaysWhyThereIsNoCertificate) {
  const auto plain = probe(start(std::nullopt));
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(plain.error().text(), HasSubstr("the TLS handshake failed: "));

  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
  const std::uint16_t port = ntohs(address.sin_port);
  const std::string where = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(probe(port).error().text(), where + ": Connection refused");
  ASSERT_EQ(::listen(silent, 1), 0);
  EXPECT_EQ(probe(port, std::chrono::milliseconds(1)).error().text(), where + ": no TLS answer in time");
  ::close(silent);
}

}  // namespace
}  // namespace chancery::http
