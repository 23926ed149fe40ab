#include "http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace chancery::http {
namespace {

using State = RequestReader::State;

// Gives `text` to the reader in pieces of at most `step` bytes, until a request is complete or failed. Returns what it
// did not take.
std::string_view feed(RequestReader& reader, std::string_view text, std::size_t step = 1 << 20) {
  while (!text.empty() && (reader.state() == State::head || reader.state() == State::body)) {
    const auto space = reader.space();
    const std::size_t count = std::min({step, space.size(), text.size()});
    std::memcpy(space.data(), text.data(), count);
    reader.received(count);
    text.remove_prefix(count);
  }
  return text;
}

TEST(RequestReader, ReadsTheSameRequestHoweverItArrives) {
  const std::string_view text =
      "\r\nPOST /scep?operation=PKIOperation HTTP/1.1\r\nHost: ca\r\nX-Odd:  a b \r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const Limits limits;
    RequestReader reader(limits);
    feed(reader, text, step);
    ASSERT_EQ(reader.state(), State::complete) << step;
    const Request& request = reader.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/scep?operation=PKIOperation");
    EXPECT_EQ(request.version, 11U);
    EXPECT_EQ(request.headers.size(), 3U);
    EXPECT_EQ(request.header("x-odd"), "a b");
    EXPECT_EQ(as_text(request.body), "hello");
    EXPECT_TRUE(reader.keep_alive());
  }
}

TEST(RequestReader, LeavesTheTargetAsItWasSent) {
  for (const std::string target :
       {"/scep?operation=PKIOperation&message=MII+a/b==%0A%2B", "/a|b{c}^`\"<>\\[]", "/\xc3\xa9?\xff",
        "/scep:8081/pkiclient.exe", "http://ca.example/scep?x", "*", "?x", "/#fragment"}) {
    const Limits limits;
    RequestReader reader(limits);
    feed(reader, "GET " + target + " HTTP/1.0\r\n\r\n");
    ASSERT_EQ(reader.state(), State::complete) << target;
    EXPECT_EQ(reader.request().target, target);
  }
}

TEST(RequestReader, AnswersForWhatItCannotRead) {
  const Limits limits{.request_line_bytes = 100, .header_bytes = 50, .body_bytes = 10};
  const std::string post = "POST / HTTP/1.1\r\n";
  const struct {
    const char* name;
    std::string text;
    unsigned status;
  } rows[] = {
      {"a TLS greeting", "\x16\x03\x01", 400},
      {"a blank first", " GET / HTTP/1.1\r\n", 400},
      {"no version", "GET /\r\n\r\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 400},
      {"a blank in the target", "GET /a b HTTP/1.1\r\n\r\n", 400},
      {"a control character in the target", "GET /a\x01 HTTP/1.1\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"a header without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400},
      {"a blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"a long request line", "GET /" + std::string(90, 'a') + " HTTP/1.1\r\n", 414},
      {"an endless request line", "GET /" + std::string(96, 'a'), 414},
      {"long headers", "GET / HTTP/1.1\r\na: " + std::string(50, 'b') + "\r\n\r\n", 431},
      {"endless headers", "GET / HTTP/1.1\r\na: " + std::string(50, 'b'), 431},
      {"a length that is no number", post + "Content-Length: x\r\n\r\n", 400},
      {"a negative length", post + "Content-Length: -1\r\n\r\n", 400},
      {"two different lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"length and chunks", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunks and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
      {"chunks twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n", 501},
      {"another coding", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a long body", post + "Content-Length: 11\r\n\r\n", 413},
      {"a long chunk", post + "Transfer-Encoding: chunked\r\n\r\nb\r\n", 413},
      {"a broken chunk", post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400},
  };
  for (const auto& row : rows) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
      RequestReader reader(limits);
      feed(reader, row.text, step);
      ASSERT_EQ(reader.state(), State::failed) << row.name;
      EXPECT_EQ(reader.refusal().status, row.status) << row.name;
      EXPECT_FALSE(reader.keep_alive()) << row.name;
    }
  }
}

TEST(RequestReader, TakesWhatIsExactlyWithinTheLimits) {
  const std::string line = "GET /" + std::string(84, 'a') + " HTTP/1.1\r\n";
  const std::string fields = "Content-Length: 10\r\na: " + std::string(23, 'b') + "\r\n\r\n";
  const Limits limits{.request_line_bytes = line.size(), .header_bytes = fields.size(), .body_bytes = 10};
  RequestReader reader(limits);
  feed(reader, line + fields + "0123456789");
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(RequestReader, ReadsRequestsThatCameTogether) {
  const Limits limits;
  RequestReader reader(limits);
  EXPECT_TRUE(reader.untouched());
  EXPECT_EQ(feed(reader,
                 "POST /1 HTTP/1.1\r\nContent-Length: 1\r\n\r\naPOST /2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "1\r\nb\r\n0\r\n\r\nGET /3 HTTP/1.1\r\n\r\nGET"),
            "");
  for (const auto& [target, body] : {std::pair("/1", "a"), {"/2", "b"}, {"/3", ""}}) {
    ASSERT_EQ(reader.state(), State::complete) << target;
    EXPECT_EQ(reader.request().target, target);
    EXPECT_EQ(as_text(reader.request().body), body);
    EXPECT_EQ(reader.request().headers.size(), *body == '\0' ? 0U : 1U);
    reader.next();
  }
  EXPECT_EQ(reader.state(), State::head);
  EXPECT_FALSE(reader.untouched());
}

TEST(RequestReader, KnowsWhetherTheConnectionGoesOn) {
  const struct {
    const char* text;
    bool keep_alive;
  } rows[] = {
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nConnection: Close, x\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  };
  for (const auto& row : rows) {
    const Limits limits;
    RequestReader reader(limits);
    feed(reader, row.text);
    ASSERT_EQ(reader.state(), State::complete) << row.text;
    EXPECT_EQ(reader.keep_alive(), row.keep_alive) << row.text;
  }
}

TEST(RequestReader, SaysOnceThatThePeerWaitsForContinue) {
  const Limits limits;
  RequestReader reader(limits);
  feed(reader, "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  ASSERT_EQ(reader.state(), State::body);
  EXPECT_TRUE(reader.take_continue());
  EXPECT_FALSE(reader.take_continue());
  feed(reader, "ab");
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(RequestReader, DoesNotAskForABodyThatIsAlreadyComing) {
  const Limits limits;
  RequestReader reader(limits);
  feed(reader, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\na");
  ASSERT_EQ(reader.state(), State::body);
  EXPECT_FALSE(reader.take_continue());
}

TEST(RequestReader, HoldsLongRequestsAndGivesTheirMemoryBack) {
  const Limits limits;
  RequestReader reader(limits);
  const std::string target = "/?message=" + std::string(60'000, 'A');
  feed(reader, "GET " + target + " HTTP/1.1\r\n\r\n", 1000);
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.request().target, target);
  reader.next();
  EXPECT_LE(reader.space().size(), 16U * 1024);
}

}  // namespace
}  // namespace chancery::http
