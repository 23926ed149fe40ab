#pragma once

// Bytes of a connection in, requests out: framing and limits without a socket. The head's syntax is Beast's business.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/chunked_body.h"
#include "http/limits.h"
#include "http/message.h"

namespace chancery::http {

class RequestReader {
 public:
  enum class State : std::uint8_t {
    head,      // the request line and headers are not complete
    body,      // the head is known, the body is not complete
    complete,  // request() is whole
    failed,    // refusal() says why; nothing more can be read from this connection
  };
  // What to answer instead of handling the request.
  struct Refusal {
    unsigned status = 400;
    std::string text;
  };

  // `limits` must outlive it.
  explicit RequestReader(const Limits& limits) : limits_(limits) {}

  // Where to put what arrives next: never empty while head or body are being read.
  [[nodiscard]] std::span<std::uint8_t> space();
  // The first `count` bytes of space() have arrived.
  void received(std::size_t count);
  // Forgets the request that is complete and goes on with what came behind it. REQUIRES: state() == complete.
  void next();

  // Gives back what memory is not in use. REQUIRES: untouched() or exhausted().
  void release_buffer();

  [[nodiscard]] State state() const { return state_; }
  // Nothing of the next request has arrived.
  [[nodiscard]] bool untouched() const { return state_ == State::head && begin_ == end_; }
  // The request is complete, and nothing has arrived behind it.
  [[nodiscard]] bool exhausted() const { return state_ == State::complete && begin_ == end_; }
  // The peer waits for "100 Continue" before it sends the body (RFC 9110 section 10.1.1). True at most once a request.
  [[nodiscard]] bool take_continue();
  // Whole in state complete. The connection adds what it knows of the peer.
  [[nodiscard]] Request& request() { return request_; }
  // The peer wants to send another request behind this one.
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

 private:
  [[nodiscard]] ByteView unread() const { return ByteView(buffer_).subspan(begin_, end_ - begin_); }
  std::size_t find_head_end(ByteView bytes);
  void read_head();
  void parse_head(std::string_view head);
  void begin_body(std::optional<std::uint64_t> content_length, bool chunked);
  void read_body();
  void fail(unsigned status, std::string text);

  const Limits& limits_;
  State state_ = State::head;
  Bytes buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) has arrived and is not used yet.
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;       // How much of that has been searched for line ends.
  std::size_t line_begin_ = 0;    // Where the line that is being searched begins.
  std::size_t request_line_ = 0;  // Length of the request line with its end; 0: not seen yet.
  std::size_t body_left_ = 0;     // Of a body with Content-Length.
  std::optional<ChunkedBody> chunked_;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
  Request request_;
  Refusal refusal_;
};

}  // namespace chancery::http
