#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <semaphore>
#include <thread>

#include "http/raw_peer_testing.h"
#include "testing/fakes.h"

namespace chancery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Answers with what it was asked.
Response echo(const Request& request) {
  Response response{.content_type = "text/plain"};
  append(response.body, as_bytes(request.method + " " + request.target + " "));
  append(response.body, request.body);
  return response;
}

class ServerTest : public ::testing::Test {
 protected:
  void start(Handler handler = echo, Limits limits = {.workers = 2}) {
    auto server =
        Server::start({{.options = {.address = "127.0.0.1:0"}, .handler = std::move(handler)}}, limits, clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    address_ = server_->addresses().at(0);
  }

  SystemClock clock_;
  testing::RecordingLog log_;
  std::unique_ptr<Server> server_;
  std::string address_;
};

TEST_F(ServerTest, AnswersHttp10WithoutHostAndCloses) {
  start();
  RawPeer peer(address_);
  peer.send("GET /scep?operation=GetCACert HTTP/1.0\r\n\r\n");
  const std::string response = peer.rest();
  EXPECT_THAT(response, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 30\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(response, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(response, EndsWith("\r\n\r\nGET /scep?operation=GetCACert "));
}

TEST_F(ServerTest, KeepsTheConnectionWhereThePeerWantsIt) {
  start();
  for (const std::string head :
       {"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"}) {
    RawPeer peer(address_);
    for (int i = 0; i < 3; ++i) {
      peer.send(head);
      EXPECT_THAT(peer.response(), EndsWith("GET /a ")) << i;
    }
    peer.send("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(peer.response(), EndsWith("GET /b "));
    EXPECT_TRUE(peer.closed());
  }
}

TEST_F(ServerTest, TakesALongRequestLineRaw) {
  start();
  const std::string target = "/scep?operation=PKIOperation&message=" + std::string(40 * 1024, '+') + "/==%0A";
  RawPeer peer(address_);
  peer.send("GET " + target + " HTTP/1.0\r\n\r\n");
  EXPECT_THAT(peer.rest(), EndsWith("\r\n\r\nGET " + target + " "));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start([](const Request& request) {
    if (request.target == "/0") std::this_thread::yield();
    return echo(request);
  });
  RawPeer peer(address_);
  std::string all;
  for (int i = 0; i < 50; ++i) all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
  peer.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nPOST /" + std::to_string(i) + " ab"));
}

TEST_F(ServerTest, LeavesTheBodyOutForHead) {
  start();
  RawPeer peer(address_);
  peer.send("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
  EXPECT_THAT(peer.response(false), HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nGET /b "));
}

TEST_F(ServerTest, TakesChunkedBodies) {
  start();
  RawPeer peer(address_);
  peer.send("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0");
  peer.send("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nPOST /a abcde"));
}

TEST_F(ServerTest, AsksForTheBodyThatIsHeldBack) {
  start();
  RawPeer peer(address_);
  peer.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(peer.response(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("ab");
  EXPECT_THAT(peer.response(), EndsWith("\r\n\r\nPOST /a ab"));
}

TEST_F(ServerTest, RefusesABodyBeforeItIsSent) {
  start(echo, {.body_bytes = 10, .workers = 1});
  RawPeer peer(address_);
  peer.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  EXPECT_THAT(peer.rest(), StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST_F(ServerTest, TellsAPeerThatSendsTooMuchEvenIfItDoesNotStop) {
  start(echo, {.body_bytes = 10, .workers = 1});
  RawPeer peer(address_);
  peer.send("POST /a HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  peer.send(std::string(1'000'000, 'x'));
  shutdown(peer.socket(), SHUT_WR);
  EXPECT_THAT(peer.rest(), StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST_F(ServerTest, AnswersMalformedRequestsAndCloses) {
  start(echo, {.request_line_bytes = 1000, .header_bytes = 1000, .workers = 1});
  const struct {
    std::string text;
    const char* expect;
  } rows[] = {
      {"\x16\x03\x01\x02", "HTTP/1.1 400 "},
      {"GET /a b HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
      {"GET /" + std::string(2000, 'a'), "HTTP/1.1 414 "},
      {"GET / HTTP/1.1\r\nA: " + std::string(2000, 'a'), "HTTP/1.1 431 "},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 501 "},
  };
  for (const auto& row : rows) {
    RawPeer peer(address_);
    peer.send(row.text);
    const std::string response = peer.rest();
    EXPECT_THAT(response, StartsWith(row.expect));
    EXPECT_THAT(response, HasSubstr("Content-Type: text/plain"));
    EXPECT_THAT(response, HasSubstr("Connection: close"));
  }
  EXPECT_EQ(server_->statistics().malformed, std::size(rows));
  EXPECT_EQ(server_->statistics().requests, 0U);
}

TEST_F(ServerTest, TellsAHandlersExceptionToTheLogOnly) {
  start([](const Request&) -> Response { throw std::runtime_error("secret plan"); });
  RawPeer peer(address_);
  peer.send("GET /a?b=c HTTP/1.1\r\n\r\n");
  const std::string response = peer.response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  EXPECT_THAT(response, Not(HasSubstr("secret plan")));
  EXPECT_THAT(log_.lines(), ::testing::ElementsAre("error a request handler threw path=\"/a\" reason=\"secret plan\""));
}

TEST_F(ServerTest, SaysWhereThePeerIs) {
  start([](const Request& request) {
    EXPECT_FALSE(request.tls);
    EXPECT_FALSE(request.peer_uid);
    return text_response(200, request.remote_address);
  });
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(peer.rest(), EndsWith("\r\n\r\n127.0.0.1\n"));
}

// Time that a peer may take is told by the fake clock; the server looks at it at a quarter of its shortest limit.
class ServerTimeTest : public ServerTest {
 protected:
  // The server goes before the clock that it reads.
  ~ServerTimeTest() override { server_.reset(); }

  void start_with_fake_clock() {
    const Limits limits{.header_timeout = 100ms, .body_timeout = 100ms, .idle_timeout = 100ms, .workers = 1};
    auto server = Server::start({{.options = {.address = "127.0.0.1:0"}, .handler = echo}}, limits, fake_clock_, log_);
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
    address_ = server_->addresses().at(0);
  }
  // Advances the clock until the server has closed the connection: not once, because what was sent may not have arrived
  // yet. At the latest, the test fails after as many times as a patient person would wait.
  std::string rest_while_time_passes(RawPeer& peer) {
    for (int times = 0; times < 400; ++times) {
      fake_clock_.advance(101ms);
      if (!peer.receive_within(50)) return peer.rest();
    }
    return "the connection is still open";
  }

  testing::FakeClock fake_clock_;
};

TEST_F(ServerTimeTest, GivesUpOnAHeadThatDoesNotCome) {
  start_with_fake_clock();
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.1\r\nX-");
  EXPECT_THAT(rest_while_time_passes(peer), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ServerTimeTest, GivesUpOnABodyThatDoesNotCome) {
  start_with_fake_clock();
  RawPeer peer(address_);
  peer.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(rest_while_time_passes(peer), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ServerTimeTest, DoesNotGiveTimeForEachByte) {
  start_with_fake_clock();
  RawPeer peer(address_);
  // Half the time for each byte: the third comes too late, whenever the server looks.
  for (const char* piece : {"G", "E", "T", " ", "/"}) {
    peer.send(piece);
    fake_clock_.advance(50ms);
  }
  EXPECT_THAT(rest_while_time_passes(peer), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ServerTimeTest, ClosesAnIdleConnectionWithoutAWord) {
  start_with_fake_clock();
  RawPeer fresh(address_);
  EXPECT_EQ(rest_while_time_passes(fresh), "");
  RawPeer used(address_);
  used.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(used.response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(rest_while_time_passes(used), "");
}

TEST_F(ServerTest, SaysThatItIsBusyWhenTheQueueIsFullAndKeepsTheConnection) {
  std::counting_semaphore<> begun(0);
  std::counting_semaphore<> go_on(0);
  start(
      [&](const Request& request) {
        begun.release();
        go_on.acquire();
        return echo(request);
      },
      {.queue_length = 1, .workers = 1});
  RawPeer running(address_);
  running.send("GET /running HTTP/1.1\r\n\r\n");
  begun.acquire();
  RawPeer waiting(address_);
  waiting.send("GET /waiting HTTP/1.1\r\n\r\n");
  while (server_->statistics().queue_depth != 1) std::this_thread::yield();
  RawPeer refused(address_);
  refused.send("GET /refused HTTP/1.1\r\n\r\n");
  const std::string response = refused.response();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nRetry-After: 5\r\n"));
  EXPECT_EQ(server_->statistics().rejected_by_queue, 1U);
  go_on.release(3);
  EXPECT_THAT(running.response(), EndsWith("GET /running "));
  EXPECT_THAT(waiting.response(), EndsWith("GET /waiting "));
  refused.send("GET /refused HTTP/1.1\r\n\r\n");
  EXPECT_THAT(refused.response(), EndsWith("GET /refused "));
}

TEST_F(ServerTest, SaysThatASourceAsksTooOftenAndKeepsTheConnection) {
  start(echo, {.workers = 1, .requests_per_second_per_source = 0.01, .request_burst_per_source = 2});
  RawPeer peer(address_);
  for (const char* expect : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 503 Service Unavailable\r\n",
                             "HTTP/1.1 503 Service Unavailable\r\n"}) {
    peer.send("GET / HTTP/1.1\r\n\r\n");
    const std::string response = peer.response();
    EXPECT_THAT(response, StartsWith(expect));
    if (response.find(" 503 ") != std::string::npos) {
      EXPECT_THAT(response, ::testing::ContainsRegex("\r\nRetry-After: (100|9[0-9])\r\n"));
    }
  }
  EXPECT_EQ(server_->statistics().rejected_by_rate, 2U);
  EXPECT_EQ(server_->statistics().requests, 4U);
}

TEST_F(ServerTest, AnswersAFloodOfPipelinedRequestsOneAfterTheOther) {
  start(echo, {.workers = 1, .requests_per_second_per_source = 0.001, .request_burst_per_source = 1});
  constexpr int count = 20'000;
  RawPeer peer(address_);
  std::thread sending([&] {
    std::string all;
    for (int i = 0; i < count; ++i) all += "GET / HTTP/1.1\r\n\r\n";
    peer.send(all);
  });
  EXPECT_THAT(peer.response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  int refused = 0;
  while (refused < count - 1 && peer.response().starts_with("HTTP/1.1 503 ")) ++refused;
  sending.join();
  EXPECT_EQ(refused, count - 1);
}

TEST_F(ServerTest, LetsTheLongestIdleConnectionGiveWay) {
  std::counting_semaphore<> go_on(0);
  std::counting_semaphore<> begun(0);
  start(
      [&](const Request& request) {
        if (request.target == "/wait") {
          begun.release();
          go_on.acquire();
        }
        return echo(request);
      },
      {.max_connections = 2, .workers = 2});
  RawPeer first(address_);
  RawPeer second(address_);
  for (RawPeer* peer : {&first, &second}) {
    peer->send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(peer->response(), EndsWith("GET / "));
  }
  RawPeer third(address_);
  third.send("GET /wait HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(first.closed());
  second.send("GET /wait HTTP/1.1\r\n\r\n");
  begun.acquire();
  begun.acquire();
  // Now nobody is idle.
  RawPeer fourth(address_);
  EXPECT_TRUE(fourth.closed());
  EXPECT_EQ(server_->statistics().rejected_connections, 1U);
  go_on.release(2);
  EXPECT_THAT(second.response(), EndsWith("GET /wait "));
  EXPECT_THAT(third.response(), EndsWith("GET /wait "));
}

TEST_F(ServerTest, GivesOneSourceNoMoreThanItsShareOfConnections) {
  start(echo, {.max_connections_per_source = 2, .count_local_connections = true, .workers = 1});
  RawPeer idle(address_);
  idle.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(idle.response(), EndsWith("GET / "));
  RawPeer slow(address_);
  slow.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n");
  // The source's own idle connection gives way; what is half sent does not.
  RawPeer other(address_);
  other.send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na");
  EXPECT_TRUE(idle.closed());
  RawPeer one_more(address_);
  EXPECT_TRUE(one_more.closed());
  EXPECT_EQ(server_->statistics().rejected_by_source, 1U);
  EXPECT_EQ(server_->statistics().rejected_connections, 0U);
  // Whoever leaves makes place.
  other.send("b");
  EXPECT_THAT(other.response(), EndsWith("POST / ab"));
  shutdown(other.socket(), SHUT_WR);
  EXPECT_TRUE(other.closed());
  RawPeer next(address_);
  next.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(next.response(), EndsWith("GET / "));
}

TEST_F(ServerTest, DoesNotCountWhatComesFromThisMachine) {
  start(echo, {.max_connections_per_source = 1, .workers = 1});
  RawPeer first(address_);
  RawPeer second(address_);
  for (RawPeer* peer : {&first, &second}) {
    peer->send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_THAT(peer->response(), EndsWith("GET / "));
  }
  EXPECT_EQ(server_->statistics().open_connections, 2U);
}

TEST_F(ServerTest, FinishesWhatItReceivedBeforeItStops) {
  std::counting_semaphore<> begun(0);
  std::counting_semaphore<> go_on(0);
  start(
      [&](const Request& request) {
        begun.release();
        go_on.acquire();
        return echo(request);
      },
      {.workers = 1});
  RawPeer idle(address_);
  RawPeer running(address_);
  RawPeer waiting(address_);
  running.send("GET /running HTTP/1.1\r\n\r\n");
  begun.acquire();
  waiting.send("GET /waiting HTTP/1.1\r\n\r\n");
  while (server_->statistics().queue_depth != 1 || server_->statistics().open_connections != 3)
    std::this_thread::yield();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(idle.closed());
  EXPECT_FALSE(RawPeer(address_).connected());
  go_on.release(2);
  for (RawPeer* peer : {&running, &waiting}) {
    const std::string response = peer->rest();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("Connection: close\r\n"));
  }
  stopped.get();
  EXPECT_EQ(server_->statistics().open_connections, 0U);
  server_->stop();
}

TEST_F(ServerTest, StopsInTimeThoughAPeerIsSlow) {
  start(echo, {.stop_timeout = 50ms, .workers = 1});
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.1\r\n");
  while (server_->statistics().open_connections != 1) std::this_thread::yield();
  server_->stop();
  EXPECT_TRUE(peer.closed());
}

TEST_F(ServerTest, SendsALargeResponseWhole) {
  Bytes large(20'000'000);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7 >> 3);
  start([&](const Request&) { return Response{.body = large}; });
  RawPeer peer(address_);
  peer.send("GET / HTTP/1.0\r\n\r\n");
  const std::string response = peer.rest();
  const auto body = response.find("\r\n\r\n");
  ASSERT_NE(body, std::string::npos);
  EXPECT_TRUE(std::string_view(response).substr(body + 4) == as_text(large));
}

TEST_F(ServerTest, SurvivesPeersThatLeave) {
  start();
  for (int i = 0; i < 50; ++i) {
    RawPeer peer(address_);
    peer.send(std::string_view("POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde").substr(0, 1 + i));
    const linger reset{.l_onoff = 1, .l_linger = 0};
    if (i % 2 == 0) setsockopt(peer.socket(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  RawPeer peer(address_);
  peer.send("GET /b HTTP/1.1\r\n\r\n");
  EXPECT_THAT(peer.response(), EndsWith("GET /b "));
}

TEST_F(ServerTest, ServesManyAtOnce) {
  start(echo, {.workers = 4});
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      RawPeer peer(address_);
      for (int i = 0; i < 200; ++i) {
        peer.send("GET /a HTTP/1.1\r\n\r\n");
        answered += peer.response().ends_with("GET /a ");
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 800);
  EXPECT_EQ(server_->statistics().requests, 800U);
}

}  // namespace
}  // namespace chancery::http
