// Requests that are answered later: the server holds them, and notices who leaves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

#include "http/raw_peer_testing.h"
#include "http/server.h"
#include "testing/fakes.h"

namespace chancery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Keeps the replies until the test sends them.
class Holder {
 public:
  void keep(const Request& request, Reply reply) {
    const std::scoped_lock lock(mutex_);
    targets_.push_back(request.target);
    replies_.push_back(std::move(reply));
    changed_.notify_all();
  }
  // The reply that came as the `index`th, when it has come.
  Reply take(std::size_t index) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return replies_.size() > index; });
    return std::move(replies_[index]);
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return replies_.size() >= count; });
  }
  void forget() {
    const std::scoped_lock lock(mutex_);
    replies_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> targets_;
  std::vector<Reply> replies_;
};

class DeferredTest : public ::testing::Test {
 protected:
  // The server goes before the clock that it reads.
  ~DeferredTest() override { server_.reset(); }

  void start(Limits limits = {.workers = 1}) {
    start_with([this](const Request& request, Reply reply) { holder_.keep(request, std::move(reply)); }, limits);
  }
  void start_with(DeferringHandler handler, Limits limits = {.workers = 1}) {
    auto server = Server::start({{.options = {.address = "127.0.0.1:0"}, .deferring_handler = std::move(handler)}},
                                limits, clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    address_ = server_->addresses().at(0);
  }
  void wait_until_held(std::uint64_t count) {
    while (server_->statistics().held != count) std::this_thread::yield();
  }

  testing::FakeClock clock_;
  testing::RecordingLog log_;
  Holder holder_;
  std::unique_ptr<Server> server_;
  std::string address_;
};

TEST_F(DeferredTest, AnswersAtOnceOrLaterAndKeepsTheConnection) {
  start_with([this](const Request& request, Reply reply) {
    if (request.target == "/now") return reply.send(text_response(200, "now"));
    holder_.keep(request, std::move(reply));
  });
  RawPeer peer(address_);
  for (std::size_t i = 0; i < 3; ++i) {
    peer.send("GET /now HTTP/1.1\r\n\r\n");
    EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nnow\n"));
    peer.send("GET /later HTTP/1.1\r\n\r\n");
    wait_until_held(1);
    holder_.take(i).send(text_response(200, "later"));
    EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nlater\n"));
  }
  EXPECT_EQ(server_->statistics().held, 0U);
  EXPECT_EQ(server_->statistics().connections, 1U);
}

TEST_F(DeferredTest, HoldsManyWithOneWorker) {
  start();
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 100; ++i) {
    peers.push_back(std::make_unique<RawPeer>(address_));
    peers.back()->send("GET / HTTP/1.1\r\n\r\n");
  }
  wait_until_held(100);
  for (std::size_t i = 0; i < 100; ++i) holder_.take(i).send(text_response(200, "here"));
  for (const auto& peer : peers) EXPECT_THAT(peer->response(), EndsWith("\r\n\r\nhere\n"));
}

TEST_F(DeferredTest, LeavesTheBodyOutForHeadThoughTheRequestIsGone) {
  start();
  RawPeer peer(address_);
  peer.send("HEAD / HTTP/1.0\r\n\r\n");
  wait_until_held(1);
  holder_.take(0).send(text_response(200, "later"));
  const std::string response = peer.rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(response, EndsWith("\r\nContent-Length: 6\r\nConnection: close\r\n\r\n"));
}

TEST_F(DeferredTest, MayBeAnsweredBeforeTheHandlerReturns) {
  std::binary_semaphore go_on(0);
  std::string target;
  start_with(
      [&](const Request& request, Reply reply) {
        reply.send(text_response(200, request.target));
        if (request.target != "/first") return;
        go_on.acquire();
        // The next request has come meanwhile; this one is still there.
        target = request.target;
      },
      {.workers = 2});
  RawPeer peer(address_);
  peer.send("GET /first HTTP/1.1\r\n\r\n");
  EXPECT_THAT(peer.response(), EndsWith("/first\n"));
  peer.send("GET /second HTTP/1.1\r\n\r\n");
  EXPECT_THAT(peer.response(), EndsWith("/second\n"));
  go_on.release();
  server_->stop();
  EXPECT_EQ(target, "/first");
}

TEST_F(DeferredTest, AnswersPipelinedRequestsInOrder) {
  start();
  RawPeer peer(address_);
  peer.send("GET /0 HTTP/1.1\r\n\r\nGET /1 HTTP/1.1\r\n\r\n");
  holder_.take(0).send(text_response(200, "zero"));
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nzero\n"));
  // What comes while a request is held is kept.
  wait_until_held(1);
  peer.send("GET /2 HTTP/1.1\r\n\r\n");
  holder_.take(1).send(text_response(200, "one"));
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\none\n"));
  holder_.take(2).send(text_response(200, "two"));
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\ntwo\n"));
}

TEST_F(DeferredTest, IsAnswered500WhenNobodyAnswers) {
  start_with([](const Request& request, Reply) {
    if (request.target == "/throw") throw std::runtime_error("secret plan");
  });
  RawPeer peer(address_);
  for (const char* request : {"GET /drop HTTP/1.1\r\n\r\n", "GET /throw HTTP/1.1\r\n\r\n"}) {
    peer.send(request);
    EXPECT_THAT(peer.response(), StartsWith("HTTP/1.1 500 "));
  }
  EXPECT_THAT(log_.lines(), ElementsAre("error a request handler gave no answer path=\"/drop\"",
                                        "error a request handler threw path=\"/throw\" reason=\"secret plan\""));
}

TEST_F(DeferredTest, IsAnswered500WhenTheHolderForgets) {
  start();
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.1\r\n\r\n");
  wait_until_held(1);
  holder_.forget();
  EXPECT_THAT(peer.response(), StartsWith("HTTP/1.1 500 "));
}

TEST_F(DeferredTest, NoticesThatThePeerHasGone) {
  start();
  std::binary_semaphore closed(0);
  for (const bool resets : {false, true}) {
    auto peer = std::make_unique<RawPeer>(address_);
    peer->send("GET / HTTP/1.1\r\n\r\n");
    Reply reply = holder_.take(resets ? 1 : 0);
    EXPECT_FALSE(reply.closed());
    ASSERT_TRUE(reply.on_closed([&] { closed.release(); }));
    const linger reset{.l_onoff = 1, .l_linger = 0};
    if (resets) setsockopt(peer->socket(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    peer.reset();
    closed.acquire();
    EXPECT_TRUE(reply.closed());
    while (server_->statistics().open_connections != 0) std::this_thread::yield();
    EXPECT_EQ(server_->statistics().held, 0U);
    reply.send(text_response(200, "too late"));
  }
}

TEST_F(DeferredTest, IsHeldForAsLongAsItTakes) {
  start({.header_timeout = 20ms, .body_timeout = 20ms, .write_timeout = 20ms, .idle_timeout = 20ms, .workers = 1});
  RawPeer held(address_);
  held.send("GET / HTTP/1.1\r\n\r\n");
  wait_until_held(1);
  clock_.advance(24h);
  // The server has looked at its deadlines when it has closed this one.
  RawPeer idle(address_);
  while (server_->statistics().open_connections != 2) std::this_thread::yield();
  clock_.advance(24h);
  EXPECT_TRUE(idle.closed());
  EXPECT_EQ(server_->statistics().held, 1U);
  holder_.take(0).send(text_response(200, "at last"));
  EXPECT_THAT(held.response(), EndsWith("\r\n\r\nat last\n"));
}

TEST_F(DeferredTest, DoesNotCountAgainstItsSourceWhileItIsHeld) {
  start({.max_connections_per_source = 1, .count_local_connections = true, .workers = 1});
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (std::size_t i = 0; i < 3; ++i) {
    peers.push_back(std::make_unique<RawPeer>(address_));
    peers.back()->send("GET / HTTP/1.1\r\n\r\n");
    wait_until_held(i + 1);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    holder_.take(i).send(text_response(200, "here"));
    EXPECT_THAT(peers[i]->response(), EndsWith("\r\n\r\nhere\n"));
  }
  // Now they count again: two idle ones remain of three when another comes, and then none but the new one.
  RawPeer next(address_);
  EXPECT_TRUE(peers[0]->closed());
  next.send("GET / HTTP/1.1\r\n\r\n");
  wait_until_held(1);
}

TEST_F(DeferredTest, IsAnswered503WhenTheServerStops) {
  start();
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.1\r\n\r\n");
  wait_until_held(1);
  Reply reply = holder_.take(0);
  int closed = 0;
  ASSERT_TRUE(reply.on_closed([&] { ++closed; }));
  server_->stop();
  const std::string response = peer.rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(response, HasSubstr("\r\nRetry-After: 5\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_EQ(closed, 1);
  EXPECT_TRUE(reply.closed());
  server_.reset();
  reply.send(text_response(200, "nobody is there"));
}

TEST_F(DeferredTest, SurvivesAnswersThatCrossWithPeersThatLeaveAndAServerThatStops) {
  for (int round = 0; round < 20; ++round) {
    start({.workers = 2});
    std::vector<std::unique_ptr<RawPeer>> peers;
    constexpr std::size_t count = 16;
    for (std::size_t i = 0; i < count; ++i) {
      peers.push_back(std::make_unique<RawPeer>(address_));
      peers.back()->send("GET / HTTP/1.1\r\n\r\n");
    }
    holder_.wait_for(count);
    std::thread answering([&] {
      for (std::size_t i = 0; i < count; ++i) holder_.take(i).send(text_response(200, "here"));
    });
    std::thread leaving([&] {
      for (std::size_t i = 0; i < count; i += 2) peers[i].reset();
    });
    if (round % 2 == 0) server_->stop();
    answering.join();
    leaving.join();
    server_.reset();
    for (std::size_t i = 1; i < count; i += 2) {
      const std::string response = peers[i]->rest();
      EXPECT_THAT(response,
                  ::testing::AnyOf(::testing::AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("here\n")),
                                   ::testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: "))))
          << "round " << round << ", peer " << i;
    }
    holder_.forget();
  }
}

}  // namespace
}  // namespace chancery::http
