#pragma once

// The chunked transfer coding (RFC 9112 section 7.1), read as it arrives and in constant memory beside the body itself.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"

namespace chancery::http {

class ChunkedBody {
 public:
  explicit ChunkedBody(std::size_t body_limit) : body_limit_(body_limit) {}

  // Appends to `body` what chunks `input` holds and returns how many of its bytes were used: all of them, unless the
  // body ended before. Errors: invalid (not this coding), refused (the body exceeds the limit). Not to be called after
  // an error.
  Result<std::size_t> read(ByteView input, Bytes& body);
  [[nodiscard]] bool complete() const { return state_ == State::complete; }

 private:
  enum class State : std::uint8_t {
    size_start,
    size,
    extension,
    size_line_feed,
    data,
    data_return,
    data_line_feed,
    trailer_start,
    trailer,
    trailer_line_feed,
    last_line_feed,
    complete,
  };
  // The state after `byte`, in every state but `data` and `complete`.
  Result<State> after(std::uint8_t byte, std::size_t body_size);

  std::size_t body_limit_;
  State state_ = State::size_start;
  std::size_t chunk_left_ = 0;
  std::size_t size_digits_ = 0;
  std::size_t ignored_ = 0;  // Bytes of extensions and trailers so far: they are read, and mean nothing here.
};

}  // namespace chancery::http
