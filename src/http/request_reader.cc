#include "http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

#include "base/ascii.h"
#include "base/check.h"

namespace chancery::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t first_buffer_bytes = 4096;
constexpr std::size_t body_buffer_bytes = 16 * 1024;
constexpr std::size_t least_space = 1024;

std::string to_string(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::span<std::uint8_t> RequestReader::space() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    // What a long request needed is not kept for the next one.
    if (buffer_.size() > body_buffer_bytes) buffer_ = Bytes();
  } else if (begin_ > 0 && buffer_.size() - end_ < least_space) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t least = state_ == State::body ? body_buffer_bytes : first_buffer_bytes;
  if (buffer_.size() < least) buffer_.resize(least);
  if (buffer_.size() - end_ < least_space) buffer_.resize(buffer_.size() * 2);
  return std::span(buffer_).subspan(end_);
}

void RequestReader::received(std::size_t count) {
  CHECK(count <= buffer_.size() - end_);
  end_ += count;
  if (state_ == State::head) read_head();
  if (state_ == State::body) read_body();
}

void RequestReader::next() {
  CHECK(state_ == State::complete);
  state_ = State::head;
  request_ = Request();
  chunked_.reset();
  expects_continue_ = false;
  if (begin_ != end_) received(0);
}

void RequestReader::release_buffer() {
  CHECK(begin_ == end_);
  begin_ = end_ = 0;
  buffer_ = Bytes();
}

bool RequestReader::take_continue() { return std::exchange(expects_continue_, false); }

// Where the head at the beginning of `bytes` ends, behind its empty line; 0 while that has not arrived.
std::size_t RequestReader::find_head_end(ByteView bytes) {
  while (scanned_ < bytes.size()) {
    const auto found = std::find(bytes.begin() + static_cast<std::ptrdiff_t>(scanned_), bytes.end(), '\n');
    scanned_ = static_cast<std::size_t>(found - bytes.begin());
    if (found == bytes.end()) break;
    ++scanned_;
    const ByteView line = bytes.subspan(line_begin_, scanned_ - line_begin_);
    line_begin_ = scanned_;
    if (request_line_ == 0)
      request_line_ = scanned_;
    else if (line.size() == 1 || (line.size() == 2 && line[0] == '\r'))
      return scanned_;
  }
  return 0;
}

void RequestReader::read_head() {
  // An empty line before the request line is ignored (RFC 9112 section 2.2).
  if (scanned_ == 0)
    while (begin_ != end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) ++begin_;
  const ByteView bytes = unread();
  if (bytes.empty()) return;
  // Whoever speaks TLS or noise at this port is told at once, not when the time is over.
  if (bytes[0] <= ' ' || bytes[0] >= 0x7f) return fail(400, "This is not an HTTP request.");

  const std::size_t head_end = find_head_end(bytes);
  const std::size_t line = request_line_ != 0 ? request_line_ : bytes.size();
  const std::size_t fields = (head_end != 0 ? head_end : bytes.size()) - line;
  if (line > limits_.request_line_bytes) return fail(414, "The request line is too long.");
  if (fields > limits_.header_bytes) return fail(431, "The headers are too long.");
  if (head_end == 0) return;
  scanned_ = line_begin_ = request_line_ = 0;
  begin_ += head_end;
  parse_head(as_text(bytes.first(head_end)));
}

void RequestReader::parse_head(std::string_view head) {
  beast::http::request_parser<beast::http::empty_body> parser;
  // The limits are ours and have been checked.
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);
  beast::error_code error;
  parser.put(boost::asio::buffer(head), error);
  if (error || !parser.is_header_done()) return fail(400, "The request line or a header is malformed.");

  const auto& message = parser.get();
  request_.method = to_string(message.method_string());
  request_.target = to_string(message.target());
  request_.version = message.version();
  bool chunked = false;
  for (const auto& field : message) {
    Header& header = request_.headers.emplace_back(to_string(field.name_string()), to_string(field.value()));
    if (field.name() != beast::http::field::transfer_encoding) continue;
    // Guessing where a body ends is how requests are smuggled: one coding, once, and not from HTTP/1.0.
    if (request_.version < 11) return fail(400, "HTTP/1.0 has no Transfer-Encoding.");
    if (chunked || !ascii::equal_ignoring_case(header.value, "chunked"))
      return fail(501, "The only Transfer-Encoding is chunked.");
    chunked = true;
  }
  keep_alive_ = parser.keep_alive();
  std::optional<std::uint64_t> content_length;
  if (const auto length = parser.content_length()) content_length = *length;
  begin_body(content_length, chunked);
}

void RequestReader::begin_body(std::optional<std::uint64_t> content_length, bool chunked) {
  if (content_length && *content_length > limits_.body_bytes) return fail(413, "The body is too long.");
  body_left_ = static_cast<std::size_t>(content_length.value_or(0));
  if (chunked) chunked_.emplace(limits_.body_bytes);
  if (!chunked && body_left_ == 0) {
    state_ = State::complete;
    return;
  }
  state_ = State::body;
  // Memory follows what has arrived, not what is announced.
  request_.body.reserve(std::min(body_left_, body_buffer_bytes));
  expects_continue_ =
      begin_ == end_ && request_.version >= 11 && ascii::equal_ignoring_case(request_.header("Expect"), "100-continue");
}

void RequestReader::read_body() {
  const ByteView bytes = unread();
  if (!chunked_) {
    const std::size_t count = std::min(body_left_, bytes.size());
    append(request_.body, bytes.first(count));
    begin_ += count;
    body_left_ -= count;
    if (body_left_ == 0) state_ = State::complete;
    return;
  }
  const auto used = chunked_->read(bytes, request_.body);
  if (!used)
    return used.error().code() == ErrorCode::refused ? fail(413, "The body is too long.")
                                                     : fail(400, "The chunked body is malformed.");
  begin_ += *used;
  if (chunked_->complete()) state_ = State::complete;
}

void RequestReader::fail(unsigned status, std::string text) {
  state_ = State::failed;
  keep_alive_ = false;
  refusal_ = {.status = status, .text = std::move(text)};
}

}  // namespace chancery::http
