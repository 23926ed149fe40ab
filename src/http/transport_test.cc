#include "http/transport.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/self_signed_testing.h"
#include "http/tls_context.h"

namespace chancery::http {
namespace {

// A server's transport, and a peer that has sent the first message of its handshake.
class TransportTest : public ::testing::Test {
 protected:
  TransportTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets_), 0);
    server_.emplace(sockets_[0], Tls(SSL_new(server_context_->get())));
    SSL_set_fd(client_.get(), sockets_[1]);
    EXPECT_EQ(SSL_connect(client_.get()), -1);
  }
  ~TransportTest() override {
    close(sockets_[0]);
    close(sockets_[1]);
  }

  Result<TlsContext> server_context_ = make_tls_context(make_self_signed("server").identity(), {});
  TlsContext client_context_{SSL_CTX_new(TLS_client_method())};
  Tls client_{SSL_new(client_context_.get())};
  int sockets_[2] = {-1, -1};
  std::optional<Transport> server_;
};

TEST_F(TransportTest, APeerThatWaitsForItsTurnIsThere) {
  EXPECT_FALSE(server_->peer_has_left());
  EXPECT_EQ(server_->handshake(), Transport::Outcome::want_read);
  EXPECT_FALSE(server_->peer_has_left());
}

TEST_F(TransportTest, WhoeverSendsNoMoreBeforeItsTurnCameHasLeft) {
  shutdown(sockets_[1], SHUT_WR);
  EXPECT_TRUE(server_->peer_has_left());
}

TEST_F(TransportTest, WhoeverSendsNoMoreAfterItsTurnMayListenStill) {
  EXPECT_EQ(server_->handshake(), Transport::Outcome::want_read);
  EXPECT_EQ(SSL_connect(client_.get()), 1);
  shutdown(sockets_[1], SHUT_WR);
  EXPECT_FALSE(server_->peer_has_left());
  EXPECT_EQ(server_->handshake(), Transport::Outcome::done);
}

TEST_F(TransportTest, ABrokenConnectionHasNobodyAtTheOtherEnd) {
  EXPECT_EQ(server_->handshake(), Transport::Outcome::want_read);
  shutdown(sockets_[1], SHUT_RDWR);
  EXPECT_TRUE(server_->peer_has_left());
}

}  // namespace
}  // namespace chancery::http
