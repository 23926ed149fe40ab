#include "http/chunked_body.h"

#include <algorithm>

#include "base/ascii.h"

namespace chancery::http {
namespace {

constexpr std::size_t max_ignored = 8192;
constexpr std::size_t max_size_digits = 8;

}  // namespace

Result<std::size_t> ChunkedBody::read(ByteView input, Bytes& body) {
  std::size_t used = 0;
  while (used < input.size() && state_ != State::complete) {
    if (state_ == State::data) {
      const std::size_t count = std::min(chunk_left_, input.size() - used);
      append(body, input.subspan(used, count));
      used += count;
      chunk_left_ -= count;
      if (chunk_left_ == 0) state_ = State::data_return;
      continue;
    }
    TRY(state_, after(input[used++], body.size()));
  }
  return used;
}

Result<ChunkedBody::State> ChunkedBody::after(std::uint8_t byte, std::size_t body_size) {
  switch (state_) {
    case State::size_start:
      chunk_left_ = 0;
      size_digits_ = 0;
      [[fallthrough]];
    case State::size: {
      if (const int digit = ascii::hex_value(static_cast<char>(byte)); digit >= 0) {
        if (++size_digits_ > max_size_digits) return refused("a chunk is too long");
        chunk_left_ = chunk_left_ * 16 + static_cast<std::size_t>(digit);
        return State::size;
      }
      if (size_digits_ == 0) return invalid("a chunk does not begin with its size");
      if (chunk_left_ > body_limit_ - std::min(body_limit_, body_size)) return refused("the body is too long");
      if (byte == '\r') return State::size_line_feed;
      if (byte == ';' || byte == ' ' || byte == '\t') return State::extension;
      return invalid("a chunk's size is not hexadecimal");
    }
    case State::extension:
      if (byte == '\r') return State::size_line_feed;
      if (byte == '\n' || ++ignored_ > max_ignored) return invalid("a chunk's extension is malformed or too long");
      return State::extension;
    case State::size_line_feed:
      if (byte != '\n') return invalid("a chunk's size line does not end with CR LF");
      return chunk_left_ == 0 ? State::trailer_start : State::data;
    case State::data_return:
      if (byte != '\r') return invalid("a chunk is longer than its size");
      return State::data_line_feed;
    case State::data_line_feed:
      if (byte != '\n') return invalid("a chunk is longer than its size");
      return State::size_start;
    case State::trailer_start:
      if (byte == '\r') return State::last_line_feed;
      [[fallthrough]];
    case State::trailer:
      if (byte == '\r') return State::trailer_line_feed;
      if (byte == '\n' || ++ignored_ > max_ignored) return invalid("the trailer is malformed or too long");
      return State::trailer;
    case State::trailer_line_feed:
      if (byte != '\n') return invalid("a trailer line does not end with CR LF");
      return State::trailer_start;
    case State::last_line_feed:
      if (byte != '\n') return invalid("the chunked body does not end with CR LF");
      return State::complete;
    case State::data:
    case State::complete: break;
  }
  return internal("no chunk state");
}

}  // namespace chancery::http
