// Bytes of a connection, in pieces of any size: requests come out or the reader refuses, within its limits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/check.h"
#include "http/request_reader.h"
#include "http/url_query.h"

using chancery::http::Limits;
using chancery::http::RequestReader;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte says in which pieces the rest arrives.
  const std::size_t piece = static_cast<std::size_t>(data[0]) + 1;
  const std::uint8_t* next = data + 1;
  std::size_t left = size - 1;
  const Limits limits{.request_line_bytes = 2048, .header_bytes = 2048, .body_bytes = 4096};
  RequestReader reader(limits);
  while (reader.state() != RequestReader::State::failed) {
    if (reader.state() == RequestReader::State::complete) {
      const auto& request = reader.request();
      CHECK(request.body.size() <= limits.body_bytes);
      CHECK(request.target.size() <= limits.request_line_bytes);
      if (const auto value = chancery::http::raw_parameter(request.query(), "message"))
        (void)chancery::http::percent_decode(*value);
      reader.next();
      continue;
    }
    if (left == 0) break;
    const auto space = reader.space();
    CHECK(!space.empty());
    const std::size_t count = std::min({piece, left, space.size()});
    std::memcpy(space.data(), next, count);
    reader.received(count);
    next += count;
    left -= count;
  }
  if (reader.state() == RequestReader::State::failed) CHECK(reader.refusal().status >= 400);
  return 0;
}
